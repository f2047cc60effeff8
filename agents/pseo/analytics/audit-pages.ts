import { z } from "zod";
import { type AgentContext, type Later, later } from "../../../core/kernel/agent.ts";
import { dayOf } from "../../../core/clock.ts";
import type { PageResult } from "../../../core/memory/page-results.store.ts";
import type { SearchRow } from "../../../core/providers/search-console/search-console.client.ts";
import { AppError } from "../../../core/errors.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { createCheckpoints } from "../../onboarding/checkpoints.ts";
import type { AgentTools } from "../../tools.ts";
import { asPage, type Page } from "../page.ts";
import { getContent } from "../page-content.ts";
import type { StageParams } from "../stage.ts";
import { keywordKey, typed } from "../strategist/keywords.ts";
import { type AuditFigures, auditFiguresSchema, indexStates, liveStates, type SearchFigures } from "./analytics.schemas.ts";
import { addressOf, lookAtPage } from "./look-at-page.ts";
import { keepAdvice } from "./keep-advice.ts";
import { type AuditedPage, recommend } from "./recommend.ts";
import { openSearchConsole, type OpenedProperty } from "./search-console.ts";

type Context = AgentContext<AgentTools>;

const DAY_MS = 86_400_000;
/** Pages opened before the run makes way for others. */
const LOOKS_AN_ATTEMPT = 100;
const BATCH = 20;
/** Of Google's 2,000 a day. */
const INSPECTIONS_A_RUN = 200;
const INSPECT_AGAIN_MS = 7 * DAY_MS;
/** Search Console's figures of the last days are not complete. */
const LAG_DAYS = 2;
const KEYWORDS_KEPT = 1000;

const looksSchema = z.record(z.string(), z.object({ live: z.enum(liveStates), indexed: z.enum(indexStates), inspected_at: z.number().nullable() }));
type Looks = z.infer<typeof looksSchema>;
const rowsSchema = z.object({ connected: z.boolean(), rows: z.array(z.object({ page: z.string(), query: z.string(), clicks: z.number(), impressions: z.number(), position: z.number() })) });

/** Without what says nothing of the page: scheme, `www.`, parameters, a slash at the end. */
const bare = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return `${host.replace(/^www\./, "")}${pathname.replace(/\/$/, "")}`;
};

const publishedPages = async ({ memory, project }: Context, { ids, limit }: StageParams): Promise<Page[]> => {
  const entities = [];
  if (ids === undefined) for await (const rows of memory.keyed.each(project.id, "page", { status: "published" })) entities.push(...rows);
  else entities.push(...(await memory.keyed.withIds(ids)).filter((entity) => entity.entity_type === "page" && entity.project_id === project.id && entity.metadata.status === "published"));
  return entities.map(asPage).toSorted((a, b) => b.metadata.expected_value - a.metadata.expected_value || (a.id < b.id ? -1 : 1)).slice(0, limit);
};

/** What a reader sees above the text; a page without one goes by its name. */
const headingOf = async ({ tools }: Context, page: Page): Promise<string> => {
  const { content } = page.metadata;
  if (content === null) return page.name;
  try {
    return (await getContent(tools.storage, page, content.version)).h1;
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return page.name;
    throw error;
  }
};

const lookAt = async (context: Context, pages: readonly Page[], property: OpenedProperty | null, seen: ReadonlySet<string>, mayInspect: () => boolean): Promise<Looks> => {
  const { tools } = context;
  const looks: Looks = {};
  const one = async (page: Page): Promise<void> => {
    const before = auditFiguresSchema.safeParse(page.metadata.audit).data;
    const address = addressOf(page.metadata.published ?? {});
    if (address === null) {
      looks[page.id] = { live: "unknown", indexed: "unknown", inspected_at: null };
      return;
    }
    const live = await lookAtPage(tools.egress, address.url, { id: page.id, heading: await headingOf(context, page) });
    const look = { live, indexed: before?.indexed ?? ("unknown" as const), inspected_at: before?.inspected_at ?? null };
    // What is shown in searches is in the index; only of the others it is worth asking.
    if (seen.has(bare(address.url))) looks[page.id] = { ...look, indexed: "indexed", inspected_at: tools.clock.now() };
    else if (property !== null && tools.clock.now() - (look.inspected_at ?? 0) > INSPECT_AGAIN_MS && mayInspect()) {
      const { verdict } = await property.client.inspect(property.siteUrl, address.url);
      looks[page.id] = { ...look, indexed: verdict, inspected_at: tools.clock.now() };
    } else looks[page.id] = look;
  };
  await Promise.all(pages.map(one));
  return looks;
};

/** Figures of a page over all queries; the position is the mean, weighted by how often it was shown. */
const searchOf = (rows: readonly SearchRow[], days: number, at: number): SearchFigures => {
  const [clicks, impressions] = [rows.reduce((sum, row) => sum + row.clicks, 0), rows.reduce((sum, row) => sum + row.impressions, 0)];
  return { clicks, impressions, position: impressions === 0 ? null : rows.reduce((sum, row) => sum + row.position * row.impressions, 0) / impressions, days, at };
};

const resultsOf = (results: readonly PageResult[], page: Page, address: string | null): Pick<AuditFigures, "leads" | "calls" | "won"> => {
  const own = results.filter((result) => result.page_id === page.id || (result.page_id === null && result.page_url !== null && address !== null && bare(result.page_url) === address));
  return { leads: own.reduce((sum, one) => sum + one.leads, 0), calls: own.reduce((sum, one) => sum + one.calls, 0), won: own.reduce((sum, one) => sum + one.won, 0) };
};

/** What people searched for becomes keywords with a volume that was seen, for the strategist. */
const keepKeywords = async ({ memory, project, tools, dna }: Context, rows: readonly SearchRow[]): Promise<void> => {
  const { days } = dna.modules.local_seo.analytics;
  const byQuery = new Map<string, SearchRow[]>();
  for (const row of rows) byQuery.set(typed(row.query), [...(byQuery.get(typed(row.query)) ?? []), row]);
  const keywords = [...byQuery]
    .map(([query, own]) => ({ query, search: searchOf(own, days, tools.clock.now()) }))
    .toSorted((a, b) => b.search.impressions - a.search.impressions)
    .slice(0, KEYWORDS_KEPT);
  await memory.keyed.put(keywords.map(({ query, search }) => ({ project_id: project.id, entity_type: "keyword", dedupe_key: `search_console:${sha256Hex(query).slice(0, 32)}`, name: query, metadata: { status: "known", keyword: query, source: "search_console", volume: Math.round((search.impressions / days) * 30), competition: null, search } })));
};

/**
 * Looks at every page that is out: is it there, is it in the index, who searched, came and called; writes it on the page, and keeps what
 * should be done as recommendations. Goes on where it was when it was cut short.
 */
export const auditPages = async (context: Context, params: StageParams): Promise<Later | Record<string, unknown>> => {
  const { memory, tools, project, dna, runId, report } = context;
  const thresholds = dna.modules.local_seo.analytics;
  const { days } = thresholds;
  const kept = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const now = context.queuedAt;
  const pages = await publishedPages(context, params);
  const property = await openSearchConsole(memory, tools, project.id);
  const { connected, rows } = await kept.step("searches", rowsSchema, async () => {
    if (property === null) return { connected: false, rows: [] };
    const to = now - LAG_DAYS * DAY_MS;
    return { connected: true, rows: await property.client.searches(property.siteUrl, { from: dayOf(to - (days - 1) * DAY_MS), to: dayOf(to) }) };
  });
  const seen = new Set(rows.map((row) => bare(row.page)));

  let [looked, inspected] = [0, 0];
  const looks: Looks = {};
  for (let at = 0; at < pages.length; at += BATCH) {
    const batch = pages.slice(at, at + BATCH);
    const before = looked;
    // Named by their pages: the list may have changed since the last attempt.
    const name = `look-${sha256Hex(JSON.stringify(batch.map(({ id }) => id))).slice(0, 24)}`;
    Object.assign(looks, await kept.step(name, looksSchema, async () => {
      looked += batch.length;
      return lookAt(context, batch, property, seen, () => (inspected += 1) <= INSPECTIONS_A_RUN);
    }));
    await report({ done: Math.min(at + BATCH, pages.length), total: pages.length, label: "look" });
    if (looked > before && looked >= LOOKS_AN_ATTEMPT && at + BATCH < pages.length) return later(1);
  }

  const results = await memory.pageResults.since(project.id, now - days * DAY_MS);
  const views = new Map((await memory.pageViews.byPage(project.id, { from: dayOf(now - days * DAY_MS), to: dayOf(now) })).map((row) => [row.page_id, row.views]));
  const rowsByAddress = new Map<string, SearchRow[]>();
  for (const row of rows) rowsByAddress.set(bare(row.page), [...(rowsByAddress.get(bare(row.page)) ?? []), row]);
  const idByAddress = new Map<string, string>();

  const audited: AuditedPage[] = [];
  for (const page of pages) {
    const published = page.metadata.published ?? {};
    const address = addressOf(published);
    const where = address === null ? null : bare(address.url);
    if (where !== null) idByAddress.set(where, page.id);
    const audit: AuditFigures = {
      ...(looks[page.id] ?? { live: "unknown", indexed: "unknown", inspected_at: null }),
      views: published.hosted === undefined ? null : (views.get(page.id) ?? 0),
      ...resultsOf(results, page, where),
      days,
      at: now,
    };
    const search = connected ? searchOf(where === null ? [] : (rowsByAddress.get(where) ?? []), days, now) : null;
    await memory.keyed.change(page.id, { set: { audit, ...(search === null ? {} : { search }) }, expect: { status: "published" } });
    const first = Math.min(...Object.values(published).map(({ first_at }) => first_at));
    audited.push({ id: page.id, path: page.metadata.path, primary_keyword: page.metadata.primary_keyword, age_days: Math.floor((now - first) / DAY_MS), audit, search });
  }
  if (connected) await keepKeywords(context, rows);
  const advice = recommend(audited, rows.map((row) => ({ ...row, page_id: idByAddress.get(bare(row.page)) ?? null })), keywordKey, thresholds);
  // Of some pages only: nothing is known of the others, and what was advised for them stays.
  const open = await keepAdvice(context, advice, params.ids === undefined && params.limit === undefined ? null : new Set(pages.map(({ id }) => id)));
  await kept.clear();
  const count = <Key extends string>(keys: readonly Key[]): Partial<Record<Key, number>> => keys.reduce<Partial<Record<Key, number>>>((sums, key) => ({ ...sums, [key]: (sums[key] ?? 0) + 1 }), {});
  return {
    pages: audited.length,
    search_console: connected,
    live: count(audited.map(({ audit }) => audit.live)),
    indexed: count(audited.map(({ audit }) => audit.indexed)),
    leads: audited.reduce((sum, { audit }) => sum + audit.leads, 0),
    calls: audited.reduce((sum, { audit }) => sum + audit.calls, 0),
    recommendations: { ...count(advice.map(({ kind }) => kind)), open },
  };
};
