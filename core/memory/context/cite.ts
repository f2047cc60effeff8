import type { ContextHit } from "./context.types.ts";

/** That a text rests on a passage: kept with what was written. */
export type Citation = Pick<ContextHit, "id" | "type" | "source">;

const markOf = (index: number): string => `c${index + 1}`;

/**
 * Passages as a model is shown them, one a line: `[c1] text`. Marks are short, so that a model repeats them right; they mean
 * something only together with these hits in this order. To be fenced like all data.
 */
export const asSources = (hits: readonly ContextHit[]): string => hits.map(({ text }, index) => `[${markOf(index)}] ${text.replaceAll(/\s+/g, " ")}`).join("\n");

/**
 * What an answer's marks (`c1`, `[c2]`) stand for, each passage once, in the order of the hits. A mark that was not handed out
 * stands for nothing: a model cannot cite what it was not shown.
 */
export const citationsOf = (marks: readonly string[], hits: readonly ContextHit[]): Citation[] => {
  const cited = new Set(marks.map((mark) => mark.trim().replace(/^\[(.*)\]$/, "$1").toLowerCase()));
  return hits.flatMap(({ id, type, source }, index) => (cited.has(markOf(index)) ? [{ id, type, source }] : []));
};
