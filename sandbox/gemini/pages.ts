import type { Schema } from "./schema.ts";

/*
 * What can be told of numbered web pages by simple rules, for whoever asks for facts with the words that say so: a list whose items have
 * `quote` and `page`. Nothing is made up: every item is a line of a page. It understands a little English, Spanish and German.
 */

interface NumberedPage {
  readonly number: number;
  readonly lines: readonly { readonly text: string; readonly heading: string }[];
}

/** One thing that a page says. */
interface Told {
  readonly quote: string;
  readonly page: number;
  readonly name: string;
  readonly price: number | null;
  readonly days: readonly string[];
  readonly opens: string;
  readonly closes: string;
}

const ABOUT_AREAS = /(?<!practice )\bareas?\b|suburb|we (?:serve|cover|look after)|\bzonas?\b|einsatzgebiet/i;
const ABOUT_SERVICES = /servic|treatment|price|practice|what we do|leistung|precio/i;
const ABOUT_WHY = /\bwhy\b|choose|different|por qué|warum|what sets/i;
const PRICE = /(?:[$€£]\s?(\d[\d,.]*)|(\d[\d,.]*)\s?€)/;
const NAME_ENDS = /,?\s*\b(?:from|desde|ab)\b\s*(?=[$€£\d])|\s*\.{3,}|\s*\|\s*|\s+[–—-]\s+|[:,]\s|\s*[$€£]/i;
const ADDRESS = /\b\d+[a-z]?\b.*\b(?:street|road|avenue|lane|drive|carrer|calle|straße|strasse)\b|\b(?:carrer|calle)\b.*\d/i;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_WORDS: readonly RegExp[] = [/\bmon(?:day)?\b|\blunes\b/i, /\btue(?:sday)?\b|\bmartes\b/i, /\bwed(?:nesday)?\b|\bmiércoles/i, /\bthu(?:rsday)?\b|\bjueves\b/i, /\bfri(?:day)?\b|\bviernes\b/i, /\bsat(?:urday)?\b|\bsábado/i, /\bsun(?:day)?\b|\bdomingo/i];
const TIME = /(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?/gi;

/** A heading in Markdown, or a line that shouts. */
const headingOf = (line: string): string | undefined => /^#+\s+(.*)$/.exec(line)?.[1] ?? /^(?:\p{Lu}{2,}\s?)+.*/u.exec(line)?.[0];

function pagesIn(prompt: string): NumberedPage[] {
  return [...prompt.matchAll(/<([\w-]+) number="(\d+)">\n([\s\S]*?)\n<\/\1>/g)].map((match) => {
    let heading = "";
    const lines = (match[3] ?? "").split("\n").map((text) => {
      heading = headingOf(text) ?? heading;
      return { text, heading };
    });
    return { number: Number(match[2]), lines };
  });
}

const plain = (line: string): string => line.replace(/^(?:[-*•]|#+)\s+/, "").trim();
const isItem = (line: string): boolean => /^[-*•]\s/.test(line) || line.includes(" | ");

function priceOf(line: string): number | null {
  const [, before, after] = PRICE.exec(line) ?? [];
  const written = before ?? after;
  return written === undefined ? null : Number(written.replace(/[.,](?=\d{3}\b)/g, "").replace(",", ".").replace(/[.,]$/, ""));
}

function timesOf(line: string): string[] {
  return [...line.matchAll(TIME)].flatMap(([, hour = "", minutes, half]) => {
    if (minutes === undefined && half === undefined) return [];
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
    return [`${String(hours).padStart(2, "0")}:${minutes ?? "00"}`];
  });
}

/** Lines like "Mon - Thu 8.30am - 5.30pm, Fri 8am - 1pm", piece by piece. */
function hoursIn(line: string): { quote: string; days: string[]; opens: string; closes: string }[] {
  return line.split(/(?<=[ap]m|\d{2}),\s+(?=\p{L})/iu).flatMap((quote) => {
    const named = DAY_WORDS.flatMap((word, index) => (word.test(quote) ? [index] : []));
    const [opens, closes] = timesOf(quote);
    const [first, last = first] = [named[0], named.at(-1)];
    return first === undefined || last === undefined || opens === undefined || closes === undefined ? [] : [{ quote: quote.replace(/\.$/, ""), days: DAYS.slice(first, last + 1), opens, closes }];
  });
}

const NOTHING = { name: "", price: null, days: [], opens: "", closes: "" };

/** What a page says of the matter that a list is named after. */
function toldBy({ number: page, lines }: NumberedPage, matter: string): Told[] {
  const below = (about: RegExp, unlike?: RegExp) => lines.filter(({ text, heading }) => about.test(heading) && unlike?.test(heading) !== true && headingOf(text) === undefined);
  if (/service/i.test(matter)) {
    return below(ABOUT_SERVICES, ABOUT_AREAS)
      .filter(({ text }) => isItem(text))
      .map(({ text }) => ({ ...NOTHING, quote: plain(text), page, name: (plain(text).split(NAME_ENDS)[0] ?? "").trim(), price: priceOf(text) }));
  }
  if (/area|place/i.test(matter)) {
    const rows = lines.filter(({ text }) => text.includes(" | ") && ABOUT_AREAS.test(text)).map(({ text }) => ({ text: text.slice(text.indexOf(" | ") + 3) }));
    return [...below(ABOUT_AREAS), ...rows].flatMap(({ text }) => plain(text).split(/,\s*|\s+(?:and|y|und)\s+/).map((name) => ({ ...NOTHING, quote: plain(text), page, name: name.trim() }))).filter(({ name }) => /^\p{Lu}/u.test(name) && name.split(" ").length <= 3);
  }
  if (/differ|why|strength/i.test(matter)) return below(ABOUT_WHY).flatMap(({ text }) => plain(text).split(/(?<=[.!])\s+/)).map((quote) => ({ ...NOTHING, quote, page }));
  if (/hour|open/i.test(matter)) return lines.flatMap(({ text }) => hoursIn(plain(text))).map((hours) => ({ ...NOTHING, ...hours, page }));
  if (/address/i.test(matter)) return lines.filter(({ text }) => ADDRESS.test(text)).slice(0, 1).map(({ text }) => ({ ...NOTHING, quote: plain(text), page }));
  return [];
}

function itemOf(told: Told, schema: Schema): Record<string, unknown> {
  return Object.fromEntries(
    schema.properties.map(([key, inner]) => {
      if (key === "quote" || key === "page" || key === "name" || key === "opens" || key === "closes" || key === "days") return [key, told[key]];
      if (/price/i.test(key)) return [key, told.price];
      return [key, inner.choices?.at(-1) ?? null];
    }),
  );
}

/** The list that is asked for; undefined when it is not about numbered pages. */
export function toldByPages(prompt: string, matter: string, schema: Schema): Record<string, unknown>[] | undefined {
  const { items } = schema;
  const names = new Set(items?.properties.map(([name]) => name));
  if (items === undefined || !names.has("quote") || !names.has("page")) return undefined;
  const pages = pagesIn(prompt);
  if (pages.length === 0) return undefined;
  return pages.flatMap((page) => toldBy(page, matter)).filter(({ quote }) => quote !== "").slice(0, schema.maxItems).map((told) => itemOf(told, items));
}
