import { type Evidence, evidenceOf, type Fact, factsIn, ordinaryWords } from "../../facts/facts.ts";
import { visibleText } from "../../visible-text.ts";
import type { Source } from "../../page.schemas.ts";
import { sentencesOf } from "../read-body.ts";
import { finder, type Reviewed, type Rule } from "../reviewed.ts";

const { error } = finder("facts");

/** One fact that the page says, and whether what it rests on says so too. */
export interface TracedFact {
  fact: Pick<Fact, "kind" | "text">;
  /** Of the body, from 1; null: outside of it. */
  line: number | null;
  where: "title" | "description" | "h1" | "heading" | "body" | "question" | "answer";
  /** The first of its sources that says so; null: none, or the page's own subject. */
  source: string | null;
  traced: boolean;
}

interface Said {
  text: string;
  where: TracedFact["where"];
  line: number | null;
  /** Null: whatever source the page has. */
  refs: readonly string[] | null;
}

/** All that a page says, sentence by sentence, with what it rests on. */
const saidBy = ({ content, body }: Pick<Reviewed, "content" | "body">): Said[] => [
  { text: content.title, where: "title", line: null, refs: null },
  { text: content.meta_description, where: "description", line: null, refs: null },
  { text: content.h1, where: "h1", line: null, refs: null },
  ...body.blocks.flatMap(({ tag, line, passages }) =>
    passages.flatMap(({ text, refs }): Said[] => sentencesOf(text.trim()).map((sentence) => ({ text: sentence, line, where: /^h\d$/.test(tag) ? "heading" : "body", refs: /^h\d$/.test(tag) ? null : refs }))),
  ),
  ...content.faq.flatMap(({ question, answer, source }): Said[] => [
    { text: question, where: "question", line: null, refs: null },
    ...sentencesOf(answer).map((text): Said => ({ text, where: "answer", line: null, refs: (source ?? "").split(" ").filter((ref) => ref !== "") })),
  ]),
];

/** What the page is about may be named anywhere; that is no news to whoever reads it. */
const subjectOf = ({ metadata, dna }: Pick<Reviewed, "metadata" | "dna">): string[] => [metadata.service.name, metadata.primary_keyword, metadata.place?.name ?? "", metadata.place?.city ?? "", dna.identity.business_name];

/** Every fact of a page, traced to the source that says it. */
export const traceFacts = (page: Pick<Reviewed, "content" | "body" | "metadata" | "dna">): TracedFact[] => {
  const { content, dna } = page;
  const { country, language } = dna.identity;
  const each = new Map(content.sources.map(({ ref, text }): [string, Evidence] => [ref, evidenceOf([text], { country })]));
  // Numbers of the keyword are not given: only its names are.
  const subject: Evidence = { ...evidenceOf(subjectOf(page), { country }), quantities: [] };
  const ordinary = ordinaryWords([visibleText(content.body_html), ...content.faq.flatMap(({ question, answer }) => [question, answer]), ...content.sources.map(({ text }) => text)]);
  return saidBy(page).flatMap(({ text, where, line, refs }) => {
    const titled = where !== "body" && where !== "answer" && where !== "description";
    return factsIn(text, { country, language, ordinary, titled }).map((fact): TracedFact => {
      const cited = refs ?? content.sources.map(({ ref }) => ref);
      const source = cited.find((ref) => each.get(ref) !== undefined && fact.isIn(each.get(ref) ?? subject)) ?? null;
      // A name of two neighbours may stand in two of the sources.
      const traced = source !== null || fact.isIn(subject) || (fact.kind === "name" && fact.isIn(together([subject, ...cited.flatMap((ref) => each.get(ref) ?? [])])));
      return { fact: { kind: fact.kind, text: fact.text }, line, where, source, traced };
    });
  });
};

const together = (all: readonly Evidence[]): Evidence => ({
  phones: new Set(all.flatMap(({ phones }) => [...phones])),
  addresses: new Set(all.flatMap(({ addresses }) => [...addresses])),
  quantities: all.flatMap(({ quantities }) => quantities),
  words: all.flatMap(({ words }) => words),
  claims: new Set(all.flatMap(({ claims }) => [...claims])),
});

const SUGGESTIONS: Partial<Record<Fact["kind"], string>> = {
  name: "Name a source that has this name, or say it without.",
  claim: "Say it only where the business's own words do.",
};

/** Phones, prices, numbers, names and claims must stand in what the sentence rests on. */
export const facts: Rule = {
  name: "facts",
  check: (page) =>
    traceFacts(page)
      .filter(({ traced }) => !traced)
      .map(({ fact, where, line }) => error(`No cited source says ${JSON.stringify(fact.text)} (${fact.kind}, in the ${where}).`, SUGGESTIONS[fact.kind] ?? "Copy it from a source that says so and name that source, or leave it out.", line)),
};

/** Refs that a page cites. */
export const refsOf = ({ content, body }: Pick<Reviewed, "content" | "body">): { ref: string; line: number | null }[] => [
  ...body.blocks.flatMap(({ line, passages }) => passages.flatMap(({ refs }) => refs.map((ref) => ({ ref, line })))),
  ...content.faq.flatMap(({ source }) => (source ?? "").split(" ").filter((ref) => ref !== "").map((ref) => ({ ref, line: null }))),
];

export const sourceBy = (sources: readonly Source[]): ReadonlyMap<string, Source> => new Map(sources.map((source) => [source.ref, source]));
