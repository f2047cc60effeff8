/** Words that say nothing of what is wanted. */
const EMPTY = new Set(["a", "an", "and", "for", "in", "me", "my", "near", "nearby", "now", "of", "on", "the", "to", "with", "your"]);
/** Endings that make another form of the same word: plumber, plumbers, plumbing. Shorter words are left as they are. */
const ENDINGS = /(?:ings|ing|ers|er|ed|es|s)$/;
const SHORTEST_STEM = 4;

const stemOf = (word: string): string => {
  const stem = word.replace(ENDINGS, "");
  return stem.length >= SHORTEST_STEM ? stem : word;
};

/** What a text's words have in common with those of another who means the same: small letters, stems, without empty words. */
const stemsOf = (text: string): string[] =>
  (text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !EMPTY.has(word)).map(stemOf);

/** The same for two keywords that ask for the same in other words' order: `plumber in ponsonby`, `ponsonby plumbers`. */
export const keywordKey = (keyword: string): string => [...new Set(stemsOf(keyword))].toSorted().join(" ");

/** As people type it: one space between words, small letters. */
export const typed = (keyword: string): string => keyword.trim().toLowerCase().replaceAll(/\s+/g, " ").slice(0, 200);

/** Whether a text names a place: its name as whole words, whatever the accents. */
export const namesPlace = (text: string, place: string): boolean => {
  const plain = (value: string): string => ` ${value.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  return plain(place).trim() !== "" && plain(text).includes(plain(place));
};

/** Words that every trade's texts have, so that sharing one is no sign of being about a service. */
const COMMON = new Set(["service", "repair", "replac", "install", "installation", "clean", "home", "hous", "work", "emergency", "price", "cost", "cheap", "best", "local", "24", "hour", "commercial", "test", "maintenanc"]);

/** Whether a text is about a service: it has a word of its name, or most of one of its keywords. */
export const isAbout = (text: string, { name, keywords }: { name: string; keywords: readonly string[] }): boolean => {
  const there = new Set(stemsOf(text));
  const own = (phrase: string): string[] => stemsOf(phrase).filter((stem) => !COMMON.has(stem));
  const has = (phrase: string): boolean => {
    const stems = own(phrase);
    return stems.length > 0 && stems.filter((stem) => there.has(stem)).length > stems.length / 2;
  };
  return has(name) || keywords.some(has);
};
