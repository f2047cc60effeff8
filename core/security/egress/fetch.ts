import { AppError, vendorError } from "../../errors.ts";
import { UrlRefused } from "./guard.ts";
import type { UrlChecker } from "./resolve.ts";

export interface GuardedRequest {
  url: string;
  method?: "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Bytes of the answer's body, after decompression. */
  maxBytes: number;
  /** For everything together: look-ups, redirects, the whole body. */
  timeoutMs: number;
  maxRedirects: number;
}

export interface GuardedResponse {
  status: number;
  headers: Headers;
  /** Where the last redirect led. */
  url: string;
  body: Uint8Array;
}

/** Headers that tell a stranger nothing: all that another origin gets to see after a redirect. */
const HARMLESS = new Set(["accept", "accept-language", "content-type", "user-agent"]);
/** An answer that grows so much when unpacked was made to; text shrinks to a tenth. */
const MOST_EXPANSION = 100;
const EXPANSION_FROM_BYTES = 1024 * 1024;

const tooLarge = (): AppError => vendorError("egress_too_large", "The answer is larger than allowed.", { retryable: false });
const redirectsTo = (response: Response): string | null => ([301, 302, 303, 307, 308].includes(response.status) ? response.headers.get("Location") : null);

/** The runtime unpacks compressed bodies as they stream: what is counted here is what memory would hold. */
const readBounded = async (response: Response, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> => {
  const announced = Number(response.headers.get("Content-Length") ?? NaN);
  const isPacked = response.headers.has("Content-Encoding");
  if (!isPacked && announced > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const limit = isPacked && announced >= 0 ? Math.min(maxBytes, Math.max(EXPANSION_FROM_BYTES, announced * MOST_EXPANSION)) : maxBytes;
  if (response.body === null) return new Uint8Array();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength;
    if (size > limit) {
      stop();
      throw tooLarge();
    }
    chunks.push(read.value);
  }
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
};

/**
 * The only way to fetch an address that a tenant gave us. Every hop is checked before it is taken; another origin gets neither
 * credentials nor a body; time and size are bounded whatever the other side does.
 * @throws UrlRefused (422) for an address, or a redirect, that is not on the public internet; AppError 502: `egress_failed`,
 *   `egress_timeout`, `resolver_unavailable` (all retryable), `egress_too_large`, `egress_too_many_redirects`
 */
export const createGuardedFetch =
  ({ check, fetch }: { check: UrlChecker; fetch: typeof globalThis.fetch }) =>
  async (request: GuardedRequest): Promise<GuardedResponse> => {
    const signal = AbortSignal.timeout(request.timeoutMs);
    const timedOut = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
    timedOut.catch(() => undefined);

    const follow = async (): Promise<GuardedResponse> => {
      let method = request.method ?? "GET";
      let body = request.body;
      let headers = new Headers(request.headers);
      let { url } = await check(request.url);
      for (let redirects = 0; ; redirects++) {
        const response = await fetch(url.href, { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) });
        const location = redirectsTo(response);
        if (location === null) return { status: response.status, headers: response.headers, url: url.href, body: await readBounded(response, request.maxBytes, signal) };
        await response.body?.cancel();
        if (redirects >= request.maxRedirects) throw vendorError("egress_too_many_redirects", "The address redirects too often.", { retryable: false });
        const target = URL.canParse(location, url.href) ? new URL(location, url.href).href : location;
        const next = (await check(target)).url;
        if (response.status === 303 || (method === "POST" && response.status < 303)) {
          if (method !== "HEAD") method = "GET";
          body = undefined;
          headers.delete("Content-Type");
        }
        if (next.origin !== url.origin) {
          if (body !== undefined) throw new UrlRefused("host", "must not hand what is sent on to another site");
          headers = new Headers([...headers].filter(([name]) => HARMLESS.has(name)));
        }
        url = next;
      }
    };

    try {
      return await Promise.race([follow(), timedOut]);
    } catch (error) {
      if (signal.aborted) throw vendorError("egress_timeout", "The address did not answer in time.", { retryable: true });
      if (error instanceof AppError) throw error;
      throw vendorError("egress_failed", "The address could not be reached.", { retryable: true, cause: error });
    }
  };

export type GuardedFetch = ReturnType<typeof createGuardedFetch>;
