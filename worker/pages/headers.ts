import { STYLE_HASH } from "../../agents/pseo/hosted/style.ts";

/** Nothing runs, nothing comes from elsewhere; the one style is known by its hash. JSON-LD is data and needs no leave. */
const CSP = `default-src 'none'; style-src '${STYLE_HASH}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** On every answer of a hosted site. */
export const SITE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CSP,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  // Not for subdomains: a business's own name may have others that we know nothing of.
  "Strict-Transport-Security": "max-age=31536000",
};

export const PAGE_CACHE = "public, max-age=300, stale-while-revalidate=86400";
/** What may be different in a minute. */
export const SHORT_CACHE = "public, max-age=60";
/** Its name is its content's hash. */
export const FOR_EVER = "public, max-age=31536000, immutable";
export const NEVER = "no-store";

/** RFC 9110 13.1.2: any of the tags in the list, compared weakly. */
export const matchesETag = (given: string | null, etag: string): boolean => {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, "");
  return given !== null && (given.trim() === "*" || given.split(",").some((tag) => bare(tag) === bare(etag)));
};
