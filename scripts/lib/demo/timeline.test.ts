import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Call } from "./api.ts";
import { hang, paintFor, plain, wrap } from "./text.ts";
import { labelOf, MILESTONES, renderEntry, renderResult } from "./timeline.ts";

const receivedAt = Date.parse("2026-11-22T02:00:00.000Z");
const entry = (event: string, ms: number, detail: Record<string, unknown> = {}) => ({ at: new Date(receivedAt + ms).toISOString(), event, detail });
const rendering = { receivedAt, width: 100, paint: plain };

describe("a timeline line", () => {
  it("tells the milliseconds since the form, the step and its detail, in columns", () => {
    expect([entry("received", 0), entry("owner_ringing", 139), entry("recorded", 1_006_758), entry("analysed", 6842, { urgency: "low", sentiment: "positive" })].map((one) => renderEntry(one, rendering))).toEqual([
      "       0 ms  form",
      "     139 ms  ringing        the owner's phone",
      "1,006,758 ms  recorded       two channels, from Twilio into R2",
      "   6,842 ms  analysed       urgency low, sentiment positive",
    ]);
  });

  it("names the nine steps of a lead that goes well, in order", () => {
    expect(MILESTONES.map(labelOf)).toEqual(["form", "ringing", "answered", "pressed 1", "connected", "ended", "recorded", "transcribed", "analysed"]);
  });

  it("shows an event that it does not know under its own name", () => {
    expect(renderEntry(entry("teleported", 5), rendering)).toBe("       5 ms  teleported");
  });

  it("prefers a remark to its own words, and wraps it in its column", () => {
    const lines = renderEntry(entry("received", 0), { ...rendering, remark: "one two three four five six", width: 50 }).split("\n");
    expect(lines).toEqual(["       0 ms  form           one two three four", `${" ".repeat(28)}five six`]);
  });

  it("has the same text with colours and without", () => {
    const paint = paintFor({ isTTY: true }, {});
    for (const event of ["dialed", "connected", "owner_busy", "received"]) {
      const coloured = renderEntry(entry(event, 12), { ...rendering, paint });
      expect(coloured).not.toBe(stripVTControlCharacters(coloured));
      expect(stripVTControlCharacters(coloured).trimEnd()).toBe(renderEntry(entry(event, 12), rendering));
    }
  });
});

describe("colours", () => {
  it.each([
    ["on a terminal", { isTTY: true }, {}, true],
    ["in a pipe", {}, {}, false],
    ["where NO_COLOR is set", { isTTY: true }, { NO_COLOR: "1" }, false],
    ["where NO_COLOR is empty", { isTTY: true }, { NO_COLOR: "" }, true],
  ])("%s", (_where, stream, env, coloured) => {
    expect(paintFor(stream, env)("bad", "text") !== "text").toBe(coloured);
    expect(paintFor(stream, env)("bad", "")).toBe("");
  });
});

describe("the result of a call", () => {
  const segment = (index: number) => ({ speaker: index % 2 === 0 ? "owner" : "customer", start_s: index * 3.25, text: `Sentence ${index}.` });
  const call = (segments: number): Pick<Call, "analysis" | "transcription" | "duration_s"> => ({
    duration_s: 24,
    analysis: { summary: "The cylinder leaks.", customer_intent: "A repair.", next_steps: ["Go there.", "Send a quote."], sentiment: "neutral", urgency: "high" },
    transcription: { segments: Array.from({ length: segments }, (_, index) => segment(index)) },
  });

  it("is the summary, the next steps and the first lines of what was said", () => {
    expect(renderResult(call(7), { width: 100, paint: plain }).split("\n")).toEqual([
      "  Summary    The cylinder leaks.",
      "  Intent     A repair.",
      "  Next steps Go there.",
      "             Send a quote.",
      "",
      "  What was said (24 s)",
      "    0.0 s  Owner     Sentence 0.",
      "    3.3 s  Customer  Sentence 1.",
      "    6.5 s  Owner     Sentence 2.",
      "    9.8 s  Customer  Sentence 3.",
      "   13.0 s  Owner     Sentence 4.",
      "   16.3 s  Customer  Sentence 5.",
      "  … and 1 more line",
    ]);
  });

  it("is nothing before there is an analysis, and does without a transcription", () => {
    expect(renderResult({ ...call(1), analysis: null }, { width: 100, paint: plain })).toBe("");
    expect(renderResult({ ...call(0), transcription: null }, { width: 100, paint: plain })).toContain("What was said");
  });
});

describe("wrapping", () => {
  it("breaks between words, keeps a word that is too long whole, and always gives a line", () => {
    expect(wrap("aa bb  cc", 5)).toEqual(["aa bb", "cc"]);
    expect(wrap("a bbbbbbbb c", 4)).toEqual(["a", "bbbbbbbb", "c"]);
    expect(wrap("", 10)).toEqual([""]);
    expect(hang("  x ", "aaaaaaaaaa bbbbbbbbbbbb", 10)).toEqual(["  x aaaaaaaaaa", "    bbbbbbbbbbbb"]);
  });
});
