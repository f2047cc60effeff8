import { visibleText } from "../../visible-text.ts";
import { textOf } from "../read-body.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error } = finder("keyword");

/** Times in a hundred words, from which on a reader notices; and so many are no stuffing on any page. */
const MOST_IN_HUNDRED = 1.5;
const ALWAYS_ALLOWED = 4;
/** The same word three times in a row, or a list of places or services with nothing said of them. */
const REPEATED = /\b(\p{L}{3,}(?:\s\p{L}+){0,4})(?:[\s,;|]+\1\b){2,}/iu;
const EMPTY_WORDS = new Set(["in", "the", "a", "an", "of", "for", "and", "near", "to", "at", "my", "me", "on", "by"]);

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
/** One word is another's form: drain, drains; plumber, plumbing. */
const sameWord = (a: string, b: string): boolean => a === b || (a.length > 3 && b.length > 3 && (a.startsWith(b.slice(0, Math.max(4, b.length - 3))) || b.startsWith(a.slice(0, Math.max(4, a.length - 3)))));
const holds = (text: string, keyword: readonly string[]): boolean => {
  const words = wordsIn(text);
  return keyword.every((wanted) => words.some((word) => sameWord(word, wanted)));
};

/** How often the keyword's words follow each other, small words between them or not. */
const timesIn = (text: string, keyword: readonly string[]): number => {
  const words = wordsIn(text).filter((word) => !EMPTY_WORDS.has(word));
  return words.filter((_, at) => keyword.every((wanted, step) => words[at + step] === wanted)).length;
};

/** The keyword where searchers look for it, and not all over the page. */
export const keyword: Rule = {
  name: "keyword",
  check({ metadata, content, body }) {
    const wanted = wordsIn(metadata.primary_keyword).filter((word) => !EMPTY_WORDS.has(word));
    const intro = body.blocks.find(({ tag }) => tag === "p");
    const places: [string, string, number | null][] = [["title", content.title, null], ["H1", content.h1, null], ["first paragraph", intro ? textOf(intro) : "", intro?.line ?? null]];
    const missing = places.filter(([, text]) => !holds(text, wanted)).map(([place, , line]) => error(`The ${place} does not hold the keyword ${JSON.stringify(metadata.primary_keyword)}.`, "Say it there once, in words that read naturally.", line));
    const text = [visibleText(content.body_html), ...content.faq.flatMap(({ question, answer }) => [question, answer])].join(" ");
    const [times, words] = [timesIn(text, wanted), wordsIn(text).length];
    const stuffed = times > ALWAYS_ALLOWED && (times * 100) / Math.max(words, 1) > MOST_IN_HUNDRED;
    const repeated = body.blocks.filter((block) => REPEATED.test(textOf(block)));
    return [
      ...missing,
      ...(stuffed ? [error(`The keyword stands ${times} times in ${words} words.`, "Take out those that the reader does not need.")] : []),
      ...repeated.map(({ line }) => error("The same words stand three times in a row.", "Say it once.", line)),
    ];
  },
};
