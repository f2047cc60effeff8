import type { HuntProgress, SourceProgress, Stop } from "./progress.ts";
import { MICROS } from "../../../core/money.ts";

/** Of one source: what was read, what was found, what became of it, and why it went no further. */
export interface SourceResult {
  source: string;
  pages_read: number;
  details_read: number;
  /** Posts on its pages, each once. */
  found: number;
  created: number;
  /** Known already, from elsewhere or an earlier hunt. */
  joined: number;
  /** Counts by reason: `negative_keyword`, `no_keyword`, `elsewhere`, `expired`, `erased`. */
  dropped: Record<string, number>;
  /** Pages that only a model could have read, and that none has. */
  unread_pages: number;
  problems: { url: string; problem: string }[];
  stopped: Stop | "read";
  /** What the owner can do where it was not read. */
  advice: string | null;
}

export interface HuntResult {
  /** Ids of leads that are new, and of those that something was found of again. */
  created: string[];
  joined: string[];
  found: number;
  dropped: Record<string, number>;
  sources: SourceResult[];
  /** Of models, by list prices. */
  cost_usd: number;
  input_tokens: number;
  output_tokens: number;
  /** Titles, places and phones that a model named and no page says. */
  made_up: number;
  duration_s: number;
}

const added = (counts: readonly Record<string, number>[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const one of counts) for (const [reason, number] of Object.entries(one)) sum[reason] = (sum[reason] ?? 0) + number;
  return sum;
};

const sourceResult = ({ name, pages_read, details_read, found, created, joined, dropped, unread_pages, problems, stop, advice }: SourceProgress): SourceResult => ({
  source: name, pages_read, details_read, found, created: created.length, joined: joined.length, dropped, unread_pages, problems, stopped: stop ?? "read", advice,
});

export const resultOf = (progress: HuntProgress, now: number): HuntResult => {
  const { sources, spent_micros, input_tokens, output_tokens, made_up, started_at } = progress;
  const created = [...new Set(sources.flatMap((source) => source.created))];
  return {
    created,
    joined: [...new Set(sources.flatMap((source) => source.joined))].filter((id) => !created.includes(id)),
    found: sources.reduce((sum, source) => sum + source.found, 0),
    dropped: added(sources.map((source) => source.dropped)),
    sources: sources.map(sourceResult),
    cost_usd: spent_micros / MICROS,
    input_tokens,
    output_tokens,
    made_up,
    duration_s: Math.round((now - started_at) / 1000),
  };
};
