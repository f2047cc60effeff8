import type { Dna } from "../../../core/dna/schema.ts";
import { areaOf, isOutside } from "./area.ts";
import type { LeadToScore, Rule } from "./scoring.types.ts";
import { mentions, spaced, stem, wordsIn } from "./words.ts";

/** Each is told by nobody who needs a tradesperson. */
const SURELY_SPAM = [
  /\b(?:bitcoin|crypto(?:currency)?|forex|casino|viagra|payday loans?|backlinks?|guest posts?|seo services?|escorts?)\b/i,
  /\b(?:earn|make|made)\b.{0,20}[$€£]\s?\d[\d,.]*.{0,30}\b(?:a|per|every)\s(?:day|week|month|hour)\b|\bwork from home\b.{0,40}[$€£]\s?\d/i,
  /\b(?:we are hiring|join our team|apply with your cv|send (?:us )?your (?:cv|resume))\b/i,
];
/** Two of these together are an advertisement: somebody offers the trade. */
const OFFERS = [
  /\b(?:we|our team|i) (?:offer|provide|specialise|specialize|do all|cover all|install and)\b/i,
  /\b(?:call|ring|text|contact|message|visit) us\b|\bour website\b/i,
  /\b(?:free quotes?|no call[- ]?out fee|fully (?:insured|licensed|qualified)|licensed and insured|competitive (?:rates|prices))\b/i,
  /\b(?:available for work|taking on (?:new )?(?:work|jobs|clients)|years(?:'| of)? experience|satisfaction guaranteed)\b/i,
  /\b(?:\d{1,2}% off|special offer|limited time|discounts? available|book now)\b/i,
];
const ADDRESS = /https?:\/\/|www\./gi;
const MANY_ADDRESSES = 3;

const looksLikeSpam = (text: string, spamWords: readonly string[]): boolean =>
  SURELY_SPAM.some((sign) => sign.test(text)) ||
  OFFERS.filter((sign) => sign.test(text)).length >= 2 ||
  (text.match(ADDRESS) ?? []).length >= MANY_ADDRESSES ||
  spamWords.some((word) => mentions(spaced(text), word));

/** Words of services' names that every trade's posts hold. */
const NOBODYS_WORDS = new Set(
  `service services repair repairs work works job jobs near nearby hour emergency cost price quote quotes local best cheap company
   and for the with now help need from your home house call out new old install installation replacement after hours`.split(/\s+/).map(stem),
);
/** With fewer words of its own a business has not said enough for their absence to mean anything. */
const LEAST_VOCABULARY = 12;
/** As little text as this may just not have come to the matter yet. */
const LEAST_TEXT = 6;

const vocabularyOf = ({ services, modules }: Pick<Dna, "services" | "modules">): Set<string> => {
  const texts = [...services.flatMap((service) => [service.name, ...(service.primary_keywords ?? []), ...(service.context_keywords ?? [])]), ...modules.lead_gen.sniper.keywords];
  return new Set(texts.flatMap(wordsIn).map(stem).filter((word) => word.length >= 3 && !NOBODYS_WORDS.has(word)));
};

const servesNothingOf = (text: string, dna: Pick<Dna, "services" | "modules">): boolean => {
  const vocabulary = vocabularyOf(dna);
  const words = wordsIn(text);
  return vocabulary.size >= LEAST_VOCABULARY && words.length >= LEAST_TEXT && !words.some((word) => vocabulary.has(stem(word)));
};

/** What is true of a lead that settles it without a model; the DNA switches each rule on or off. */
export const ruleHits = (lead: LeadToScore, dna: Pick<Dna, "services" | "modules">): Rule[] => {
  const { rules } = dna.modules.lead_gen.scoring;
  const text = `${lead.title}\n${lead.message}`;
  const hits: Record<Rule, boolean> = {
    outside_area: rules.outside_area && isOutside(lead.place, areaOf(dna)),
    forbidden_topic: rules.forbidden_topics.some((topic) => mentions(spaced(text), topic)),
    spam: rules.spam && looksLikeSpam(text, rules.spam_words),
    no_service: rules.no_service && servesNothingOf(text, dna),
  };
  return (Object.keys(hits) as Rule[]).filter((rule) => hits[rule]);
};
