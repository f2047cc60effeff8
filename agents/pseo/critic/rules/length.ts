import { wordsOf } from "../../visible-text.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error, warning } = finder("length");

/** Characters that search results show, about. */
const TITLE = { least: 15, shown: 65, most: 90 };
const DESCRIPTION = { least: 50, shown: 165, most: 220 };

const bounded = (what: string, text: string, { least, shown, most }: typeof TITLE) => {
  const { length } = text;
  if (length < least) return [error(`The ${what} has ${length} characters; at least ${least} say what the page is about.`)];
  if (length > most) return [error(`The ${what} has ${length} characters; search results cut it at about ${shown}.`, `Shorten it to ${shown}.`)];
  return length > shown ? [warning(`The ${what} has ${length} characters; search results cut it at about ${shown}.`, `Shorten it to ${shown}.`)] : [];
};

/** Enough to be worth a visit, and no more than results show of title and description. */
export const length: Rule = {
  name: "length",
  check({ content, dna }) {
    const words = wordsOf(content);
    const { min_words } = dna.modules.local_seo.pages;
    return [
      ...(words < min_words ? [error(`The page has ${words} words, and the DNA asks for ${min_words}.`, "Say more of what the sources hold; repeat nothing.")] : []),
      ...bounded("title", content.title, TITLE),
      ...bounded("description", content.meta_description, DESCRIPTION),
    ];
  },
};
