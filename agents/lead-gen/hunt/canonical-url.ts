/** What links carry to tell where a reader came from; never what is read (lists of ClearURLs and of the vendors' own pages). */
const TRACKING = new Set(
  `fbclid gclid gclsrc gbraid wbraid dclid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid _ga _gl _hsenc _hsmi mkt_tok
   ref_src ref_url referrer referer trk trkinfo trackingid rdt spm scm share_id si sessionid session_id phpsessid jsessionid
   from_search origin_tracking`.split(/\s+/),
);
const TRACKING_PREFIX = /^(?:utm_|pk_|mtm_|hsa_|vero_|oly_|__)/;
/** Says where a reader came from on some sites, and which listing it is on others: there it has a number. */
const EITHER = new Set(["ref", "source", "src", "from", "sid", "refid", "share"]);
/** The same site for other devices. */
const DEVICE_HOST = /^(?:www|m|mobile|touch|amp|mbasic)\./;
const INDEX_PAGE = /\/(?:index|default)\.(?:html?|php|aspx?)$/i;

const isTracking = (name: string, value: string): boolean => {
  const lower = name.toLowerCase();
  return TRACKING.has(lower) || TRACKING_PREFIX.test(lower) || (EITHER.has(lower) && !/\d/.test(value));
};

/** Percent-encoding of what needs none is taken off, and hex is upper case (RFC 3986, 6.2.2). */
const normalisedPath = (path: string): string =>
  path
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase();
    })
    .replaceAll(/\/{2,}/g, "/");

/**
 * One name for a page, however a link to it is written: without tracking parameters, fragment, the host for mobiles, a slash at
 * the end. It names, and is not for opening. What decides which page is shown (the path's case, other parameters) stays.
 * @returns null for what is no http(s) address
 */
export const canonicalUrl = (address: string): string | null => {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const host = url.hostname.replace(/\.$/, "");
  // One label more than the device's own: `m.nz` is a site.
  const site = host.split(".").length > 2 ? host.replace(DEVICE_HOST, "") : host;
  const port = url.port === "" ? "" : `:${url.port}`;
  const path = normalisedPath(url.pathname).replace(INDEX_PAGE, "/").replace(/\/+$/, "");
  const kept = [...url.searchParams].filter(([name, value]) => value !== "" && !isTracking(name, value)).toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
  const query = new URLSearchParams(kept).toString();
  // A page that its scripts choose by the fragment.
  const hashbang = /^#!?\//.test(url.hash) ? url.hash : "";
  return `https://${site}${port}${path}${query === "" ? "" : `?${query}`}${hashbang}`;
};
