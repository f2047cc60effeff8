import { describe, expect, it } from "vitest";
import type { PageContent, PageMetadata, Source } from "../../page.schemas.ts";
import { contentOf, dnaFrom, DNA, honestDraft, pageMetadata, SOURCES } from "../../pages.testing.ts";
import type { Draft } from "../../writer/draft.schemas.ts";
import { reviewed } from "../reviewed.ts";
import { traceFacts } from "./facts.ts";
import { rules } from "./index.ts";

interface Change {
  draft?: (draft: Draft) => void;
  content?: (content: PageContent) => void;
  metadata?: Partial<PageMetadata>;
  dna?: string;
  stale?: Source[];
}

/** The rules that find something, with severity and line. */
const found = ({ draft, content, metadata, dna, stale = [] }: Change): string[] => {
  const made = honestDraft();
  draft?.(made);
  const [whole, page] = [dnaFrom(dna ?? DNA), pageMetadata(metadata)];
  const written = contentOf(made, { dna: whole, metadata: page });
  content?.(written);
  const subject = reviewed({ metadata: page }, written, whole, stale);
  return rules.flatMap((rule) => rule.check(subject)).map(({ rule, severity, line }) => `${rule} ${severity}${line === null ? "" : ` ${line}`}`);
};
const says = (text: string, sources: string[] = []): Change => ({ draft: (draft) => void draft.sections[1]?.sentences.push({ text, sources }) });
const html = (change: (body: string) => string): Change => ({ content: (content) => void (content.body_html = change(content.body_html)) });

describe("a page", () => {
  it("of which all is true and in order has nothing to be found", () => {
    expect(found({})).toEqual([]);
  });

  it("has each of its facts traced to the source that says it", () => {
    const subject = reviewed({ metadata: pageMetadata() }, contentOf(honestDraft()), dnaFrom());
    const traced = traceFacts(subject);
    expect(traced.every((one) => one.traced)).toBe(true);
    expect(traced.filter(({ where, fact }) => where === "body" && fact.kind !== "name").map(({ fact, source }) => [fact.kind, fact.text, source])).toEqual([
      ["distance", "1.9 km", "s4"],
      ["phone", "09 360 1234", "s2"],
      ["price", "180 NZD", "s3"],
    ]);
  });

  it.each<[what: string, change: Change, found: string[]]>([
    ["a price that no source says", says("It costs 99 dollars.", ["s3"]), ["facts error 10"]],
    ["a price that another source says than the cited one", says("It begins from 180 NZD.", ["s4"]), ["facts error 10"]],
    ["a fact that cites nothing", says("It begins from 180 NZD."), ["facts error 10"]],
    ["another phone", says("Or ring 09 360 9999.", ["s2"]), ["facts error 10"]],
    ["a person nobody knows", says("Ask for Bartholomew.", ["s1"]), ["facts error 10"]],
    ["a distance in another unit", says("It is 1.9 miles away.", ["s4"]), ["facts error 10"]],
    ["a claim of nobody's", says("All work is guaranteed.", ["s1"]), ["facts error 10"]],
    ["a claim of the owner's own", says("Somebody answers at any hour.", ["s6"]), []],
    ["a price in the title", { draft: (draft) => void (draft.title = "Blocked drains in Ponsonby from 49 dollars") }, ["facts error"]],
    ["an answer with a number of its own", { draft: (draft) => void draft.faq.push({ question: "How soon?", answer: [{ text: "Within 17 minutes.", sources: ["s6"] }] }) }, ["facts error"]],
    ["a source that is none", html((body) => body.replace('data-source="s4"', 'data-source="s98"')), ["facts error 10", "facts error 10", "sources error 10"]],
    ["a source that has changed since", { stale: SOURCES.slice(2, 3) }, ["sources error"]],
    ["a source that has changed and is not cited", { stale: [{ ref: "s40", kind: "dna", id: "x", text: "x" }] }, []],
    ["no source at all", { draft: (draft) => { draft.sections.splice(1, 2); draft.intro.splice(1, 1); draft.faq = []; } }, ["sources error", "place error", "length error"]],
    ["nothing of the place", { draft: (draft) => { draft.sections.splice(1, 1); draft.intro.splice(1, 1); } }, ["place error", "length error"]],
    ["nothing of the place on the hub of a service", { draft: (draft) => { draft.sections.splice(1, 1); draft.intro.splice(1, 1); }, metadata: { place: null } }, ["length error"]],
    ["a forbidden topic in a word", says("We also look for asbestos."), ["forbidden error 10"]],
    ["a forbidden topic in its own words", says("You have fixed prices for work that nobody has seen.", ["s6"]), ["facts error 10", "forbidden error 10"]],
    ["one of two forbidden topics", says("It is all about blaming the earlier tradesperson."), ["forbidden error 10"]],
    ["too few words", { dna: DNA.replace("min_words: 100", "min_words: 400") }, ["length error"]],
    ["a title that is cut", { draft: (draft) => void (draft.title += " and how to know who is the right one to ring") }, ["length error"]],
    ["no description", { draft: (draft) => void (draft.meta_description = "Drains.") }, ["length error"]],
    ["words that few understand", { draft: (draft) => { for (const section of draft.sections) for (const one of section.sentences) one.text = `Notwithstanding organisational considerations necessitating interdisciplinary communication, ${one.text.charAt(0).toLowerCase()}${one.text.slice(1)}`; } }, ["readability error"]],
    ["a sentence without an end", says(`Now look at the drain and at what lies around it, ${"and then wait a while, or longer where that seems wise, ".repeat(4)}and ring.`), ["readability warning 10"]],
    ["a title without the keyword", { draft: (draft) => void (draft.title = "What to do when nothing flows any more") }, ["keyword error"]],
    ["a first paragraph without the keyword", { draft: (draft) => void (draft.intro = [{ text: "Water that stands tells you something.", sources: [] }]) }, ["keyword error 1"]],
    ["the keyword all over the page", { draft: (draft) => { for (const section of draft.sections) for (const one of section.sentences) one.text = `Blocked drains Ponsonby: ${one.text}`; draft.intro.push({ text: "Think of blocked drains Ponsonby.", sources: [] }); } }, ["keyword error"]],
    ["a list of the same words", says("Here: blocked drains, blocked drains, blocked drains."), ["keyword error 10"]],
    ["a heading twice", { draft: (draft) => void (draft.sections[1] = { heading: "What to do first", layout: "paragraph", sentences: draft.sections[1]?.sentences ?? [] }) }, ["headings error 9"]],
    ["a heading with nothing below", html((body) => `${body}\n<h2>And now</h2>`), ["headings error 16"]],
    ["an H1 in the body", html((body) => body.replace("<h2>Where you are</h2>", "<h1>Where you are</h1>")), ["headings error 9", "html error 9"]],
    ["a level left out", html((body) => body.replace("<h2>What to do first</h2>", "<h4>What to do first</h4>")), ["headings error 2"]],
    ["a tag that is not closed", html((body) => body.replace("</ol>", "")), ["html error 9"]],
    ["a script", html((body) => `${body}\n<script>alert(1)</script>`), ["facts error 16", "html error 16"]],
    ["an event", html((body) => body.replace("<p>", '<p onclick="alert(1)">')), ["html error"]],
    ["an item outside of a list", html((body) => `${body}\n<li>One</li>`), ["html error 16"]],
    ["a picture that says nothing", html((body) => `${body}\n<p><img src="https://x.example/a.png" alt="" /></p>`), ["accessible error 16"]],
    ["a link that says nothing", html((body) => body.replace(">09 360 1234<", ">here<")), ["accessible error 13"]],
    ["a link that leads nowhere", html((body) => body.replace('href="tel:+6493601234"', 'href="#"')), ["accessible error 13"]],
    ["another phone for machines", { content: (content) => void (content.json_ld[0] = { ...content.json_ld[0], telephone: "+6491111111" }) }, ["json_ld error"]],
    ["no description for machines", { content: (content) => void (content.json_ld = []) }, ["json_ld error", "json_ld error"]],
    ["questions for machines that readers do not see", { content: (content) => void (content.faq[0] = { question: "Else?", answer: "A plumber answers.", source: null }) }, ["json_ld error"]],
    ["a node without what it must have", { content: (content) => void (content.json_ld[1] = { "context": "https://schema.org", "type": "Service", name: "x" }) }, ["json_ld error"]],
    ["a node of no known type", { content: (content) => void content.json_ld.push({ "context": "https://schema.org", "type": "Review" }) }, ["json_ld error"]],
  ])("with %s", (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  it.each([["a German page", "identity: {language: de-DE, niche: plumber}"], ["a page without a language", "identity: {niche: plumber}"]])("is read by what its language allows: %s", (_, dna) => {
    expect(found({ dna: `${dna}\nmodules: {local_seo: {pages: {min_words: 100}}}`, content: (content) => void (content.json_ld = []) }).filter((one) => one.startsWith("readability"))).toEqual([]);
  });
});
