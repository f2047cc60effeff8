import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { MAX_PASSAGE_CHARACTERS } from "./context.types.ts";
import { splitIntoPassages } from "./passages.ts";

const sentence = "We have repaired boilers in this town since 1987, and we answer the phone ourselves.";

describe("splitting a text into passages", () => {
  it("keeps short paragraphs together and drops what is empty or repeated", () => {
    expect(splitIntoPassages("One tap.\n\n \nTwo  taps.\n")).toEqual(["One tap. Two taps."]);
    expect(splitIntoPassages(" \n\n")).toEqual([]);
    const long = Array.from({ length: 6 }, () => sentence).join(" ");
    expect(splitIntoPassages(`${long}\n\n${long}`)).toEqual([long]);
  });

  it("cuts between sentences, not within prices or web addresses", () => {
    const text = Array.from({ length: 20 }, (_, i) => `Job ${i} costs 12.50 at example.nz and takes an hour of our time.`).join(" ");
    const passages = splitIntoPassages(text);
    expect(passages.length).toBeGreaterThan(1);
    for (const passage of passages) expect(passage).toMatch(/^Job \d+ costs 12\.50 at example\.nz .*time\.$/);
    expect(passages.join(" ")).toBe(text);
  });

  it("loses no word and exceeds no limit, whatever the text", () => {
    const words = (text: string): string => text.replaceAll(/\s+/g, "");
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom(". ", "\n\n", " ", "。", "x".repeat(3000), "! ")), { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        const passages = splitIntoPassages(text);
        for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(MAX_PASSAGE_CHARACTERS);
        const seen = new Set(passages);
        expect(seen.size).toBe(passages.length);
        // Repeated passages are dropped, so each is found in the text rather than the text in them.
        for (const passage of passages) expect(words(text)).toContain(words(passage));
      }),
    );
  });
});
