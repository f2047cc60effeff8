import { OPENERS, PLAIN_ACRONYMS } from "./words.data.ts";

/*
 * Names in a text, told by their capital letters. It errs towards finding one: a name that is none must be cited or reworded, while
 * one that is missed would go out. Where every noun is written large (German) or nothing is (most scripts), capitals say nothing.
 */

const WORD = /[\p{L}\p{M}\p{N}]+(?:[’'-][\p{L}\p{M}\p{N}]+)*/gu;
/** Within a name: Bay of Plenty, Te Papa o Waiheke. */
const JOINED = /^(?:of|the|and|de|du|la|le|o|te|van|von|der|al)$/i;
const isLarge = (word: string): boolean => /^\p{Lu}/u.test(word);
const bare = (word: string): string => word.replace(/[’']s$/i, "").toLowerCase();
/** Words of verbs and adverbs: Turning, Checked, Usually. Rarely a name by themselves. */
const INFLECTED = /^\p{Lu}\p{Ll}{2,}(?:ing|ed|ly)$/u;
/** What follows somebody's name when it begins a sentence: a verb about one person. Plurals and commands have another after them. */
const OF_ONE = /^(?:is|was|has|himself|herself)$/i;
const VERB_OF_ONE = /^(?!(?:this|its|his|us|as|always|sometimes|perhaps|unless|across|towards|besides|yes|plus|less)$)\p{Ll}{2,}s$/u;

export const wordsIn = (text: string): string[] => (text.match(WORD) ?? []).map((word) => word);

/** Words in small letters, which are therefore no names wherever else they stand. */
export const smallWordsIn = (text: string): string[] => wordsIn(text).filter((word) => /^\p{Ll}/u.test(word)).map(bare);

export const tellsNames = (language: string | undefined): boolean => !/^(?:de|lb|ja|zh|ko|th|ar|he|hi|ka)\b/i.test(language ?? "en");

interface Word {
  text: string;
  /** A comma or the like stands before it: a name does not go on over it. */
  apart: boolean;
  /** It begins a sentence, or what follows a colon or a quotation mark: a capital says nothing there. */
  opens: boolean;
}

const separated = (sentence: string): Word[] => {
  let end = 0;
  return [...sentence.matchAll(WORD)].map((match) => {
    const between = sentence.slice(end, match.index);
    const opens = end === 0 || /[:;“"‘([—–!?]/.test(between);
    end = match.index + match[0].length;
    return { text: match[0], apart: opens || /[^\s&.-]/.test(between), opens };
  });
};

/**
 * Names in one sentence or heading, each as its words.
 * @param ordinary words that are known to be written small elsewhere
 * @param titled a heading may write all its words large: then only what is not `ordinary` is a name
 */
export const namesIn = (sentence: string, ordinary: ReadonlySet<string>, { titled = false }: { titled?: boolean } = {}): string[][] => {
  const words = separated(sentence);
  const isPlain = (word: string): boolean => PLAIN_ACRONYMS.has(word) || ordinary.has(bare(word)) || OPENERS.has(bare(word));
  const isTelling = (word: Word | undefined): boolean => word !== undefined && isLarge(word.text) && !isPlain(word.text);
  /** Whether a sentence's first word, which is large in any case, is somebody's name. */
  const isSubject = (word: string, next: string): boolean => !INFLECTED.test(word) && (OF_ONE.test(next) || (!/s$/i.test(word) && VERB_OF_ONE.test(next)));
  const names: string[][] = [];
  let current: string[] = [];
  const end = (): void => {
    while (current.length > 0 && JOINED.test(current.at(-1) ?? "")) current.pop();
    if (current.length > 0) names.push(current);
    current = [];
  };
  words.forEach((word, index) => {
    const next = words[index + 1];
    const { opens } = word;
    const goesOn = next !== undefined && !next.apart;
    if (word.apart) end();
    if (isTelling(word)) {
      if (!opens || (goesOn && (isTelling(next) || (!titled && isSubject(word.text, next.text))))) current.push(word.text);
      return;
    }
    // An everyday word within a name: Auckland Water Services.
    const within = current.length > 0 && (isLarge(word.text) || (JOINED.test(word.text) && goesOn && isTelling(next)));
    const before = !opens && !titled && isLarge(word.text) && !PLAIN_ACRONYMS.has(word.text) && goesOn && isTelling(next);
    if (within || before) current.push(word.text);
    else end();
  });
  end();
  return names;
};
