import { WEEKDAYS, type Weekday } from "../../core/dna/hours.ts";

/*
 * Whether a page says what a model claims that it says. Every value that comes from a model passes here, or it is dropped.
 */

/** For comparing: letters and digits as they sound alike in print. Case, kinds of quotes and dashes, and runs of space are no difference. */
export const comparable = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[\p{Cf}]/gu, "")
    .replace(/[‘’‚‛′`´]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();

const IN_WORD = /[\p{L}\p{N}]/u;

/** Whether `text` has `wanted` in it as whole words. An empty `wanted` is in nothing. */
export const says = (text: string, wanted: string): boolean => {
  const [page, words] = [comparable(text), comparable(wanted)];
  if (words === "") return false;
  for (let at = page.indexOf(words); at >= 0; at = page.indexOf(words, at + 1)) {
    const [before, after] = [page[at - 1] ?? " ", page[at + words.length] ?? " "];
    if (!(IN_WORD.test(before) && IN_WORD.test(words[0] ?? " ")) && !(IN_WORD.test(after) && IN_WORD.test(words.at(-1) ?? " "))) return true;
  }
  return false;
};

/** A number as people write prices: 1,250.00, 1.250,00, 1 250, 149.-; the last mark of one or two digits is the decimal one. */
const numberOf = (written: string): number => {
  const [, whole = "", cents = ""] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(written.replace(/[\s'’]/g, "")) ?? [];
  return Number(`${whole.replace(/[.,]/g, "")}.${cents === "" ? "0" : cents}`);
};

const AMOUNT = String.raw`\d{1,3}(?:[ ,.'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`;
const CURRENCY = String.raw`(?:NZ|AU|A|US|CA|C|S|HK|R)?[$€£¥₹]|\b(?:NZD|AUD|USD|CAD|EUR|GBP|SGD|ZAR|CHF|euros?|dollars?|pounds?)\b`;
const PRICE = new RegExp(`(?:${CURRENCY})\\s?(${AMOUNT})(?![\\d])|(?<![\\d.,])(${AMOUNT})\\s?(?:${CURRENCY})`, "giu");

/** Amounts of money that a text names. A number without a currency is none: it may be a year or a licence. */
export const pricesIn = (text: string): number[] => [...text.matchAll(PRICE)].map((match) => numberOf(match[1] ?? match[2] ?? ""));

/** Times of day that a text names, as HH:MM: 8am, 8.30 pm, 17:00, 17h, 9 – 5 is none. */
export const timesIn = (text: string): string[] =>
  [...text.matchAll(/(?<!\d)(\d{1,2})(?:[:.h](\d{2}))?\s?(a\.?m\.?|p\.?m\.?|h\b|uhr\b)?(?!\d)/giu)].flatMap((match) => {
    const [, hour = "", minutes, mark = ""] = match;
    if (minutes === undefined && mark === "") return [];
    const half = mark.toLowerCase().replaceAll(".", "");
    const hours = (Number(hour) % (half === "am" || half === "pm" ? 12 : 25)) + (half === "pm" ? 12 : 0);
    return hours > 24 || Number(minutes ?? 0) > 59 ? [] : [`${String(hours).padStart(2, "0")}:${minutes ?? "00"}`];
  });

/** 2024-01-01 was a Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const dayNames = (day: Weekday, language: string): string[] => {
  const date = new Date(MONDAY + WEEKDAYS.indexOf(day) * 86_400_000);
  const name = (weekday: "long" | "short", locale: string): string => new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(date).toLowerCase().replace(/\.$/, "");
  try {
    return [name("long", language), name("short", language), name("long", "en"), name("short", "en")];
  } catch {
    return [name("long", "en"), name("short", "en")];
  }
};

const EVERY_DAY = /every ?day|daily|7 days|24\s?\/\s?7|seven days|all week|todos los d[ií]as|cada d[ií]a|tots els dies|täglich|tous les jours/i;

/** Whether the text names the day, in the page's language or in English. */
const namesDay = (text: string, day: Weekday, language: string): boolean => {
  const words = comparable(text);
  return dayNames(day, language).some((name) => new RegExp(`(?<!\\p{L})${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}s?(?!\\p{L})`, "u").test(words));
};

/** Ways to write "from … to …" between two days, in a few languages. */
const RANGE = /[-‐‑‒–—―]|\b(?:to|till|until|through|thru|bis|a|al|hasta|fins|à|au|t\/m|tot)\b/iu;

/** Whether a text says that it is open on these days: every day, or by naming the first and the last of them. */
export const namesDays = (text: string, days: readonly Weekday[], language: string): boolean => {
  const sorted = WEEKDAYS.filter((day) => days.includes(day));
  if (sorted.length === 7 && EVERY_DAY.test(text)) return true;
  // An unbroken run may be written by its ends; days apart are named one by one.
  const unbroken = sorted.every((day, index) => index === 0 || WEEKDAYS.indexOf(day) === WEEKDAYS.indexOf(sorted[index - 1] ?? day) + 1);
  const needed = unbroken && RANGE.test(text) ? [sorted[0], sorted.at(-1)] : sorted;
  return needed.length > 0 && needed.every((day) => day !== undefined && namesDay(text, day, language));
};

/** What must not stand in a text that is taken over: ways to reach somebody, and addresses. They are read by code, from where they mean one thing. */
export const holdsContact = (text: string): boolean => /https?:|www\.|@|\b[a-z0-9-]+\.(?:com|net|org|info|biz|co|io|example)\b/i.test(text) || /(?:\d[\s().-]?){7,}/.test(text);
