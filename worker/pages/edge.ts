import { hostOf, isBelow } from "../../core/web/host-names.ts";
import type { Settings } from "../env.ts";

/*
 * Two origins, one Worker. What tenants publish is served on host names that answer nothing else; the API and its cookies are on theirs,
 * which shows none of it. The host decides, before anything of either is asked.
 */

type EdgeSettings = Pick<Settings, "PAGES_HOST_SUFFIX" | "PUBLIC_API_URL" | "DASHBOARD_ORIGINS" | "API_HOSTS">;

/** An address, or this machine: nobody's site. */
const isNoName = (host: string): boolean => host === "localhost" || host.startsWith("[") || /^[\d.]+$/.test(host);

const hostNameOf = (origin: string): string => (URL.canParse(origin) ? hostOf(new URL(origin)) : origin);

/** Whether a request is for somebody's pages: below our suffix, or any name that is not the API's (it may be a business's own). */
export const servesPages = ({ PAGES_HOST_SUFFIX, PUBLIC_API_URL, DASHBOARD_ORIGINS, API_HOSTS }: EdgeSettings, url: URL): boolean => {
  if (PAGES_HOST_SUFFIX === "") return false;
  const host = hostOf(url);
  if (isBelow(host, PAGES_HOST_SUFFIX)) return true;
  // The dashboard's host passes requests on to the API under its own name.
  const api = [PUBLIC_API_URL, ...DASHBOARD_ORIGINS].map(hostNameOf);
  return !isNoName(host) && ![...api, ...API_HOSTS].includes(host);
};

/** Where a host's pages are reached from outside. On a developer's machine that is the port at which the Worker answers. */
export const createOriginOf = ({ APEX_ENV, PUBLIC_API_URL }: Pick<Settings, "APEX_ENV" | "PUBLIC_API_URL">) => (host: string): string => {
  if (APEX_ENV !== "local") return `https://${host}`;
  const { protocol, port } = new URL(PUBLIC_API_URL);
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}`;
};
