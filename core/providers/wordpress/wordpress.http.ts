import type { z } from "zod";
import { AppError } from "../../errors.ts";
import { UrlRefused } from "../../security/egress/guard.ts";
import type { Egress } from "../../security/egress/egress.ts";
import { failureOf, WordpressError } from "./wordpress.errors.ts";
import { wpErrorSchema } from "./wordpress.wire.ts";

export interface WordpressLogin {
  username: string;
  /** As WordPress shows it, with or without its spaces. */
  application_password: string;
}

export interface WordpressRequest {
  method: "GET" | "POST" | "DELETE" | "OPTIONS";
  /** Below the REST root, e.g. `/wp/v2/pages`. */
  path: string;
  query?: Record<string, string>;
  json?: unknown;
  upload?: { bytes: Uint8Array; content_type: string; filename: string };
}

/** A page of 100,000 characters comes back raw and rendered. */
const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
/** WordPress makes a picture's smaller copies before it answers. */
const UPLOAD_TIMEOUT_MS = 60_000;
const MOST_RETRY_AFTER_S = 3600;

const basic = ({ username, application_password }: WordpressLogin): string => {
  const bytes = new TextEncoder().encode(`${username}:${application_password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
};

/** Pretty roots end in `/wp-json/`; without permalinks the path is a parameter (`/?rest_route=/`). */
const addressOf = (root: string, path: string, query: Record<string, string>): string => {
  const url = new URL(root);
  const route = url.searchParams.get("rest_route");
  if (route === null) url.pathname = url.pathname.replace(/\/$/, "") + path;
  else url.searchParams.set("rest_route", route.replace(/\/$/, "") + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
};

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
};

const retryAfterMs = (headers: Headers): number | undefined => {
  const seconds = Number(headers.get("Retry-After") ?? NaN);
  return seconds > 0 ? Math.min(seconds, MOST_RETRY_AFTER_S) * 1000 : undefined;
};

/**
 * One request to a site's REST API, through the egress guard. A redirect is not followed: a POST that becomes a GET on its way would
 * answer 200 and have done nothing.
 * @throws WordpressError; UrlRefused for an address that is not on the public internet
 */
export const createWordpressHttp =
  ({ egress, root, login }: { egress: Pick<Egress, "fetch">; root: string; login: WordpressLogin }) =>
  async <Schema extends z.ZodType>(schema: Schema, { method, path, query = {}, json, upload }: WordpressRequest): Promise<z.infer<Schema>> => {
    const content: { headers: Record<string, string>; body?: string | Uint8Array } =
      upload !== undefined
        ? { headers: { "Content-Type": upload.content_type, "Content-Disposition": `attachment; filename="${upload.filename}"` }, body: upload.bytes }
        : json !== undefined
          ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(json) }
          : { headers: {} };
    let response;
    try {
      response = await egress.fetch({
        url: addressOf(root, path, query),
        method,
        headers: { Accept: "application/json", "User-Agent": "Apex", Authorization: basic(login), ...content.headers },
        ...(content.body === undefined ? {} : { body: content.body }),
        maxBytes: MAX_BYTES,
        timeoutMs: upload === undefined ? TIMEOUT_MS : UPLOAD_TIMEOUT_MS,
        maxRedirects: 0,
      });
    } catch (error) {
      if (error instanceof UrlRefused || !(error instanceof AppError)) throw error;
      throw new WordpressError({ failure: error.code === "egress_too_many_redirects" ? "no_api" : "unavailable", cause: error });
    }
    const body = parseJson(response.body);
    if (response.status >= 400) {
      const wordpressCode = wpErrorSchema.safeParse(body).data?.code ?? null;
      throw new WordpressError({ failure: failureOf(response.status, wordpressCode), wordpressCode, httpStatus: response.status, retryAfterMs: retryAfterMs(response.headers) });
    }
    const parsed = schema.safeParse(body);
    // A page of a firewall, a cache, or a plugin's warning before the JSON.
    if (!parsed.success) throw new WordpressError({ failure: "unavailable", httpStatus: response.status, cause: parsed.error });
    return parsed.data;
  };

export type WordpressHttp = ReturnType<typeof createWordpressHttp>;
