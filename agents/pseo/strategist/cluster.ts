import { likeness, type PlacedText, type SimilarTexts } from "../../../core/memory/similar/similar-texts.ts";
import type { Combination, Dropped } from "./matrix.ts";
import { keywordKey } from "./keywords.ts";

/** What a page is to be found by, in one text without its place: two that are so near each other would be shown for the same searches. */
const SAME_FROM = 0.92;

const wantsOf = ({ primary_keyword, secondary_keywords, place, intent }: Combination): string => {
  const text = [primary_keyword, ...secondary_keywords].join(", ");
  const without = place === null ? text : text.replaceAll(new RegExp(place.name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), "gi"), "").replaceAll(/\s+/g, " ");
  return `${intent}: ${without}`;
};

/**
 * Leaves, of pages that would compete, the one that is worth most, and gives it the others' keywords. Pages about different places do
 * not compete, whatever their words: the place is in the search. Equal texts (the same service in many places) are embedded once.
 * @param combinations best first
 * @throws those of `SimilarTexts.place`
 */
export const withoutCompetition = async (combinations: readonly Combination[], { place: placeTexts }: Pick<SimilarTexts, "place">, projectId: string): Promise<{ kept: Combination[]; merged: Dropped[] }> => {
  const texts = [...new Set(combinations.map(wantsOf))];
  const placed = await placeTexts("pages", projectId, texts.map((text, at) => ({ id: `wanted-${at}`, text })));
  const vectors = new Map<string, PlacedText>(placed.map((one) => [one.text, one]));
  const kept: Combination[] = [];
  const merged: Dropped[] = [];
  const byPlace = new Map<string, number[]>();

  const competes = (a: Combination, b: Combination): boolean => {
    // A hub is about all places: it is left to other searches than the pages below it, and there is one of each service.
    if (keywordKey(a.primary_keyword) === keywordKey(b.primary_keyword)) return true;
    const [one, other] = [vectors.get(wantsOf(a)), vectors.get(wantsOf(b))];
    return one !== undefined && other !== undefined && likeness(one, other) >= SAME_FROM;
  };

  for (const combination of combinations) {
    const where = combination.place?.slug ?? "";
    const rivals = byPlace.get(where) ?? [];
    const at = rivals.find((index) => {
      const rival = kept[index];
      return rival !== undefined && competes(rival, combination);
    });
    const rival = at === undefined ? undefined : kept[at];
    if (at === undefined || rival === undefined) {
      byPlace.set(where, [...rivals, kept.length]);
      kept.push(combination);
      continue;
    }
    const known = new Set([rival.primary_keyword, ...rival.secondary_keywords].map(keywordKey));
    const more = [combination.primary_keyword, ...combination.secondary_keywords].filter((keyword) => !known.has(keywordKey(keyword)));
    kept[at] = { ...rival, secondary_keywords: [...rival.secondary_keywords, ...more].slice(0, 20) };
    merged.push({ key: combination.key, service: combination.service.name, place: combination.place?.name ?? null, intent: combination.intent, why: `would compete with ${rival.key}` });
  }
  return { kept, merged };
};
