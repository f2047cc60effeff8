import { createHash } from "node:crypto";
import { visibleText } from "../../visible-text.ts";
import type { PageContent, PageMetadata } from "../../page.schemas.ts";

/** Words in a row that are compared: three are common in any English, five miss what was shuffled. */
const WORDS = 4;
const WORD = /[\p{L}\p{N}]+(?:[’'][\p{L}]+)?/gu;

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORD) ?? [];

/** A page's words as a reader has them, its subject and all numbers taken out: a page that was copied with another suburb is a copy. */
export const comparedWords = ({ title, body_html, faq }: Pick<PageContent, "title" | "body_html" | "faq">, { service, place, primary_keyword }: Pick<PageMetadata, "service" | "place" | "primary_keyword">): string[] => {
  const subject = new Set(wordsOf([service.name, place?.name ?? "", place?.city ?? "", primary_keyword].join(" ")));
  const text = [title, visibleText(body_html), ...faq.flatMap(({ question, answer }) => [question, answer])].join("\n");
  return wordsOf(text).filter((word) => !subject.has(word) && !/^\d/.test(word));
};

/** 32 bits of each run of words, each once. */
export const shinglesOf = (words: readonly string[]): Uint32Array => {
  const hashes = new Set<number>();
  for (let at = 0; at + WORDS <= Math.max(words.length, WORDS); at += 1) hashes.add(createHash("sha1").update(words.slice(at, at + WORDS).join(" ")).digest().readUInt32LE(0));
  return Uint32Array.from(hashes);
};
