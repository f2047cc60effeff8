import { sentencesOf, textOf } from "../read-body.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error } = finder("forbidden");

/** Words that carry no topic. */
const EMPTY = new Set("about after again also anything because been being before could does done ever every from have having into itself just like made make meant more most nobody none only other over own same says should since some such than that their them then there these they this those unless until upon very want wants were what when where whether which while whose will with within without would wording your yours entry owner seen".split(" "));
const LEAST_TELLING = 3;
const LEAST_SHARE = 0.6;

/** A word without its commonest endings, well enough to find it again. */
const stemOf = (word: string): string => word.toLowerCase().replace(/[’']s$/, "").replace(/(?:ies|ied)$/, "y").replace(/(?:ing|ed|es|s)$/, "");
const telling = (text: string): string[] => (text.match(/[\p{L}\p{N}’']+/gu) ?? []).filter((word) => word.length > 3 && !EMPTY.has(word.toLowerCase())).map(stemOf);

/** A topic is touched by a sentence that has all of its words where they are few, else most of them; its alternatives stand for themselves. */
const isTouched = (topic: string, sentence: ReadonlySet<string>): boolean => {
  const whole = telling(topic);
  const shareOf = (words: readonly string[]): number => words.filter((word) => sentence.has(word)).length / words.length;
  const alternatives = topic.split(/,\s+or\s+|;\s+|,\s+(?=that\s)/).map(telling).filter((words) => words.length >= LEAST_TELLING);
  if (whole.length === 0) return false;
  return whole.length < LEAST_TELLING ? shareOf(whole) === 1 : shareOf(whole) >= LEAST_SHARE || alternatives.some((words) => shareOf(words) === 1);
};

/** What the owner wants no text to touch, as far as words tell; what they mean is for the model's review. */
export const forbidden: Rule = {
  name: "forbidden",
  check({ content, body, dna }) {
    const said = [
      ...[content.title, content.meta_description, content.h1].map((text) => ({ text, line: null })),
      ...body.blocks.flatMap((block) => sentencesOf(textOf(block)).map((text) => ({ text, line: block.line }))),
      ...content.faq.flatMap(({ question, answer }) => [question, ...sentencesOf(answer)].map((text) => ({ text, line: null }))),
    ];
    return said.flatMap(({ text, line }) => {
      const words = new Set(telling(text));
      const topic = dna.brand_brain.forbidden_topics.find((one) => isTouched(one, words));
      return topic === undefined ? [] : [error(`It touches what must not be touched: ${JSON.stringify(topic)}.`, `Leave out: ${JSON.stringify(text)}`, line)];
    });
  },
};
