import { describe, expect, it } from "vitest";
import { smsSize } from "./segments.ts";

describe("a text's segments", () => {
  it.each([
    ["a".repeat(160), { encoding: "GSM-7", units: 160, segments: 1 }],
    ["a".repeat(161), { encoding: "GSM-7", units: 161, segments: 2 }],
    ["a".repeat(306), { encoding: "GSM-7", units: 306, segments: 2 }],
    ["a".repeat(307), { encoding: "GSM-7", units: 307, segments: 3 }],
    // Each takes an escape.
    ["€".repeat(80), { encoding: "GSM-7", units: 160, segments: 1 }],
    ["€".repeat(81), { encoding: "GSM-7", units: 162, segments: 2 }],
    // ā is not among GSM's letters; é is.
    ["é".repeat(160), { encoding: "GSM-7", units: 160, segments: 1 }],
    [`ā${"a".repeat(69)}`, { encoding: "UCS-2", units: 70, segments: 1 }],
    [`ā${"a".repeat(70)}`, { encoding: "UCS-2", units: 71, segments: 2 }],
    // Outside of the basic plane a character is two units.
    ["👍".repeat(35), { encoding: "UCS-2", units: 70, segments: 1 }],
    ["👍".repeat(36), { encoding: "UCS-2", units: 72, segments: 2 }],
    ["", { encoding: "GSM-7", units: 0, segments: 1 }],
  ] as const)("%j", (text, size) => {
    expect(smsSize(text)).toEqual(size);
  });
});
