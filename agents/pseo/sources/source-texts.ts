import type { Source } from "../page.schemas.ts";

/** A source before it has its short name within a page. */
export type NewSource = Omit<Source, "ref">;

const MOST_CHARACTERS = 600;

/** A source's words as they are shown to the model and kept: one line, bounded, cut at the end of a sentence where there is one. */
export const sourceText = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line.length <= MOST_CHARACTERS) return line;
  const cut = line.slice(0, MOST_CHARACTERS);
  const end = Math.max(cut.lastIndexOf(". "), cut.lastIndexOf("! "), cut.lastIndexOf("? "));
  return end > MOST_CHARACTERS / 2 ? cut.slice(0, end + 1) : `${cut.slice(0, -1)}…`;
};

/** Gives sources their short names, each text once. */
export const numbered = (sources: readonly NewSource[]): Source[] => {
  const seen = new Set<string>();
  return sources
    .filter(({ text }) => text !== "" && !seen.has(text) && seen.add(text))
    .map((source, index) => ({ ref: `s${index + 1}`, ...source }));
};
