import { describe, expect, it } from "vitest";
import { readSchema } from "../schema.ts";
import { isObject } from "../../kit/json.ts";
import type { Draft } from "./draft.ts";
import { PROSE_FAULTS } from "./faults.ts";
import { Prose } from "./prose.ts";

const list = { type: "array", items: { type: "object", properties: {} } };
const PAGE = readSchema({ type: "object", properties: { title: { type: "string" }, meta_description: { type: "string" }, h1: { type: "string" }, intro: list, sections: list, faq: list } });
const REVIEW = readSchema({ type: "object", properties: { score: { type: "number" }, findings: list } });

const promptFor = (place: string, more: { mark?: string; findings?: string[]; minWords?: number } = {}): string =>
  [
    `The page: ${JSON.stringify({ business: "Harbour Plumbing", service: "Blocked drains", place, city: "Auckland", intent: "service", keyword: `blocked drain ${place}`, min_words: more.minWords ?? 300 })}`,
    "The sources, each with its mark and kind:",
    `<data-${more.mark ?? "x"}>`,
    "[s1] (dna) The business is called Harbour Plumbing.",
    "[s2] (dna) Its phone number for customers is (09) 360 1234 (+64 9 360 1234).",
    "[s3] (dna) The price of Blocked drains begins from 180 NZD.",
    `[s4] (dna) Harbour Plumbing works in ${place}, Auckland.`,
    `[s5] (anchor) Auckland City Hospital is a hospital 1.9 km from the centre of ${place}, as the crow flies.`,
    "[s6] (passage) Roots find old clay pipes through their joints. A camera shows where.",
    "[s7] (question) Q: Do you work on Saturdays? A: Yes, until noon.",
    `</data-${more.mark ?? "x"}>`,
    ...(more.findings ?? []).map((finding) => `- ${finding}`),
  ].join("\n");

const write = (prose: Prose, prompt: string, fault?: string): Draft => {
  const kind = PROSE_FAULTS.find((known) => known === fault);
  const answer = prose.answer(prompt, PAGE, () => (kind === undefined ? undefined : { kind, times: 1 }));
  if (answer === undefined) throw new Error("no page");
  return JSON.parse(answer) as Draft;
};
const sentences = ({ intro, sections, faq }: Draft) => [...intro, ...sections.flatMap((section) => section.sentences), ...faq.flatMap(({ answer }) => answer)];

describe("a page that the stand-in writes", () => {
  it("says of the sources what they say, each with its mark, and numbers nowhere else", () => {
    const draft = write(new Prose(), promptFor("Ponsonby"));
    const all = sentences(draft);
    expect(new Set(all.flatMap((one) => one.sources))).toEqual(new Set(["s2", "s3", "s4", "s5", "s6", "s7"]));
    expect(all.filter((one) => one.sources.length === 0 && /\d/.test(one.text))).toEqual([]);
    expect(draft.title).toContain("Ponsonby");
    expect(draft.faq[0]).toEqual({ question: "Do you work on Saturdays?", answer: [{ text: "Yes, until noon.", sources: ["s7"] }] });
  });

  it("is the same for the same prompt under another mark, and another for another place or after a refusal", () => {
    const prose = new Prose();
    const first = JSON.stringify(write(prose, promptFor("Ponsonby")));
    expect(JSON.stringify(write(prose, promptFor("Ponsonby", { mark: "y" })))).toBe(first);
    expect(JSON.stringify(write(prose, promptFor("Grey Lynn"))).replaceAll("Grey Lynn", "Ponsonby")).not.toBe(first);
    expect(JSON.stringify(write(prose, promptFor("Ponsonby", { findings: ["uniqueness: too like another"] })))).not.toBe(first);
  });

  it("grows with what is asked for", () => {
    const words = (draft: Draft): number => sentences(draft).reduce((sum, { text }) => sum + text.split(" ").length, 0);
    expect(words(write(new Prose(), promptFor("Ponsonby", { minWords: 600 })))).toBeGreaterThan(560);
  });

  it.each(PROSE_FAULTS.filter((kind) => kind !== "copies_page"))("is another once with %s", (kind) => {
    const prose = new Prose();
    const honest = write(prose, promptFor("Ponsonby"));
    expect(write(prose, promptFor("Ponsonby"), kind)).not.toEqual(honest);
    expect(write(prose, promptFor("Ponsonby"))).toEqual(honest);
  });

  it("can be the one before with the place changed", () => {
    const prose = new Prose();
    const first = write(prose, promptFor("Ponsonby"));
    const copy = write(prose, promptFor("Grey Lynn"), "copies_page");
    expect(JSON.stringify(copy).toLowerCase()).toBe(JSON.stringify(first).replaceAll("Ponsonby", "Grey Lynn").toLowerCase());
  });

  it("is none for a prompt about something else", () => {
    expect(new Prose().answer("Transcript of the call: hello", PAGE, () => undefined)).toBeUndefined();
    expect(new Prose().answer("Transcript of the call: hello", REVIEW, () => undefined)).toBeUndefined();
  });
});

describe("its review", () => {
  it("is content with a page that can be read, and less with one that cannot", () => {
    const review = (line: string): number => {
      const parsed: unknown = JSON.parse(new Prose().answer(`The page, each line of its body with its number:\n1| ${line}`, REVIEW, () => undefined) ?? "null");
      return isObject(parsed) ? Number(parsed["score"]) : -1;
    };
    expect(review("<p>Short.</p>")).toBe(92);
    expect(review(`<p>${"and ".repeat(60)}.</p>`)).toBe(88);
  });
});
