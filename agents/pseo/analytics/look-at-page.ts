import { AppError } from "../../../core/errors.ts";
import { escapeHtml } from "../../../core/security/html.ts";
import { UrlRefused } from "../../../core/security/egress/guard.ts";
import type { Egress } from "../../../core/security/egress/egress.ts";
import type { Published } from "../publisher/target.ts";
import type { liveStates } from "./analytics.schemas.ts";

const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 3;

const NOINDEX = /<meta\s[^>]*name=["'](?:robots|googlebot)["'][^>]*content=["'][^"']*noindex/i;
const plain = (text: string): string => text.replaceAll(/&#0?38;|&amp;/g, "&").replaceAll(/&#8217;|&#0?39;|’/g, "'").replaceAll(/&#822[01];|[“”]|&quot;/g, '"').replaceAll(/\s+/g, " ").toLowerCase();

/** Where a page's readers find it: the business's own site before ours. */
export const addressOf = (published: Published): { url: string; on: "wordpress" | "hosted" } | null => {
  for (const on of ["wordpress", "hosted"] as const) {
    const state = published[on];
    if (state?.placement === "live" && state.url !== null) return { url: state.url, on };
  }
  return null;
};

/**
 * Opens a page as anybody would, and compares: is it there, is it ours, may search engines take it.
 * @param page our id of it, which the frame of a WordPress page names, and its heading, which every page shows
 * @returns `unknown` when the site cannot be reached now: that says nothing of the page
 */
export const lookAtPage = async (egress: Pick<Egress, "fetch">, url: string, page: { id: string; heading: string }): Promise<(typeof liveStates)[number]> => {
  try {
    const { status, headers, body } = await egress.fetch({ url, headers: { Accept: "text/html", "User-Agent": "Apex" }, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS, maxRedirects: MAX_REDIRECTS });
    if (status === 404 || status === 410) return "missing";
    if (status !== 200) return "unknown";
    const html = new TextDecoder().decode(body);
    const isOurs = html.includes(`data-apex-page="${page.id}"`) || plain(html).includes(plain(page.heading)) || plain(html).includes(plain(escapeHtml(page.heading)));
    if (!isOurs) return "changed";
    return NOINDEX.test(html) || /noindex/i.test(headers.get("X-Robots-Tag") ?? "") ? "blocked" : "live";
  } catch (error) {
    if (error instanceof UrlRefused) return "unknown";
    if (error instanceof AppError && error.code.startsWith("egress_")) return "unknown";
    if (error instanceof AppError && error.retryable) return "unknown";
    throw error;
  }
};
