import { describe, expect, it } from "vitest";
import { keywordKey } from "../strategist/keywords.ts";
import type { SearchRow } from "../../../core/providers/search-console/search-console.client.ts";
import { type AuditedPage, recommend } from "./recommend.ts";

const thresholds = { days: 28, young_days: 60, min_impressions: 50, good_position: 8, worst_position: 30, low_ctr: 0.01, retire_days: 180, retire_below: 5, merge_share: 0.3, new_page_impressions: 50, most_new_pages: 2 };
const page = (over: { audit?: Partial<AuditedPage["audit"]>; search?: Partial<NonNullable<AuditedPage["search"]>> | null; age_days?: number; id?: string } = {}): AuditedPage => ({
  id: over.id ?? "ent_a",
  path: "/drains/ponsonby",
  primary_keyword: "blocked drains ponsonby",
  age_days: over.age_days ?? 100,
  audit: { live: "live", indexed: "indexed", inspected_at: null, views: 40, leads: 0, calls: 0, won: 0, days: 28, at: 1, ...over.audit },
  search: over.search === null ? null : { clicks: 10, impressions: 200, position: 5, days: 28, at: 1, ...over.search },
});
const row = (query: string, page_id: string | null, impressions: number, over: Partial<SearchRow> = {}) => ({ page: "https://x.nz/", query, page_id, clicks: 0, impressions, position: 12, ...over });
const kinds = (pages: AuditedPage[], rows: ReturnType<typeof row>[] = []): string[] => recommend(pages, rows, keywordKey, thresholds).map(({ kind }) => kind);

describe("a page", () => {
  it.each<[string, AuditedPage, string[]]>([
    ["that does well is left alone", page(), []],
    ["that is not there any more is to be repaired", page({ audit: { live: "missing" } }), ["repair"]],
    ["that tells search engines to stay away is to be repaired", page({ audit: { live: "blocked" } }), ["repair"]],
    ["of which nobody knows whether it is there is left alone", page({ audit: { live: "unknown" } }), []],
    ["that stands too far down is to be rewritten", page({ search: { position: 15 } }), ["rewrite"]],
    ["that stands where no text helps is left alone", page({ search: { position: 60 } }), []],
    ["that is high up and never chosen is to be rewritten", page({ search: { clicks: 1 } }), ["rewrite"]],
    ["that is young is given time", page({ search: { position: 15 }, age_days: 59 }), []],
    ["that too few have seen to tell is given time", page({ search: { position: 15, impressions: 49, clicks: 0 } }), []],
    ["that nobody needed in half a year may go", page({ search: { clicks: 0, impressions: 5, position: 40 }, audit: { views: 2 }, age_days: 200 }), ["retire"]],
    ["that brought a lead stays, whatever the figures", page({ search: { clicks: 0, impressions: 0, position: null }, audit: { views: 1, leads: 1 }, age_days: 200 }), []],
    ["of which nothing is known stays", page({ search: null, audit: { views: null }, age_days: 200 }), []],
    ["with few views and no Search Console may go by its views", page({ search: null, audit: { views: 5 }, age_days: 180 }), ["retire"]],
  ])("%s", (_, audited, expected) => {
    expect(kinds([audited])).toEqual(expected);
  });

  it("is advised about with its figures and what they were held against", () => {
    expect(recommend([page({ search: { position: 15.12345, clicks: 4 } })], [], keywordKey, thresholds)).toMatchObject([{ page_id: "ent_a", figures: { impressions: 200, clicks: 4, ctr: 0.02, position: 15.123 }, thresholds: { min_impressions: 50, good_position: 8, worst_position: 30 } }]);
  });
});

describe("two pages of one query", () => {
  const both = [page({ id: "ent_a" }), page({ id: "ent_b", search: { position: 15 } })];
  it("are to become one, the weaker in the stronger, and then the weaker is not rewritten besides", () => {
    expect(recommend(both, [row("blocked drain", "ent_a", 60, { clicks: 3 }), row("blocked drain", "ent_b", 40)], keywordKey, thresholds)).toMatchObject([{ kind: "merge", page_id: "ent_b", into_page_id: "ent_a", query: "blocked drain", figures: { share: 0.4, impressions: 100 } }]);
  });
  it("are left alone when the second is hardly seen, or the query is", () => {
    expect(kinds([page({ id: "ent_a" }), page({ id: "ent_b" })], [row("blocked drain", "ent_a", 71), row("blocked drain", "ent_b", 29)])).not.toContain("merge");
    expect(kinds([page({ id: "ent_a" }), page({ id: "ent_b" })], [row("blocked drain", "ent_a", 20), row("blocked drain", "ent_b", 20)])).not.toContain("merge");
  });
});

describe("a query without a page", () => {
  it("deserves one when enough look for it and nothing of ours stands well, those most looked for first", () => {
    const rows = [row("gas fitter ponsonby", null, 80), row("gas fitter grey lynn", "ent_a", 300), row("hot water grey lynn", null, 90), row("well placed", "ent_a", 500, { position: 2 }), row("seldom", null, 10), row("drains blocked in ponsonby", "ent_a", 400)];
    expect(recommend([page()], rows, keywordKey, thresholds).map(({ kind, query }) => [kind, query])).toEqual([["new_page", "gas fitter grey lynn"], ["new_page", "hot water grey lynn"]]);
  });
});
