import { WEEKDAYS, hoursSchema } from "../../core/dna/hours.ts";
import type { Page } from "../../core/web/page.ts";
import type { ModelAnswer } from "./ask.ts";
import { comparable, holdsContact, namesDays, pricesIn, says, timesIn } from "./evidence.ts";
import { CONFIDENCE, type Facts, type FoundPlace, type FoundService, type FoundText, type OpeningHours } from "./facts.ts";
import { speaksToMachines } from "./suspicious.ts";

const MAX = { services: 40, places: 100, differentiators: 8, name: 100, place: 60, sentence: 300 };

/** Words that tell one service from another. */
const tellingWords = (text: string): string[] => comparable(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 3);

const wordsOf = (page: Page): string => [page.title, page.description, page.text].join("\n");

/** A text that may be taken over: some words, no contact, nothing that speaks to machines. */
const isHarmless = (text: string, max: number): boolean => text !== "" && text.length <= max && /\p{L}{2}/u.test(text) && !holdsContact(text) && !speaksToMachines(text);

/**
 * What of the model's answer stands on the page that it names. Everything else is dropped and counted: a value that cannot be
 * looked up is an invented one, whoever invented it.
 */
export const verify = (answer: ModelAnswer, pages: readonly Page[]): Pick<Facts, "services" | "places" | "differentiators" | "hours" | "address"> & { dropped: number } => {
  let dropped = 0;
  const found = (source: Page) => ({ origin: "model" as const, source_url: source.url, confidence: CONFIDENCE.model });
  /** The page of an item, if its quote stands there. */
  const check = <Item extends { page: number; quote: string }, Fact>(items: readonly Item[] | undefined, read: (item: Item, source: Page) => Fact | null): Fact[] =>
    (items ?? []).flatMap((item) => {
      const source = pages[item.page - 1];
      const fact = source !== undefined && says(wordsOf(source), item.quote) ? read(item, source) : null;
      if (fact === null) dropped += 1;
      return fact === null ? [] : [fact];
    });

  const services = check(answer.services, ({ name, price_from, quote }, source): FoundService | null => {
    const clean = name.replace(/\s+/g, " ").trim();
    if (!isHarmless(clean, MAX.name) || !says(wordsOf(source), clean)) return null;
    const telling = tellingWords(clean);
    const about = telling.length === 0 || telling.filter((word) => comparable(quote).includes(word)).length * 2 >= telling.length;
    const priced = price_from !== null && about && pricesIn(quote).includes(price_from);
    if (price_from !== null && !priced) dropped += 1;
    return { name: clean, price_from: priced ? price_from : null, ...found(source) };
  });
  const places = check(answer.areas, ({ name, kind, quote }, source): FoundPlace | null => {
    const clean = name.replace(/\s+/g, " ").trim();
    return isHarmless(clean, MAX.place) && says(quote, clean) ? { name: clean, kind, ...found(source) } : null;
  });
  const differentiators = check(answer.differentiators, ({ quote }, source): FoundText | null => {
    const clean = quote.replace(/\s+/g, " ").replace(/^[-#•*\s]+/, "").trim();
    return isHarmless(clean, MAX.sentence) && clean.split(" ").length >= 3 ? { text: clean, ...found(source) } : null;
  });
  const addresses = check(answer.address, ({ quote }, source): FoundText | null => {
    const clean = quote.replace(/\s+/g, " ").replace(/^[-#•*\s]+/, "").trim();
    return clean.length <= 200 && /\d/.test(clean) && /\p{L}{3}/u.test(clean) && !holdsContact(clean) && !speaksToMachines(clean) ? { text: clean, ...found(source) } : null;
  });
  const lines = check(answer.hours, ({ days, opens, closes, quote }, source) => {
    const times = timesIn(quote);
    const language = source.language ?? "en";
    return days.length > 0 && times.includes(opens) && times.includes(closes) && namesDays(quote, days, language) ? { days, window: `${opens}-${closes}`, source } : null;
  });
  const hours: OpeningHours = {};
  for (const { days, window } of lines) for (const day of days) hours[day] = [...new Set([...(hours[day] ?? []), window])];
  const inOrder = hoursSchema.safeParse(Object.fromEntries(WEEKDAYS.flatMap((day) => (hours[day] === undefined ? [] : [[day, hours[day]]]))));
  const [line] = lines;

  const unique = <Fact extends { name: string }>(facts: Fact[], max: number): Fact[] => [...new Map(facts.toReversed().map((fact) => [comparable(fact.name), fact])).values()].toReversed().slice(0, max);
  return {
    services: mergePrices(services).slice(0, MAX.services),
    places: unique(places, MAX.places),
    differentiators: [...new Map(differentiators.map((fact) => [comparable(fact.text), fact])).values()].slice(0, MAX.differentiators),
    hours: line !== undefined && inOrder.success ? { hours: inOrder.data, ...found(line.source) } : null,
    address: addresses[0] ?? null,
    dropped,
  };
};

/** One service, named on several pages: the mention with a price says more. */
const mergePrices = (services: readonly FoundService[]): FoundService[] => {
  const merged = new Map<string, FoundService>();
  for (const service of services) {
    const key = comparable(service.name);
    const known = merged.get(key);
    if (known === undefined || (known.price_from === null && service.price_from !== null)) merged.set(key, known === undefined ? service : { ...service, name: known.name });
  }
  return [...merged.values()];
};

/** Code's facts where there are any, the model's where there are none; prices are added to services that code has found without. */
export const complete = (facts: Facts, checked: ReturnType<typeof verify>): Facts => ({
  ...facts,
  address: facts.address ?? checked.address,
  hours: facts.hours ?? checked.hours,
  services: facts.services.length >= 2 ? facts.services : mergePrices([...facts.services, ...checked.services]),
  places: facts.places.length >= 2 ? facts.places : [...new Map([...checked.places, ...facts.places].map((place) => [comparable(place.name), place])).values()],
  differentiators: checked.differentiators,
});
