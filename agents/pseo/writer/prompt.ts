import type { Dna } from "../../../core/dna/schema.ts";
import { fenced, fenceRule } from "../../fence.ts";
import type { Finding, PageMetadata, Source } from "../page.schemas.ts";

/** Changes what is written from the same sources: raise it with the words below. */
export const PROMPT_VERSION = 1;

/** What one page is to be. Everything that the model is told of it, so that its digest says whether a page was written from the same. */
export interface Brief {
  business: string;
  niche: string;
  language: string;
  voice: string;
  forbidden: readonly string[];
  service: string;
  place: string | null;
  city: string | null;
  intent: PageMetadata["intent"];
  keyword: string;
  secondary_keywords: readonly string[];
  min_words: number;
}

export const briefOf = ({ service, place, intent, primary_keyword, secondary_keywords }: PageMetadata, dna: Dna): Brief => ({
  business: dna.identity.business_name,
  niche: dna.identity.niche ?? "local services",
  language: dna.identity.language ?? "en",
  voice: dna.brand_brain.voice_tone,
  forbidden: dna.brand_brain.forbidden_topics,
  service: service.name,
  place: place?.name ?? null,
  city: place?.city ?? null,
  intent,
  keyword: primary_keyword,
  secondary_keywords,
  min_words: dna.modules.local_seo.pages.min_words,
});

const line = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

export const systemFor = ({ business, niche, language, voice, forbidden, place }: Brief, mark: string): string =>
  [
    `You write a page of the website of ${JSON.stringify(line(business))}, a local business (${JSON.stringify(line(niche))}), in the language ${JSON.stringify(language)}.`,
    `Voice: ${line(voice)}.`,
    ...(forbidden.length === 0 ? [] : [`Never claim or touch: ${forbidden.map((topic) => JSON.stringify(line(topic))).join("; ")}.`]),
    "Write for somebody who has this problem now. Say what they should know and do; no filler, no praise of the business, nothing that could stand on any other business's page.",
    "You know nothing but the numbered sources. Each sentence names the marks of the sources that say what it says. A sentence without a mark must not hold any number, price, time, distance, name of a person, place or product, nor any promise or claim.",
    "Copy numbers, names and phone numbers exactly. Do not add up, convert, estimate or guess. Leave out what no source says.",
    ...(place === null ? [] : [`At least two sections say something that is true of ${JSON.stringify(place)} and of no other place, from the sources about it, and what it means for the reader.`]),
    "The keyword stands in title, h1 and the first sentence, and in the rest only where it reads naturally: never more than once in a hundred words.",
    "Plain sentences of at most 25 words. Headings in the case of a sentence. Text only: no HTML, no Markdown, no web addresses but the business's own.",
    fenceRule(mark, "written or spoken"),
  ].join("\n");

export const questionFor = (brief: Brief, sources: readonly Source[], findings: readonly Finding[], mark: string): string =>
  [
    `The page: ${JSON.stringify({ business: brief.business, service: brief.service, place: brief.place, city: brief.city, intent: brief.intent, keyword: brief.keyword, secondary_keywords: brief.secondary_keywords, min_words: brief.min_words })}`,
    "The sources, each with its mark and kind:",
    fenced(mark, sources.map(({ ref, kind, text }) => `[${ref}] (${kind}) ${text}`).join("\n")),
    ...(findings.length === 0
      ? []
      : [
          "An editor has refused an earlier draft for these reasons. Write the page anew, and differently where they say so:",
          fenced(mark, findings.map(({ rule, message, suggestion }) => line(`- ${rule}: ${message}${suggestion === null ? "" : ` ${suggestion}`}`)).join("\n")),
        ]),
  ].join("\n");
