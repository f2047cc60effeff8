import type { Listing } from "./listing.ts";

/** Small letters without accents, single spaces: as texts are compared. */
export const folded = (text: string): string => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const wordsOf = (text: string): string[] => folded(text).split(" ").filter((word) => word !== "");

/** Whether all words of `wanted` that say something stand in the text, in any order; endings may differ (drain, drains). */
const holdsWords = (words: ReadonlySet<string>, list: readonly string[], wanted: string): boolean => {
  const telling = wordsOf(wanted).filter((word) => word.length > 2);
  const asked = telling.length > 0 ? telling : wordsOf(wanted);
  return asked.every((word) => words.has(word) || (word.length > 3 && list.some((one) => one.startsWith(word) || (one.length > 3 && word.startsWith(one)))));
};

/** Whether it stands there as it is, between word boundaries. */
const holdsPhrase = (text: string, phrase: string): boolean => ` ${folded(text)} `.includes(` ${folded(phrase)} `);

/** The first of these keywords whose words a text holds; null where none is. */
export const keywordIn = (text: string, keywords: readonly string[]): string | null => {
  const list = wordsOf(text);
  const words = new Set(list);
  return keywords.find((keyword) => holdsWords(words, list, keyword)) ?? null;
};

export interface Filter {
  keywords: readonly string[];
  negative_keywords: readonly string[];
  geo_filter: readonly string[];
}

export type Unwanted = "negative_keyword" | "no_keyword" | "elsewhere";

const wordsIn = ({ title, description }: Pick<Listing, "title" | "description">): string => `${title}\n${description}`;

/** Why a find is none of ours; null when it is. One that does not say where it is may be anywhere, and is kept. */
export const unwanted = (listing: Pick<Listing, "title" | "description" | "location">, { keywords, negative_keywords, geo_filter }: Filter): Unwanted | null => {
  const text = wordsIn(listing);
  if (negative_keywords.some((phrase) => holdsPhrase(text, phrase))) return "negative_keyword";
  if (keywords.length > 0 && keywordIn(text, keywords) === null) return "no_keyword";
  if (geo_filter.length === 0 || listing.location === null) return null;
  return geo_filter.some((place) => holdsPhrase(`${listing.location ?? ""} ${text}`, place)) ? null : "elsewhere";
};

/** The first of the places that a text names, as it is spelled there. */
export const placeIn = (text: string, places: readonly string[]): string | null => {
  for (const place of places) {
    if (!holdsPhrase(text, place)) continue;
    const spelled = new RegExp(`(?<![\\p{L}\\p{N}])${place.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+")}(?![\\p{L}\\p{N}])`, "iu").exec(text);
    return spelled?.[0] ?? place;
  }
  return null;
};

const LOW = /\b(?:no (?:rush|hurry)|not urgent|in no hurry|whenever|flexible|any ?time|some ?time|when (?:you|u) (?:can|have time)|keine eile|sin prisa|pas pressé|pas urgent)\b/i;
const HIGH = /\b(?:urgent(?:ly|e)?|asap|emergency|immediately|straight away|right (?:now|away)|needed now|today|tonight|burst|flood(?:ed|ing)?|water everywhere|locked out|no (?:power|heating|hot water)|gas leak|smell(?:s|ing)? gas|sparks?|dringend|sofort|notfall|urgencia|inmediato|hoy|emergencia|urgence|aujourd'hui)\b/i;
const MEDIUM = /\b(?:soon|this week|tomorrow|next few days|quickly|before (?:the )?(?:weekend|rain|winter|friday)|leak(?:ing|s)?|blocked|overflow\w*|diese woche|morgen|esta semana|mañana|cette semaine|demain)\b/i;

/** What the words themselves say of haste; null when they say nothing. That there is none is believed before that there is. */
export const urgencyOf = (text: string): Listing["urgency"] => (LOW.test(text) ? "low" : HIGH.test(text) ? "high" : MEDIUM.test(text) ? "medium" : null);
