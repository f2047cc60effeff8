import type { SearchRow } from "../../../core/providers/search-console/search-console.client.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { AuditFigures, Recommendation, SearchFigures } from "./analytics.schemas.ts";

export interface AuditedPage {
  id: string;
  path: string;
  primary_keyword: string;
  /** Since when it has been out. */
  age_days: number;
  audit: AuditFigures;
  /** Null: Search Console is not connected. */
  search: SearchFigures | null;
}

export type Thresholds = Dna["modules"]["local_seo"]["analytics"];

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const base = { page_id: null, into_page_id: null, query: null };

/** A page that the world does not get to see as it should. */
const repair = ({ id, audit }: AuditedPage): Recommendation[] => {
  const reasons = { missing: "The page is not there any more.", changed: "Something else stands at the page's address.", blocked: "The page tells search engines to stay away." };
  if (audit.live === "live" || audit.live === "unknown") return [];
  return [{ ...base, kind: "repair", page_id: id, reason: reasons[audit.live], figures: {}, thresholds: {} }];
};

/** Shown, but too far down, or not chosen. */
const rewrite = ({ id, age_days, search }: AuditedPage, t: Thresholds): Recommendation[] => {
  if (search === null || search.position === null || age_days < t.young_days || search.impressions < t.min_impressions) return [];
  const ctr = search.clicks / search.impressions;
  const figures = { impressions: search.impressions, clicks: search.clicks, ctr: rounded(ctr), position: rounded(search.position) };
  if (search.position > t.good_position && search.position <= t.worst_position) {
    return [{ ...base, kind: "rewrite", page_id: id, reason: "People look for it, and find it too far down: it needs more to say.", figures, thresholds: { min_impressions: t.min_impressions, good_position: t.good_position, worst_position: t.worst_position } }];
  }
  if (search.position <= t.good_position && ctr < t.low_ctr) {
    return [{ ...base, kind: "rewrite", page_id: id, reason: "It is found high up and seldom chosen: its title and description say too little.", figures, thresholds: { min_impressions: t.min_impressions, good_position: t.good_position, low_ctr: t.low_ctr } }];
  }
  return [];
};

/** Long out, and nobody saw it, came or called. Views or searches must be known: not knowing is no reason. */
const retire = ({ id, age_days, audit, search }: AuditedPage, t: Thresholds): Recommendation[] => {
  const seen = search?.impressions ?? audit.views;
  if (seen === null || age_days < t.retire_days || audit.leads > 0 || (search?.clicks ?? 0) > 0 || (audit.views ?? 0) > t.retire_below || seen > t.retire_below) return [];
  return [{ ...base, kind: "retire", page_id: id, reason: "Nobody looks for it, and nobody has come by it.", figures: { age_days, impressions: search?.impressions ?? 0, views: audit.views ?? 0, leads: audit.leads }, thresholds: { retire_days: t.retire_days, retire_below: t.retire_below } }];
};

type Rows = ReadonlyMap<string, readonly (SearchRow & { page_id: string | null })[]>;

/** Two pages that share one query's searches stand in each other's way. */
const merges = (byQuery: Rows, t: Thresholds): Recommendation[] => {
  const pairs = new Map<string, Recommendation>();
  for (const [query, rows] of byQuery) {
    const total = rows.reduce((sum, row) => sum + row.impressions, 0);
    const [first, second] = rows.filter((row) => row.page_id !== null).toSorted((a, b) => b.clicks - a.clicks || b.impressions - a.impressions);
    if (!first?.page_id || !second?.page_id || first.page_id === second.page_id || total < t.min_impressions || second.impressions / total < t.merge_share) continue;
    const key = `${second.page_id} ${first.page_id}`;
    const known = pairs.get(key);
    if (known !== undefined && (known.figures.impressions ?? 0) >= total) continue;
    pairs.set(key, { kind: "merge", page_id: second.page_id, into_page_id: first.page_id, query, reason: `Both are shown for “${query}”: one page would stand higher.`, figures: { impressions: total, share: rounded(second.impressions / total), clicks: first.clicks, clicks_here: second.clicks }, thresholds: { min_impressions: t.min_impressions, merge_share: t.merge_share } });
  }
  return [...pairs.values()];
};

/** What people look for, and come to the site for, without a page that is about it. */
const newPages = (byQuery: Rows, taken: readonly string[], keyOf: (keyword: string) => string, t: Thresholds): Recommendation[] => {
  const covered = new Set(taken.map(keyOf));
  return [...byQuery]
    .flatMap(([query, rows]): Recommendation[] => {
      const impressions = rows.reduce((sum, row) => sum + row.impressions, 0);
      const best = Math.min(...rows.map(({ position }) => position));
      if (impressions < t.new_page_impressions || best <= t.good_position || covered.has(keyOf(query))) return [];
      return [{ ...base, kind: "new_page", query, reason: `People look for “${query}”, and no page is about it.`, figures: { impressions, position: rounded(best) }, thresholds: { new_page_impressions: t.new_page_impressions, good_position: t.good_position } }];
    })
    .toSorted((a, b) => (b.figures.impressions ?? 0) - (a.figures.impressions ?? 0))
    .slice(0, t.most_new_pages);
};

/**
 * What a person, or the next strategist, should do; each with its figures and what they were held against.
 * @param rows Search Console's, each with the page of ours that it is of; empty where it is not connected
 * @param keyOf the same for keywords that ask for the same
 */
export const recommend = (pages: readonly AuditedPage[], rows: readonly (SearchRow & { page_id: string | null })[], keyOf: (keyword: string) => string, thresholds: Thresholds): Recommendation[] => {
  const byQuery = new Map<string, (SearchRow & { page_id: string | null })[]>();
  for (const row of rows) byQuery.set(row.query, [...(byQuery.get(row.query) ?? []), row]);
  const merged = merges(byQuery, thresholds);
  const goes = new Set(merged.map(({ page_id }) => page_id));
  // One page, one thing to do: what is to be merged is not rewritten first.
  const single = pages.flatMap((page) => {
    const broken = repair(page);
    if (broken.length > 0 || goes.has(page.id)) return broken;
    const retired = retire(page, thresholds);
    return retired.length > 0 ? retired : rewrite(page, thresholds);
  });
  const taken = [...pages.map(({ primary_keyword }) => primary_keyword), ...merged.flatMap(({ query }) => query ?? [])];
  return [...single, ...merged, ...newPages(byQuery, taken, keyOf, thresholds)];
};
