import qs from "qs";

import { type Fields, FORM_LIMITS, toFields } from "./form-fields.ts";
import { parseJsonKeepingDigits } from "./lossless-json.ts";

/** `malformed`: there is no form in this body (empty, binary, a broken document). The caller answers 400. */
export type FormBody = { ok: true; fields: Fields } | { ok: false; reason: "malformed" };

const MALFORMED: FormBody = { ok: false, reason: "malformed" };

/**
 * Reads a form whatever it is called: JSON first, then multipart, then urlencoded. The content type is only a hint, as Ninja
 * Forms sends JSON with a form content type and proxies lose the header altogether. `fields[phone][value]` becomes nested
 * objects. A file becomes its name. The caller bounds the body (256 KiB); names, values and depth are bounded here.
 * Never throws.
 */
export const readFormBody = async (body: Uint8Array, contentType: string | null): Promise<FormBody> => {
  const text = decode(body, contentType);
  if (text.trim() === "") return MALFORMED;

  const json = parseJson(text);
  if (json.parsed) return accept(json.value);

  const multipart = multipartType(text, contentType);
  if (multipart !== null) return accept(await parseMultipart(body, multipart));

  // What begins as JSON but isn't would pass for one urlencoded name without a value.
  if (/^\s*[{[]/.test(text) || !text.includes("=") || text.includes("\u0000")) return MALFORMED;
  return accept(parseUrlencoded(text.trim()));
};

const accept = (decoded: unknown): FormBody => {
  const fields = toFields(decoded);
  return fields === null ? MALFORMED : { ok: true, fields };
};

/** UTF-8 unless the header names another charset that the platform knows. A byte order mark is dropped, bad bytes become U+FFFD. */
const decode = (body: Uint8Array, contentType: string | null): string => {
  const charset = /;\s*charset="?([\w-]{1,40})/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
};

const parseJson = (text: string): { parsed: true; value: unknown } | { parsed: false } => {
  try {
    return { parsed: true, value: parseJsonKeepingDigits(text) };
  } catch {
    return { parsed: false };
  }
};

/** The content type to decode with, or null when this isn't multipart. A lost header or boundary is found again in the first line (RFC 2046 §5.1.1). */
const multipartType = (text: string, contentType: string | null): string | null => {
  if (/^multipart\/form-data\b.*boundary=/i.test(contentType ?? "")) return contentType;
  const boundary = /^--([\w'()+,./:=?-]{1,70})\r\nContent-Disposition:\s*form-data/i.exec(text)?.[1];
  return boundary === undefined ? null : `multipart/form-data; boundary="${boundary}"`;
};

/** The platform takes the parts apart; names are then nested by the same rules as urlencoded ones. */
const parseMultipart = async (body: Uint8Array, contentType: string): Promise<unknown> => {
  try {
    const form = await new Response(body, { headers: { "Content-Type": contentType } }).formData();
    const pairs = new URLSearchParams();
    for (const [name, value] of form) pairs.append(name, typeof value === "string" ? value : value.name);
    return parseUrlencoded(pairs.toString());
  } catch {
    return null;
  }
};

const parseUrlencoded = (text: string): unknown =>
  qs.parse(text, {
    depth: FORM_LIMITS.depth - 1,
    parameterLimit: FORM_LIMITS.values,
    arrayLimit: 100,
    plainObjects: true,
  });
