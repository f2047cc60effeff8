import { z } from "zod";
import { vendorError } from "../../errors.ts";
import { isPublicAddress } from "./addresses.ts";
import { type CheckedUrl, checkUrl, type GuardOptions, UrlRefused } from "./guard.ts";

/** The JSON form of DNS-over-HTTPS that Cloudflare and Google speak: `Status` is the DNS code, types are numbers. */
const answerSchema = z.looseObject({ Status: z.number(), Answer: z.array(z.looseObject({ type: z.number(), data: z.string() })).optional() });
const TYPES = { A: 1, AAAA: 28, TXT: 16 } as const;
const NO_SUCH_NAME = 3;
const TIMEOUT_MS = 3_000;

export interface ResolveOptions extends GuardOptions {
  /** e.g. `https://cloudflare-dns.com/dns-query`; null: names are judged by their text alone (local only). */
  dohUrl: string | null;
  fetch: typeof globalThis.fetch;
}

const unavailable = (cause?: unknown) => vendorError("resolver_unavailable", "Names cannot be looked up just now.", { retryable: true, cause });

/** The data of a name's records; empty where there are none, or no such name. @throws AppError `resolver_unavailable` (502, retryable) */
export const askDns = async (name: string, type: keyof typeof TYPES, { dohUrl, fetch }: { dohUrl: string; fetch: typeof globalThis.fetch }): Promise<string[]> => {
  const query = new URL(dohUrl);
  query.searchParams.set("name", name);
  query.searchParams.set("type", type);
  const response = await fetch(query.href, { headers: { Accept: "application/dns-json" }, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const parsed = answerSchema.safeParse(await response.json().catch(() => null));
  if (!response.ok || !parsed.success || (parsed.data.Status !== 0 && parsed.data.Status !== NO_SUCH_NAME)) throw unavailable();
  // The chain of CNAMEs is in the answer too; where it ends is what counts.
  return (parsed.data.Answer ?? []).filter((record) => record.type === TYPES[type]).map((record) => record.data);
};

/**
 * Judges an address by its text and by where its name leads. One address that is not public is enough to refuse it: which of
 * them the connection would take is not ours to choose. Fetching resolves the name again, so that a name which changes in
 * between (rebinding) is seen by the network only; a Worker has no route to private networks, and a redirect is asked anew.
 * @throws UrlRefused; AppError `resolver_unavailable` (502, retryable): without a resolver no name is trusted
 */
export const createUrlChecker =
  ({ allowHosts, dohUrl, fetch }: ResolveOptions) =>
  async (given: string): Promise<CheckedUrl> => {
    const checked = checkUrl(given, { allowHosts });
    const { name } = checked;
    if (name === null || dohUrl === null) return checked;
    const addresses = (await Promise.all([askDns(name, "A", { dohUrl, fetch }), askDns(name, "AAAA", { dohUrl, fetch })])).flat();
    if (addresses.length === 0) throw new UrlRefused("host", "names a host that does not exist");
    if (!addresses.every(isPublicAddress)) throw new UrlRefused("address", "must be on the public internet");
    return checked;
  };

export type UrlChecker = ReturnType<typeof createUrlChecker>;
