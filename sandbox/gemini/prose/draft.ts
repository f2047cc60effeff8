import { pickFrom, pickIndex } from "../../kit/seed.ts";
import type { Brief, BriefSource } from "./brief.ts";
import { ASKED, HEADINGS, LEADS, OPENINGS, STEPS, THOUGHTS, TITLES, VISIT } from "./sentences.data.ts";

export interface Sentence {
  text: string;
  sources: string[];
}

export interface Section {
  heading: string;
  layout: "paragraph" | "list" | "steps";
  sentences: Sentence[];
}

export interface Draft {
  title: string;
  meta_description: string;
  h1: string;
  intro: Sentence[];
  sections: Section[];
  faq: { question: string; answer: Sentence[] }[];
}

const uncited = (text: string): Sentence => ({ text, sources: [] });
const cited = ({ ref }: BriefSource, text: string): Sentence => ({ text, sources: [ref] });
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const small = (text: string): string => (/^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+(?=\p{Lu})/u).filter((sentence) => sentence !== "");

/** The same choice for the same seed, without anything twice. */
function choose<T extends string>(seed: string, all: readonly T[], count: number): T[] {
  return all.map((one) => ({ one, rank: pickIndex(`${seed}${one}`, 1_000_000_007) })).sort((a, b) => a.rank - b.rank).slice(0, count).map(({ one }) => one);
}

function wordsIn({ intro, sections, faq }: Draft): number {
  const texts = [...intro, ...sections.flatMap(({ heading, sentences }) => [{ text: heading }, ...sentences]), ...faq.flatMap(({ question, answer }) => [{ text: question }, ...answer])];
  return texts.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
}

/** The keyword as a line of its own: with the place and the business written as they are. */
function asTitle(brief: Brief): string {
  return capital(brief.place === null ? brief.keyword : brief.keyword.replace(new RegExp(brief.place.replaceAll(/[^\p{L}\p{N}]/gu, "."), "i"), brief.place));
}

function nearby(brief: Brief, seed: string): Section | undefined {
  const { place } = brief;
  const known = brief.sources.flatMap((source) => {
    const [, name, kind, distance] = /^(.+?) is an? (.+?) ([\d.]+ km) from the centre of /.exec(source.text) ?? [];
    return name === undefined || kind === undefined || distance === undefined ? [] : [{ source, name, kind, distance }];
  });
  if (place === null || known.length === 0) return undefined;
  const ways: readonly ((name: string, kind: string, distance: string) => string)[] = [
    (name, kind, distance) => `If you are near ${name}, say so: the ${kind} is ${distance} from the centre of ${place} and easy to find.`,
    (name, kind, distance) => `${name} (${kind}) lies ${distance} from the centre of ${place}, as the crow flies; whoever comes will know which way to turn.`,
    (name, kind, distance) => `From the centre of ${place} it is ${distance} to ${name}, the ${kind}, so tell us on which side of it you live.`,
    (name, kind, distance) => `People who live by ${name} are ${distance} from the centre of ${place}; the ${kind} is a good mark to name on the phone.`,
  ];
  const sentences = known.map(({ source, name, kind, distance }, index) => cited(source, (ways[(pickIndex(seed, 97) + index) % ways.length] ?? ways[0])?.(name, kind, distance) ?? ""));
  return { heading: (pickFrom(seed, HEADINGS.near) ?? "").replace("{place}", place), layout: "list", sentences };
}

/** What the sources say of the business and its work, in sentences of the page's own. */
function workOf({ sources }: Brief, seed: string): Section | undefined {
  const sentences = sources.flatMap((source): Sentence[] => {
    const { text } = source;
    const [, about] = /^To the matter belong: (.+)\.$/.exec(text) ?? [];
    if (about !== undefined) return [cited(source, pickFrom(seed, [`Words that you may hear from us are ${about}.`, `It may have to do with ${about}.`, `What we look at includes ${about}.`]) ?? "")];
    const [, what, price] = /^The price of (.+) begins from (.+)\.$/.exec(text) ?? [];
    if (what !== undefined && price !== undefined) return [cited(source, pickFrom(seed, [`${capital(what)} begins from ${price}.`, `Expect ${small(what)} to begin from ${price}.`, `Prices for ${small(what)} begin from ${price}.`]) ?? "")];
    return /^Calls about .+ do not wait/.test(text) || / does this work: /.test(text) || / works in /.test(text) ? [cited(source, text)] : [];
  });
  return sentences.length === 0 ? undefined : { heading: pickFrom(seed, HEADINGS.work) ?? "", layout: "paragraph", sentences };
}

function reachOf({ business, sources }: Brief, seed: string): Section | undefined {
  const sentences = sources.flatMap((source): Sentence[] => {
    const [, phone] = /phone number for customers is (.+?) \(/.exec(source.text) ?? [];
    if (phone !== undefined) return [cited(source, pickFrom(seed, [`Ring ${business} on ${phone}.`, `The number of ${business} is ${phone}.`, `Call ${phone} and ask for ${business}.`]) ?? "")];
    const [, hours] = /^Opening hours: (.+)\.$/.exec(source.text) ?? [];
    if (hours !== undefined) return [cited(source, `We are open ${hours}.`)];
    return /^Its (?:e-mail )?address is /.test(source.text) ? [cited(source, source.text.replace(/^Its/, "Our"))] : [];
  });
  return sentences.length === 0 ? undefined : { heading: pickFrom(`${seed}r`, HEADINGS.reach) ?? "", layout: "paragraph", sentences };
}

/** Passages word for word: the stand-in knows nothing that they do not say. What tells a writer how to answer an objection is not for readers. */
function tipsOf({ sources }: Brief, seed: string): Section | undefined {
  const passages = sources.filter(({ kind, text, ref }) => (kind === "passage" || (kind === "dna" && !isForm(text))) && !text.startsWith("“") && ref !== "");
  const sentences = passages.flatMap((source) => sentencesOf(source.text).map((text) => cited(source, text))).slice(0, 15);
  return sentences.length === 0 ? undefined : { heading: pickFrom(`${seed}t`, HEADINGS.tips) ?? "", layout: "paragraph", sentences };
}

/** Sources of the DNA that have a form of their own above; the others are tips and what sets the business apart. */
const isForm = (text: string): boolean => /^(?:The business is called|Its |Opening hours|Customers ask|To the matter|The price of|Calls about)|does this work:| works in /.test(text);

function questionsOf({ sources, place, business }: Brief): Draft["faq"] {
  const asked = sources.flatMap((source) => {
    const [, question, answer] = /^Q: (.+?) A: (.+)$/.exec(source.text) ?? [];
    return question === undefined || answer === undefined || `${question}${answer}`.includes("[…]") ? [] : [{ question, answer: sentencesOf(answer).slice(0, 5).map((text) => cited(source, text)) }];
  });
  const area = sources.find(({ text }) => / works in /.test(text));
  return [...asked, ...(area === undefined || place === null ? [] : [{ question: `Does ${business} come to ${place}?`, answer: [cited(area, area.text)] }])].slice(0, 8);
}

/** An honest page from a brief, the same for the same brief. */
export function draftFor(brief: Brief): Draft {
  const seed = JSON.stringify([brief.keyword, brief.place, brief.sources.map(({ ref, text }) => [ref, text]), brief.findings]);
  const pick = (what: string, all: readonly string[]): string => pickFrom(`${seed}${what}`, all) ?? "";
  const listOf = (heading: keyof typeof HEADINGS, layout: Section["layout"], all: readonly string[], count: number): Section => ({ heading: pick(heading, HEADINGS[heading]), layout, sentences: choose(seed, all, count).map(uncited) });
  const title = asTitle(brief);
  const matter = title.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
  const given = [nearby(brief, seed), workOf(brief, seed), tipsOf(brief, seed)].filter((section) => section !== undefined);
  const own = [listOf("steps", "steps", STEPS, 6), listOf("asked", "list", ASKED, 5), listOf("visit", "list", VISIT, 5), listOf("thoughts", "paragraph", THOUGHTS, 4)];
  const reach = reachOf(brief, seed);
  const draft: Draft = {
    title: `${title}: ${pick("title", TITLES)}`,
    meta_description: `${pick("meta", OPENINGS).replace("{matter}", matter)} ${pick("meta", LEADS)}`.slice(0, 160).replace(/\s\S*$/, "."),
    h1: `${title}, ${pick("h1", TITLES)}`,
    intro: [uncited(pick("opening", OPENINGS).replace("{matter}", matter)), uncited(pick("lead", LEADS))],
    sections: interleaved(seed, given, own),
    faq: questionsOf(brief),
  };
  if (reach !== undefined) draft.sections.push(reach);
  lengthen(draft, own, seed, brief.minWords);
  return draft;
}

/** Steps first, then what is known and what is common in turn, in an order of the page's own. */
function interleaved(seed: string, given: readonly Section[], own: readonly Section[]): Section[] {
  const [steps, ...rest] = own;
  const others = [...given, ...rest].map((section) => ({ section, rank: pickIndex(`${seed}${section.heading}`, 1_000_003) })).sort((a, b) => a.rank - b.rank);
  return [...(steps === undefined ? [] : [steps]), ...others.map(({ section }) => section)];
}

/** More of what holds no fact, until the page is as long as was asked for or there is no more to say. */
function lengthen(draft: Draft, own: readonly Section[], seed: string, minWords: number): void {
  const pools = [STEPS, ASKED, VISIT, THOUGHTS];
  for (let more = 1; more < 16 && wordsIn(draft) < minWords + 20; more += 1) {
    own.forEach((section, index) => {
      const next = choose(seed, pools[index] ?? [], 15)[section.sentences.length];
      if (next !== undefined) section.sentences.push(uncited(next));
    });
  }
}
