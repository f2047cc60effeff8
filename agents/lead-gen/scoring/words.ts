/** Lower case, without marks on letters. */
export const fold = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

export const wordsIn = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Its words with one space between any two, and one around: so that a phrase is found as whole words only. */
export const spaced = (text: string): string => ` ${wordsIn(text).join(" ")} `;

/** Whether a phrase occurs in a text that `spaced` has made; a plural counts. */
export const mentions = (spacedText: string, phrase: string): boolean => {
  const words = wordsIn(phrase).join(" ");
  return words !== "" && (spacedText.includes(` ${words} `) || spacedText.includes(` ${words}s `) || spacedText.includes(` ${words}es `));
};

const without = (word: string, ending: RegExp): string => {
  const rest = word.replace(ending, "");
  return rest.length >= 3 ? rest : word;
};

/** What is left of a word when its ending is not looked at: `leaking`, `leaks` and `leaky` are one, `pipes` and `pipe`. Rough on purpose. */
export const stem = (word: string): string => without(without(word, /s$/), /(?:ing|er|ed|e|y)$/).slice(0, 7);
