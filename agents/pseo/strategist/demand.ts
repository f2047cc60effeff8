import Papa from "papaparse";
import { z } from "zod";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { PageMetadata } from "../page.schemas.ts";
import { keywordKey, typed } from "./keywords.ts";

export type Intent = PageMetadata["intent"];
export type Demand = PageMetadata["demand"];

/** What is known of a keyword: searches a month, and how contested it is, 0 to 1. */
export interface KnownKeyword {
  keyword: string;
  volume: number | null;
  competition: number | null;
  source: "csv" | "search_console";
}

const MOST_ROWS = 5000;
/** Headings of exports of Google's Keyword Planner, Search Console and the usual tools, without what is not a letter. */
const HEADINGS: Readonly<Record<"keyword" | "volume" | "competition", RegExp>> = {
  keyword: /^(?:keyword|keywords|searchterm|query|topqueries)$/,
  volume: /^(?:volume|searchvolume|avgmonthlysearches|averagemonthlysearches|searches|msv)$/,
  competition: /^(?:competition|competitionindexedvalue|difficulty|keyworddifficulty|kd)$/,
};
const LEVELS: Readonly<Record<string, number>> = { low: 0.2, medium: 0.5, high: 0.8 };

const numberOf = (text: string | undefined): number | null => {
  const digits = (text ?? "").replaceAll(/[\s,%]/g, "");
  // Ranges (`100 - 1K`) come from accounts without campaigns: their lower end is what is certain.
  const value = Number(/^\d+(?:\.\d+)?/.exec(digits)?.[0] ?? NaN);
  return Number.isFinite(value) ? Math.min(value, 100_000_000) : null;
};

const competitionOf = (text: string | undefined): number | null => {
  const level = LEVELS[(text ?? "").trim().toLowerCase()];
  if (level !== undefined) return level;
  const value = numberOf(text);
  return value === null ? null : Math.min(1, value > 1 ? value / 100 : value);
};

/** Keywords of a CSV, in whatever order its columns are; rows without a keyword, and those beyond the 5,000th, are left out. Null: it has no column of keywords. */
export const readKeywords = (csv: string): KnownKeyword[] | null => {
  const { data, meta } = Papa.parse<Record<string, string | undefined>>(csv.replace(/^\uFEFF/, ""), { header: true, skipEmptyLines: "greedy", preview: MOST_ROWS });
  const columnOf = (what: keyof typeof HEADINGS): string | undefined => (meta.fields ?? []).find((field) => HEADINGS[what].test(field.toLowerCase().replaceAll(/[^a-z]/g, "")));
  const [keyword, volume, competition] = [columnOf("keyword"), columnOf("volume"), columnOf("competition")];
  if (keyword === undefined) return null;
  const cell = (row: Record<string, string | undefined>, column: string | undefined): string | undefined => (column === undefined ? undefined : row[column]);
  return data.flatMap((row) => {
    const text = typed(cell(row, keyword) ?? "");
    return text === "" ? [] : [{ keyword: text, volume: numberOf(cell(row, volume)), competition: competitionOf(cell(row, competition)), source: "csv" as const }];
  });
};

const importedSchema = z.looseObject({ keyword: z.string().optional(), source: z.enum(["csv", "search_console"]), volume: z.number().min(0).nullable().default(null), competition: z.number().min(0).max(1).nullable().default(null) });

/** What entities of type `keyword` know: imported by an earlier run, by hand, or from Search Console, which is worth most. */
export const knownKeywords = async ({ keyed }: Pick<TenantMemory, "keyed">, projectId: string): Promise<Map<string, KnownKeyword>> => {
  const known = new Map<string, KnownKeyword>();
  for await (const rows of keyed.each(projectId, "keyword")) {
    for (const { name, metadata } of rows) {
      const read = importedSchema.safeParse(metadata).data;
      if (read === undefined) continue;
      const key = keywordKey(read.keyword ?? name);
      if (known.get(key)?.source !== "search_console") known.set(key, { keyword: typed(read.keyword ?? name), volume: read.volume, competition: read.competition, source: read.source });
    }
  }
  return known;
};

/** A guess where nothing is known: searches a month in a suburb. What they rank by is their order, not their size. */
const GUESSED_VOLUME: Readonly<Record<Intent, number>> = { hub: 100, service: 30, emergency: 40, price: 20, near_anchor: 5 };
const GUESSED_COMPETITION = 0.5;
/** How many of a hundred visitors call, by what they came for: who has water on the floor calls. A guess too. */
const CALLS_OF_VISITS: Readonly<Record<Intent, number>> = { hub: 0.02, service: 0.06, emergency: 0.15, price: 0.05, near_anchor: 0.06 };
/** Share of searches that a page in the middle of the first page gets, where nobody else tries. */
const CLICKS = 0.3;

export const demandFor = (keywords: readonly string[], intent: Intent, known: ReadonlyMap<string, KnownKeyword>): Demand => {
  const found = keywords.flatMap((keyword) => known.get(keywordKey(keyword)) ?? []);
  const [best] = found.toSorted((a, b) => Number(b.source === "search_console") - Number(a.source === "search_console") || (b.volume ?? 0) - (a.volume ?? 0));
  return best === undefined ? { volume: GUESSED_VOLUME[intent], competition: GUESSED_COMPETITION, source: "estimated" } : { volume: best.volume, competition: best.competition, source: best.source };
};

/** Calls a month that a page may bring, by guesses that are the same for all; a page that has more to say is worth a little more. */
export const expectedValue = ({ volume, competition }: Demand, intent: Intent, evidence: number): number =>
  Math.round((volume ?? GUESSED_VOLUME[intent]) * CLICKS * (1 - 0.8 * (competition ?? GUESSED_COMPETITION)) * CALLS_OF_VISITS[intent] * (1 + Math.min(evidence, 10) / 20) * 10_000) / 10_000;
