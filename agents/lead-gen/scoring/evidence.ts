import { createLinkGuard } from "../call-analysis/links.ts";
import { clip, oneLine } from "../call-analysis/words.ts";
import { fold, stem, wordsIn } from "./words.ts";

const MOST_CHARACTERS = 240;
/** Words in which a judge speaks, whatever is judged. */
const JUDGES_WORDS = new Set(
  `a an and are as at be because but by customer budget fit for from has have high in is it its job lead low mentions needs no not of on or
   post poster says score since so states that the their there they this to urgency urgent wants was which who will with within without`.split(/\s+/).map(stem),
);
const QUOTED = /["“”«»„]([^"“”«»„]{3,})["“”«»„]/g;
/** What part of its own words a sentence must share with the lead's to rest on them. */
const LEAST_SHARE = 0.5;

const flat = (text: string): string => ` ${(fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;

/** Whether a sentence quotes what the lead says, or speaks in its words. What it puts in quotation marks must all be there. */
export const restsOn = (evidence: string, words: string): boolean => {
  const quotes = [...evidence.matchAll(QUOTED)].map(([, quote]) => quote ?? "");
  if (quotes.length > 0) return quotes.every((quote) => flat(words).includes(flat(quote).trimEnd()));
  const said = new Set(wordsIn(words).map(stem));
  const own = [...new Set(wordsIn(evidence).map(stem))].filter((word) => !JUDGES_WORDS.has(word));
  return own.length > 0 && own.filter((word) => said.has(word)).length / own.length >= LEAST_SHARE;
};

/** A model's sentence as it may be shown: one line, bounded, with no address in it that the lead does not hold itself. */
export const shownEvidence = (evidence: string, words: string): string => createLinkGuard(words)(clip(oneLine(evidence), MOST_CHARACTERS));
