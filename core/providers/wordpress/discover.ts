import { AppError } from "../../errors.ts";
import type { Egress } from "../../security/egress/egress.ts";
import { UrlRefused } from "../../security/egress/guard.ts";
import { WordpressError } from "./wordpress.errors.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 5;

const bare = (host: string): string => host.replace(/^www\./, "");

/** `<https://…/wp-json/>; rel="https://api.w.org/"`, which every WordPress since 4.4 sends with every page (developer.wordpress.org/rest-api/using-the-rest-api/discovery). */
const announced = (headers: Headers): string | undefined => /<([^>]+)>\s*;\s*rel="https:\/\/api\.w\.org\/"/.exec(headers.get("Link") ?? "")?.[1];
const inPage = (body: Uint8Array): string | undefined => /<link[^>]+rel=["']https:\/\/api\.w\.org\/["'][^>]+href=["']([^"']+)["']/i.exec(new TextDecoder().decode(body))?.[1];

/**
 * Finds a site's REST root by its front page, asked without a password, so that none goes astray on a redirect.
 * @param given as a person typed it; `/wp-admin` and the like are taken off
 * @returns where the password goes from then on: https (or a host of the allow list), on the given host with or without `www.`
 * @throws WordpressError `no_api`, `unavailable`; AppError 422 `wordpress_insecure`, `wordpress_elsewhere`; UrlRefused
 */
export const discoverRestRoot = async (egress: Egress, given: string): Promise<string> => {
  const site = new URL(egress.checkText(given).url);
  site.pathname = site.pathname.replace(/\/(?:wp-admin|wp-login\.php|wp-json)(?:\/.*)?$/, "/");
  site.search = "";
  site.hash = "";
  let page;
  try {
    page = await egress.fetch({ url: site.href, headers: { Accept: "text/html", "User-Agent": "Apex" }, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, maxRedirects: MAX_REDIRECTS });
  } catch (error) {
    if (error instanceof UrlRefused || !(error instanceof AppError)) throw error;
    throw new WordpressError({ failure: "unavailable", cause: error });
  }
  const found = announced(page.headers) ?? inPage(page.body);
  if (found === undefined || !URL.canParse(found, page.url)) throw new WordpressError({ failure: page.status >= 500 || page.status === 429 ? "unavailable" : "no_api", httpStatus: page.status });
  const { url: root, isAllowListed } = egress.checkText(new URL(found, page.url).href);
  if (root.protocol !== "https:" && !isAllowListed) {
    throw new AppError({ code: "wordpress_insecure", status: 422, message: "The WordPress site must be reached by https: a password is not sent over a line that anybody can read." });
  }
  if (bare(root.host) !== bare(site.host)) throw new AppError({ code: "wordpress_elsewhere", status: 422, message: `The site says that it lives at ${root.host}: give that address, if it is yours.` });
  return root.href;
};
