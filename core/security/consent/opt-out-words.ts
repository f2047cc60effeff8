import { HARMLESS_STOP, HELP_WORDS, LIMITED, MAYBE_PATTERNS, POLITE, START_WORDS, STOP_PATTERNS, STOP_SENTENCES, STOP_WORDS, YES_WORDS } from "./opt-out-words.data.ts";

/** `maybe`: no rule is sure; worth asking a model (agents/lead-gen/contact-intent). */
export type OptOutWords = "stop" | "start" | "help" | "maybe" | "none";

/** A text message is at most 1,600 characters; a wish stands at its beginning or its end. */
const READ_CHARACTERS = 2000;
/** Many times the same word is one word. */
const MOST_POLITE_ROUNDS = 8;

/** Lower case, without accents and punctuation; the apostrophe stays, as it makes a word another one ("don't"). */
export const plain = (text: string): string =>
  text
    .slice(0, READ_CHARACTERS)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc`´]/g, "'")
    .replace(/[^\p{L}\p{N}' ]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();

const sentencesOf = (text: string): string[] => text.slice(0, READ_CHARACTERS).split(/[.!?;\n。！？]+|,? [-–—] /).map(plain).filter((sentence) => sentence !== "");

/** Takes "please", "thanks" and the like from both ends. */
const bare = (text: string): string => {
  let words = text.split(" ");
  for (let round = 0; round < MOST_POLITE_ROUNDS; round++) {
    const before = words.length;
    for (const length of [3, 2, 1]) {
      if (words.length > length && POLITE.has(words.slice(-length).join(" "))) words = words.slice(0, -length);
      if (words.length > length && POLITE.has(words.slice(0, length).join(" "))) words = words.slice(length);
    }
    if (words.length === before) break;
  }
  // "STOP STOP STOP" is STOP.
  return new Set(words).size === 1 ? (words[0] ?? "") : words.join(" ");
};

const byKeyword = (text: string, isOptedOut: boolean): OptOutWords | null => {
  const word = bare(text);
  if (STOP_WORDS.has(word) || STOP_WORDS.has(word.replaceAll(" ", ""))) return "stop";
  if (START_WORDS.has(word)) return "start";
  if (isOptedOut && YES_WORDS.has(word)) return "start";
  return HELP_WORDS.has(word) ? "help" : null;
};

/**
 * What a text says about being contacted, by rule alone: keywords first, then plain wishes in English and the commonest
 * ones in Spanish, French, German, Māori, Portuguese and Chinese. A wish with an "unless" ("don't call before nine") and angry
 * or puzzled words are `maybe`.
 * @param isOptedOut whether the sender is on the list now: only then a YES is a start
 */
export const readOptOutWords = (text: string, { isOptedOut }: { isOptedOut: boolean }): OptOutWords => {
  const said = plain(text);
  if (said === "") return "none";
  const keyword = byKeyword(said, isOptedOut);
  if (keyword !== null) return keyword;
  if (sentencesOf(text).some((sentence) => STOP_SENTENCES.has(bare(sentence)))) return "stop";
  const without = said.replace(HARMLESS_STOP, " ");
  const wish = STOP_PATTERNS.find((pattern) => pattern.test(without));
  if (wish !== undefined) return LIMITED.some((pattern) => pattern.test(without.replace(wish, " "))) ? "maybe" : "stop";
  return MAYBE_PATTERNS.some((pattern) => pattern.test(without)) ? "maybe" : "none";
};
