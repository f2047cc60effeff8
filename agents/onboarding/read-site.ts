import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import type { GeminiGateway } from "../../core/providers/gemini/gateway.ts";
import type { GuardedFetch } from "../../core/security/egress/fetch.ts";
import { type Crawl, crawlSchema, crawlSite, type RenderPage } from "../../core/web/crawl.ts";
import type { Page } from "../../core/web/page.ts";
import { askModel, missingParts } from "./ask.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Facts, factsSchema, NO_FACTS } from "./facts.ts";
import { readFacts } from "./read-pages.ts";
import { withoutSuspicious } from "./suspicious.ts";
import { complete, verify } from "./verify.ts";

/** What one reading of a site may cost at most; the model is asked once (three tries). */
export const BUDGET = { pages: 12, rendered: 4, pageBytes: 600_000, timeoutMs: 45_000 };
const USER_AGENT = "ApexBot/1.0 (reads a business's own site at its owner's request)";
/** Later attempts go on without the model: a DNA of what code has found is of use today. */
const MODEL_ATTEMPTS = 2;

export interface ReadSiteTools {
  fetch: GuardedFetch;
  render: RenderPage;
  clock: Pick<Clock, "now">;
  gateway: Pick<GeminiGateway, "generate">;
}

export interface SiteToRead {
  website: string | undefined;
  map_listing_url: string | undefined;
  country: string;
  business: { name: string; niche: string };
}

const askedSchema = z.object({ facts: factsSchema, dropped: z.number(), modelAnswered: z.boolean() });

export interface SiteReading {
  pages: Page[];
  problems: Crawl["problems"];
  truncated: boolean;
  facts: Facts;
  suspicious: number;
  dropped: number;
  modelAnswered: boolean;
}

/** Told before each step, for whoever watches. */
export type Watch = (label: string) => Promise<void>;

/** The listing is one page, by itself: nothing on it is followed. */
const crawlAll = async (tools: ReadSiteTools, { website, map_listing_url }: SiteToRead, watch: Watch): Promise<Crawl> => {
  const crawl = async (start: string, maxPages: number): Promise<Crawl> =>
    crawlSite({ ...tools, userAgent: USER_AGENT }, { start, maxPages, maxRendered: BUDGET.rendered, maxPageBytes: BUDGET.pageBytes, timeoutMs: BUDGET.timeoutMs, onPage: async (url, done) => watch(`Reading page ${done + 1}: ${url}`) });
  const site = website === undefined ? null : await crawl(website, BUDGET.pages);
  const listing = map_listing_url === undefined ? null : await crawl(map_listing_url, 1);
  return { pages: [...(site?.pages ?? []), ...(listing?.pages ?? [])], problems: [...(site?.problems ?? []), ...(listing?.problems ?? [])], truncated: site?.truncated ?? false };
};

/**
 * Reads a business's site into facts. Whatever the site is like, it ends: what cannot be read is in `problems`.
 * @throws AppError of the model's gateway on early attempts, when trying again may help
 */
export const readSite = async (tools: ReadSiteTools, checkpoints: Checkpoints, site: SiteToRead, { attempt, watch }: { attempt: number; watch: Watch }): Promise<SiteReading> => {
  const crawl = await checkpoints.step("crawl", crawlSchema, async () => crawlAll(tools, site, watch));
  const cleaned = crawl.pages.map(withoutSuspicious);
  const pages = cleaned.map((one) => one.page);
  await watch("Reading what the pages say to machines");
  const facts = pages.length === 0 ? NO_FACTS : readFacts(pages, site);
  await watch("Asking the model for what is still missing");
  const asked = await checkpoints.step("ask", askedSchema, async () => {
    try {
      const checked = verify(await askModel(tools.gateway, { pages, parts: pages.length === 0 ? [] : missingParts(facts), business: site.business }), pages);
      return { facts: complete(facts, checked), dropped: checked.dropped, modelAnswered: true };
    } catch (error) {
      if (!(error instanceof AppError) || (error.retryable && attempt <= MODEL_ATTEMPTS)) throw error;
      return { facts, dropped: 0, modelAnswered: false };
    }
  });
  return { ...asked, pages, problems: crawl.problems, truncated: crawl.truncated, suspicious: cleaned.reduce((sum, one) => sum + one.removed, 0) };
};
