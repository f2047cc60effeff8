import { createGuardedFetch, type GuardedFetch } from "./fetch.ts";
import { checkUrl, type CheckedUrl, parseAllowHosts } from "./guard.ts";
import { createUrlChecker, type UrlChecker } from "./resolve.ts";

/** The guard as the rest of the house is handed it. */
export interface Egress {
  /** By the text alone, for when an address is stored. @throws UrlRefused (422) */
  checkText: (url: string) => CheckedUrl;
  /** By its name's addresses too; what `createBrowserRule` takes. */
  check: UrlChecker;
  fetch: GuardedFetch;
}

/** @param input `EGRESS_ALLOW_HOSTS` and `DOH_URL` as the settings hold them */
export const createEgress = (input: { allowHosts: string; dohUrl: string; fetch: typeof globalThis.fetch }): Egress => {
  const allowHosts = parseAllowHosts(input.allowHosts);
  const check = createUrlChecker({ allowHosts, dohUrl: input.dohUrl === "off" ? null : input.dohUrl, fetch: input.fetch });
  return { checkText: (url) => checkUrl(url, { allowHosts }), check, fetch: createGuardedFetch({ check, fetch: input.fetch }) };
};
