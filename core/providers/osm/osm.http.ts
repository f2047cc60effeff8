import { describeError, vendorError } from "../../errors.ts";
import type { Turns } from "../pace.ts";

export interface OsmHttpOptions {
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  pace: Turns;
  /** Who asks, and where to complain: both services refuse whoever does not say (operations.osmfoundation.org/policies/nominatim). */
  userAgent: string;
}

/** Overpass' own timeout in the query is 25 s. */
const TIMEOUT_MS = 40_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** When a service is full and does not say for how long. Overpass frees a slot within a minute. */
const BACK_OFF_MS = 60_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;
/** An operator who refuses us wants to see nothing of us for a while. */
const REFUSED_MS = 60 * 60_000;

/** `Retry-After` is seconds or a date (RFC 9110 10.2.3). */
const retryAfterMs = (response: Response): number => {
  const header = response.headers.get("Retry-After") ?? "";
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_BACK_OFF_MS) : BACK_OFF_MS;
};

const readBounded = async (response: Response): Promise<string> => {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw vendorError("osm_too_large", "OpenStreetMap's answer is larger than allowed.", { retryable: false });
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
};

/**
 * Asks one of OpenStreetMap's services, in our turn. A service that is full is left alone by all tenants for as long as it says.
 * @returns parsed JSON, of any shape
 * @throws AppError 503 `vendor_busy`; 502 `osm_busy` (429, 503, 504; retryable), `osm_refused` (403; retryable much later),
 *   `osm_unavailable` (retryable), `osm_rejected`, `osm_too_large` (never)
 */
export const createOsmHttp = ({ fetch, pace, userAgent }: OsmHttpOptions) => async (url: string, init: { method: "GET" | "POST"; body?: URLSearchParams; language?: string }): Promise<unknown> => {
  const { response, text } = await pace.during(async () => {
    try {
      const response = await fetch(url, {
        method: init.method,
        headers: { "User-Agent": userAgent, Accept: "application/json", ...(init.language === undefined ? {} : { "Accept-Language": init.language }) },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(init.body === undefined ? {} : { body: init.body }),
      });
      const text = response.ok ? await readBounded(response) : "";
      if (!response.ok) await response.body?.cancel();
      return { response, text };
    } catch (error) {
      if (error instanceof Error && error.name === "AppError") throw error;
      throw vendorError("osm_unavailable", `OpenStreetMap was not reached: ${describeError(error)}`, { retryable: true, cause: error });
    }
  });
  const { status } = response;
  if (status === 429 || status === 503 || status === 504) {
    const wait = retryAfterMs(response);
    await pace.hold(wait);
    throw vendorError("osm_busy", `OpenStreetMap's service is full (${status}).`, { retryable: true, retryAfterMs: wait });
  }
  if (status === 403) {
    await pace.hold(REFUSED_MS);
    throw vendorError("osm_refused", "OpenStreetMap's service refuses us (403).", { retryable: true, retryAfterMs: REFUSED_MS });
  }
  if (status >= 500) throw vendorError("osm_unavailable", `OpenStreetMap's service answered ${status}.`, { retryable: true });
  if (!response.ok) throw vendorError("osm_rejected", `OpenStreetMap's service answered ${status}.`, { retryable: false });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // An error page that says 200 comes from something in between.
    throw vendorError("osm_unavailable", "OpenStreetMap's answer was not JSON.", { retryable: true, cause: error });
  }
};

export type OsmHttp = ReturnType<typeof createOsmHttp>;
