import { AppError } from "../../errors.ts";
import { validateRequest, validateRequestWithBody } from "twilio/lib/webhooks/webhooks.js";

export interface TwilioCallback {
  /** The primary auth token of the account that the callback names (API keys do not sign). */
  authToken: string;
  /** `X-Twilio-Signature`, null when the header is missing. */
  signature: string | null;
  /** `PUBLIC_API_URL`: Twilio signs the address that it was given, not the one that a proxy forwards to. */
  publicBaseUrl: string;
  /** Path and query as they arrived, percent-encoding included: see `rawPathAndQuery`. */
  rawPathAndQuery: string;
  contentType: string | null;
  rawBody: string;
}

/** The one answer to whatever is not signed by the account that may say it: an unknown account is no different from a bad signature. */
export const notSignedBy = (): AppError => new AppError({ code: "bad_signature", status: 403, message: "The request is not signed by Twilio." });

/** Which account a callback says that it is from (`AccountSid`; in the form, else in the query). Null: it does not say. */
export const accountOf = ({ rawBody, contentType, rawPathAndQuery }: Pick<TwilioCallback, "rawBody" | "contentType" | "rawPathAndQuery">): string | null => {
  const inForm = isForm(contentType) ? new URLSearchParams(rawBody).get("AccountSid") : null;
  return inForm ?? new URLSearchParams(rawPathAndQuery.split("?").slice(1).join("?")).get("AccountSid");
};

type FormParameters = Record<string, string | string[]>;

/** Twilio signs a repeated name once for each different value, so the values are kept as a list. */
const parseForm = (rawBody: string): FormParameters => {
  const form = new URLSearchParams(rawBody);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
};

const isForm = (contentType: string | null): boolean => /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "");

/**
 * Whether a request was made by Twilio for the account that owns `authToken`: HMAC-SHA1 over the public URL and the form,
 * or over a URL that carries the SHA-256 of a JSON body (twilio.com/docs/usage/security). Accepts the URL with and without
 * its port, since Twilio signs either. Never throws, compares in constant time, and says false to an account without a token.
 */
export const isTwilioRequest = (callback: TwilioCallback): boolean => {
  const { authToken, signature, publicBaseUrl, rawPathAndQuery: path, contentType, rawBody } = callback;
  // Everybody can compute an HMAC with an empty key.
  if (authToken === "" || signature === null || signature === "") return false;
  const url = `${publicBaseUrl.replace(/\/+$/, "")}${path}`;
  try {
    if (isForm(contentType)) return validateRequest(authToken, signature, url, parseForm(rawBody));
    // The signature of anything else covers the body only through the hash in the URL.
    if (rawBody === "" && !url.includes("bodySHA256")) return validateRequest(authToken, signature, url, {});
    return validateRequestWithBody(authToken, signature, url, rawBody);
  } catch {
    return false;
  }
};

/**
 * Path and query of a request as they arrived, as far as workerd keeps them. Percent-encoding stays (`%7E`, `%2b`, an empty
 * `?`); what workerd changes before any of our code runs: `'` in a query becomes `%27` and text beyond ASCII is
 * percent-encoded (as URL parsers do), `.` and `..` segments are resolved, the host is put in lower case. A URL that we mint for
 * Twilio must therefore have its apostrophes and letters beyond ASCII encoded already, as `URLSearchParams` does.
 */
export const rawPathAndQuery = (request: Request): string => {
  const afterAuthority = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(request.url)?.[0].length ?? 0;
  return request.url.slice(afterAuthority);
};
