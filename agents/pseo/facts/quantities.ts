import { NUMBER_WORDS } from "./words.data.ts";

/*
 * Numbers that a text says, with what they count. A number is the same whether it is written 1,200 or 1200, and a price whether it is
 * NZ$120 or 120 dollars.
 */

export type Unit = "money" | "percent" | "distance" | "time" | "years" | "none";

export interface Quantity {
  kind: "price" | "percentage" | "distance" | "duration" | "year" | "number";
  value: number;
  unit: Unit;
  /** As it is written. */
  text: string;
}

const CURRENCY = String.raw`(?:(?:US|NZ|A|AU|C|CA|S|HK)?\$|[€£¥₹]|(?:NZD|AUD|USD|CAD|GBP|EUR|CHF)\s)`;
const NUMBER = String.raw`\d{1,3}(?:[,\u00a0 ]\d{3})+(?:\.\d+)?|\d+(?:[.,:]\d+)?`;
const WORDS = [...NUMBER_WORDS.keys()].join("|");
const AFTER = String.raw`\s?(%|percent\b|per cent\b|dollars?\b|euros?\b|pounds?\b|NZD\b|AUD\b|USD\b|GBP\b|EUR\b|€|£|kilomet(?:re|er)s?\b|km\b|met(?:re|er)s?\b|m\b|miles?\b|mi\b|minutes?\b|mins?\b|hours?\b|hrs?\b|days?\b|weeks?\b|months?\b|years?\b|[-‑](?:minute|hour|day|week|month|year)\b)?`;
// A range's first number counts what its second does: between 120 and 180 dollars.
const QUANTITY = new RegExp(String.raw`(${CURRENCY})?\s?(?<![\p{L}\d.,])(${NUMBER}|(?:${WORDS})(?![\p{L}\d]))(?:st|nd|rd|th)?${AFTER}`, "giu");
const RANGE = /^\s?(?:-|–|to|and|or)\s?$/i;

const valueOf = (written: string): number => {
  const word = NUMBER_WORDS.get(written.toLowerCase());
  if (word !== undefined) return word;
  const plain = written.replaceAll(/[\u00a0 ]/g, "").replace(/,(?=\d{3}(?:\D|$))/g, "");
  // A time of day, 8:30, is a number of its own.
  return Number(plain.replace(":", ".").replace(",", "."));
};

const unitOf = (before: string | undefined, after: string | undefined): Unit => {
  if (before !== undefined) return "money";
  const unit = (after ?? "").toLowerCase().replace(/^[-‑]/, "");
  if (unit === "") return "none";
  if (/^(?:%|per)/.test(unit)) return "percent";
  if (/^(?:dollar|euro|pound|nzd|aud|usd|gbp|eur|€|£)/.test(unit)) return "money";
  if (/^(?:k|met|m$|mi$|mile)/.test(unit)) return "distance";
  return unit.startsWith("year") ? "years" : "time";
};

const scaled = (value: number, after: string | undefined): number => (/^(?:k)/i.test(after ?? "") ? value * 1000 : /^mi(?:le)?s?$/i.test(after ?? "") ? value * 1609.344 : value);

const kindOf = (unit: Unit, value: number, text: string): Quantity["kind"] => {
  if (unit === "money") return "price";
  if (unit === "percent") return "percentage";
  if (unit === "distance") return "distance";
  if (unit === "time" || unit === "years") return "duration";
  return /^\s?(?:18|19|20)\d{2}$/.test(text) && Number.isInteger(value) ? "year" : "number";
};

/** All of them, in their order. Distances are in metres. */
export const quantitiesIn = (text: string): Quantity[] => {
  const matches = [...text.matchAll(QUANTITY)];
  const units = matches.map((match) => unitOf(match[1], match[3]));
  return matches.map((match, index) => {
    const next = matches[index + 1];
    const between = next === undefined ? "" : text.slice(match.index + match[0].length, next.index);
    const before = matches[index - 1];
    const previously = before === undefined ? "" : text.slice(before.index + before[0].length, match.index);
    const own = units[index] ?? "none";
    // $120 to 180: the second is money too.
    const ranged = own !== "none" ? own : RANGE.test(between) ? (units[index + 1] ?? "none") : RANGE.test(previously) && units[index - 1] === "money" ? "money" : "none";
    const value = scaled(valueOf(match[2] ?? ""), own === "none" && ranged === "distance" ? next?.[3] : match[3]);
    return { kind: kindOf(ranged, value, match[0]), value, unit: ranged, text: match[0].trim() };
  });
};

/** Whether one of the sources' quantities says what this one does. What counts nothing may be found counting anything. */
export const isSaid = (one: Quantity, said: readonly Quantity[]): boolean =>
  said.some((other) => Math.abs(other.value - one.value) < 1e-9 && (one.unit === "none" || one.unit === other.unit));
