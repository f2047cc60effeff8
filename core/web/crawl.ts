import { z } from "zod";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuardedFetch, GuardedResponse } from "../security/egress/fetch.ts";
import { UrlRefused } from "../security/egress/guard.ts";
import { needsScripts, type Page, pageSchema, readPage } from "./page.ts";
import { canonical, isPageAddress, rankOf } from "./ranking.ts";
import { decodeBody } from "./charset.ts";
import { fetchRobots, MAX_ROBOTS_BYTES, type Robots } from "./robots.ts";

/** Opens a page in a browser and gives back its HTML once scripts have made it. @throws AppError when there is no browser, or no page */
export type RenderPage = (url: string, options: { userAgent: string; timeoutMs: number; maxBytes: number }) => Promise<Rendered>;

export interface Rendered {
  /** Where the page ended up. */
  url: string;
  html: string;
  /** Of the first answer; absent where the browser does not tell. */
  status?: number;
  /** `Retry-After` of the first answer, as it was sent. */
  retryAfter?: string | null;
}

export interface CrawlTools {
  fetch: GuardedFetch;
  render: RenderPage;
  clock: Pick<Clock, "now">;
  /** Product token first, e.g. `ApexBot/1.0 (+https://…)`: robots.txt is asked by that name. */
  userAgent: string;
}

export interface CrawlOptions {
  start: string;
  maxPages: number;
  /** Pages that may be opened in the browser. */
  maxRendered: number;
  maxPageBytes: number;
  /** For all of it. No page is begun after it. */
  timeoutMs: number;
  /** Told before each page. */
  onPage?: (url: string, done: number) => Promise<void>;
}

const crawlProblems = ["refused", "unreachable", "robots", "not_found", "not_html", "too_large", "empty", "no_browser"] as const;
export type CrawlProblem = (typeof crawlProblems)[number];

export const crawlSchema = z.object({
  pages: z.array(pageSchema),
  problems: z.array(z.object({ url: z.string(), problem: z.enum(crawlProblems) })),
  /** Whether there was more of the site than was read. */
  truncated: z.boolean(),
});
export type Crawl = z.infer<typeof crawlSchema>;

const FETCH_TIMEOUT_MS = 10_000;
const RENDER_TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 5;
const MAX_SITEMAP_BYTES = 1024 * 1024;
const MAX_SITEMAP_URLS = 200;
const MAX_KNOWN = 500;

const problemOf = (error: unknown): CrawlProblem => {
  if (error instanceof UrlRefused) return "refused";
  if (error instanceof AppError) return error.code === "egress_too_large" ? "too_large" : "unreachable";
  throw error;
};

const base = (language: string): string => language.toLowerCase().split("-")[0] ?? "";

/**
 * Reads a site as a considerate stranger would: robots.txt first, one page after the other, the most telling first, and never
 * another origin. It ends with what there is, whatever the site does; an address that cannot be used is a problem in the result.
 */
export const crawlSite = async ({ fetch, render, clock, userAgent }: CrawlTools, options: CrawlOptions): Promise<Crawl> => {
  const endsAt = clock.now() + options.timeoutMs;
  const crawl: Crawl = { pages: [], problems: [], truncated: false };
  const get = async (url: string, accept: string, maxBytes: number): Promise<GuardedResponse> =>
    fetch({ url, headers: { "User-Agent": userAgent, Accept: accept }, maxBytes, timeoutMs: Math.max(1, Math.min(FETCH_TIMEOUT_MS, endsAt - clock.now())), maxRedirects: MAX_REDIRECTS });
  let rendered = 0;

  const readRobotsOf = async (origin: string): Promise<Robots> => fetchRobots(origin, userAgent, async (url) => get(url, "text/plain", MAX_ROBOTS_BYTES));

  const read = async (url: string): Promise<Page | CrawlProblem> => {
    const answer = await get(url, "text/html,application/xhtml+xml", options.maxPageBytes);
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.status !== 200) return answer.status >= 500 ? "unreachable" : "not_found";
    if (!/html/i.test(type)) return "not_html";
    const page = readPage(decodeBody(answer.body, type), answer.url);
    if (!needsScripts(page) || rendered >= options.maxRendered) return page;
    rendered += 1;
    try {
      const { html, url: at } = await render(answer.url, { userAgent, timeoutMs: RENDER_TIMEOUT_MS, maxBytes: options.maxPageBytes });
      return readPage(html, at);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      crawl.problems.push({ url, problem: "no_browser" });
      return page;
    }
  };

  const known = new Set<string>();
  const waiting: { url: string; rank: number }[] = [];
  const offer = (address: string, words: string, start: string): void => {
    const url = canonical(address);
    if (known.has(url) || known.size >= MAX_KNOWN || new URL(url).origin !== new URL(start).origin || !isPageAddress(url)) return;
    known.add(url);
    waiting.push({ url, rank: rankOf(url, words, start) });
  };

  const readSitemaps = async (robots: Robots, start: string): Promise<void> => {
    const { origin } = new URL(start);
    const queue = (robots.sitemaps.length > 0 ? robots.sitemaps : [`${origin}/sitemap.xml`]).filter((url) => URL.canParse(url) && new URL(url).origin === origin);
    for (const sitemap of queue.slice(0, 4)) {
      try {
        const answer = await get(sitemap, "application/xml", MAX_SITEMAP_BYTES);
        if (answer.status !== 200) continue;
        const found = [...new TextDecoder().decode(answer.body).matchAll(/<loc>\s*([^<\s]+)\s*<\/loc>/g)].map((match) => match[1]?.replaceAll("&amp;", "&") ?? "").filter((url) => URL.canParse(url));
        for (const url of found.slice(0, MAX_SITEMAP_URLS)) {
          if (/\.xml(?:$|\?)/.test(url) && queue.length < 4) queue.push(url);
          else offer(url, "", start);
        }
      } catch (error) {
        problemOf(error);
      }
    }
  };

  try {
    const robots = await readRobotsOf(new URL(options.start).origin);
    if (!robots.allows(options.start)) return { ...crawl, problems: [{ url: options.start, problem: "robots" }] };
    const first = await read(options.start);
    if (typeof first === "string") return { ...crawl, problems: [{ url: options.start, problem: first }] };
    // Where its redirects led is where the site is.
    const start = first.url;
    const rules = new URL(start).origin === new URL(options.start).origin ? robots : await readRobotsOf(new URL(start).origin);
    if (!rules.allows(start)) return { ...crawl, problems: [{ url: start, problem: "robots" }] };
    known.add(canonical(start));
    await options.onPage?.(start, 0);

    // A translation says the same again.
    const isForeign = (language: string | null): boolean => language !== null && first.language !== null && base(language) !== base(first.language);
    const take = (page: Page): void => {
      if (page.text === "" && page.jsonLd.length === 0) crawl.problems.push({ url: page.url, problem: "empty" });
      else crawl.pages.push(page);
      const foreign = new Set(page.alternates.filter(({ language }) => language !== "x-default" && isForeign(language)).map((one) => canonical(one.url)));
      for (const link of page.links) if (!foreign.has(canonical(link.url))) offer(link.url, link.text, start);
    };
    take(first);
    await readSitemaps(rules, start);

    while (waiting.length > 0) {
      if (crawl.pages.length >= options.maxPages || clock.now() >= endsAt) {
        crawl.truncated = true;
        break;
      }
      waiting.sort((a, b) => b.rank - a.rank);
      const next = waiting.shift();
      if (next === undefined) break;
      if (!rules.allows(next.url)) continue;
      await options.onPage?.(next.url, crawl.pages.length);
      const page = await read(next.url).catch((error: unknown): CrawlProblem => problemOf(error));
      if (typeof page === "string") crawl.problems.push({ url: next.url, problem: page });
      else if (!isForeign(page.language) && new URL(page.url).origin === new URL(start).origin && !crawl.pages.some((one) => canonical(one.url) === canonical(page.url))) take(page);
    }
    return crawl;
  } catch (error) {
    return { ...crawl, problems: [...crawl.problems, { url: options.start, problem: problemOf(error) }] };
  }
};
