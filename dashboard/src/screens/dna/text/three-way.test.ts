import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTexts } from "./three-way.ts";

const BASE = "a: 1\nb: 2\n# about c\nc: 3\nd: 4\n";

describe("two people's changes", () => {
  it("of different lines both hold, neighbours too", () => {
    expect(mergeTexts(BASE, BASE.replace("a: 1", "a: 9"), BASE.replace("b: 2", "b: 8"))).toEqual({ text: BASE.replace("a: 1\nb: 2", "a: 9\nb: 8"), conflicts: [] });
    expect(mergeTexts(BASE, `${BASE}e: 5\n`, BASE.replace("# about c\n", "")).text).toBe("a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n");
  });

  it("of the same line are shown: mine are in the text", () => {
    expect(mergeTexts(BASE, BASE.replace("c: 3", "c: mine"), BASE.replace("c: 3", "c: theirs"))).toEqual({ text: BASE.replace("c: 3", "c: mine"), conflicts: [{ mine: "c: mine", theirs: "c: theirs" }] });
  });

  it("at the same place are shown, and the same change is none", () => {
    expect(mergeTexts(BASE, `x: 1\n${BASE}`, `y: 1\n${BASE}`).conflicts).toHaveLength(1);
    expect(mergeTexts(BASE, `x: 1\n${BASE}`, `x: 1\n${BASE}`)).toEqual({ text: `x: 1\n${BASE}`, conflicts: [] });
  });

  it("of one alone are the text, whoever it was", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(mergeTexts(base, other, base)).toEqual({ text: other, conflicts: [] });
        expect(mergeTexts(base, base, other)).toEqual({ text: other, conflicts: [] });
        expect(mergeTexts(base, other, other)).toEqual({ text: other, conflicts: [] });
      }),
    );
  });
});
