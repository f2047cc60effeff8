import { flesch } from "flesch";
import { syllable } from "syllable";
import { sentencesOf, textOf } from "../read-body.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error, warning } = finder("readability");

/** Flesch reading ease, 0 to 100: below 50 is for students (Flesch, "How to write plain English"). Made for English. */
const HARD = 50;
const TOO_HARD = 30;
const LONG_SENTENCE = 40;
const MOST_SHOWN = 5;

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu) ?? [];

export const readability: Rule = {
  name: "readability",
  check({ body, dna }) {
    const sentences = body.blocks.filter(({ tag }) => !/^h\d$/.test(tag)).flatMap((block) => sentencesOf(textOf(block)).map((text) => ({ text, line: block.line, words: wordsOf(text) })));
    const long = sentences.filter(({ words }) => words.length > LONG_SENTENCE).slice(0, MOST_SHOWN).map(({ line, words }) => warning(`A sentence of ${words.length} words.`, "Make two of it.", line));
    const words = sentences.flatMap((one) => one.words);
    if (words.length === 0 || !/^en\b/i.test(dna.identity.language ?? "en")) return long;
    const ease = flesch({ sentence: sentences.length, word: words.length, syllable: words.reduce((sum, word) => sum + Math.max(1, syllable(word)), 0) });
    const message = `It reads with an ease of ${Math.round(ease)} of 100 (Flesch).`;
    const suggestion = "Use shorter sentences and everyday words.";
    return [...(ease < TOO_HARD ? [error(message, suggestion)] : ease < HARD ? [warning(message, suggestion)] : []), ...long];
  },
};
