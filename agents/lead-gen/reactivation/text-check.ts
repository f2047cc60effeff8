import { smsSize } from "../../../core/contact/segments.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import { saysHowToStop } from "./text.ts";

const FEWEST = 40;
const MOST = 306;
const LINK = /https?:|www\.|\b[a-z0-9-]+\.(?:[a-z]{2,})(?:\/|\b)/i;
const NUMBER = /\d[\d.,\s-]*/g;
/** Promises that cost the business money or may not be made in a text that nobody has read. */
const OFFERS = /\b(?:free|gratis|discount\w*|half[ -]price|\w*percent|special\w*|deal|deals|offer\w*|voucher\w*|coupon\w*|gift\w*|prize\w*|win|winner|guarante\w*|cheap\w*|lowest|refund\w*|credit|loan|urgent\w*|last chance|limited time)\b|[%$€£¥]/gi;
const PLACE = /[{}[\]<>]/;
const DIRECTED = /[\p{Cc}\p{Cf}\p{Extended_Pictographic}]/u;

const numbersIn = (text: string): string[] => (text.match(NUMBER) ?? []).map((number) => number.replaceAll(/\D/g, "")).filter((number) => number !== "");

/** Words that a topic is about: those long enough to mean something. */
const wordsOf = (topic: string): string[] => topic.toLowerCase().match(/[\p{L}]{5,}/gu) ?? [];
const FORBIDDING = new Set(["never", "about", "claim", "claims", "mention", "other", "their", "which", "without", "promise", "promises", "giving", "anything", "customer", "customers", "business", "names", "promising", "claiming", "offering", "advice"]);

/** A text that has most of a forbidden topic's own words touches it. Refusing one too many costs a plain text in its place. */
const touches = (text: string, topic: string): boolean => {
  const words = wordsOf(topic).filter((word) => !FORBIDDING.has(word));
  const said = text.toLowerCase();
  const found = words.filter((word) => said.includes(word.slice(0, Math.max(5, word.length - 2)))).length;
  return said.includes(topic.toLowerCase()) || (words.length > 0 && found >= Math.ceil(words.length / 2));
};

/**
 * What is wrong with a text that a model wrote; null when it may be sent. Whatever the DNA's template says may be said; nothing that
 * can do harm is taken from elsewhere: no link, no number, no price, no offer.
 */
export const whatIsWrong = (text: string, { dna, template }: { dna: Pick<Dna, "identity" | "services" | "brand_brain">; template: string }): string | null => {
  const allowed = template.toLowerCase();
  if (text.length < FEWEST || text.length > MOST) return "length";
  if (smsSize(text).encoding === "UCS-2" && smsSize(template).encoding === "GSM-7" && smsSize(dna.identity.business_name).encoding === "GSM-7") return "letters";
  if (DIRECTED.test(text) || PLACE.test(text)) return "letters";
  if (!text.toLowerCase().includes(dna.identity.business_name.toLowerCase())) return "business";
  if (!saysHowToStop(text)) return "stop";
  if (LINK.test(text.replaceAll(dna.identity.business_name, ""))) return "link";
  const known = new Set([...numbersIn(template), ...numbersIn(dna.identity.business_name), ...dna.services.flatMap(({ price_from }) => (price_from === undefined ? [] : [String(price_from)]))]);
  if (numbersIn(text).some((number) => !known.has(number))) return "number";
  if ((text.match(OFFERS) ?? []).some((offer) => !allowed.includes(offer.toLowerCase()) && !dna.identity.business_name.toLowerCase().includes(offer.toLowerCase()))) return "offer";
  if (dna.brand_brain.forbidden_topics.some((topic) => touches(text, topic))) return "forbidden_topic";
  return null;
};
