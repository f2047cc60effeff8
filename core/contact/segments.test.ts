import { describe, expect, it } from "vitest";
import { segmentsOf } from "./segments.ts";

describe("a text is billed as", () => {
  it.each([
    ["160 plain letters", "x".repeat(160), 1],
    ["161 plain letters", "x".repeat(161), 2],
    ["307 plain letters", "x".repeat(307), 3],
    ["80 euro signs, which take two places each", "€".repeat(80), 1],
    ["81 euro signs", "€".repeat(81), 2],
    ["70 letters with a macron among them", `ō${"x".repeat(69)}`, 1],
    ["71 letters with a macron among them", `ō${"x".repeat(70)}`, 2],
    ["35 emoji, which take two places each", "🙂".repeat(35), 1],
    ["36 emoji", "🙂".repeat(36), 2],
    ["nothing", "", 1],
  ])("%s", (_, body, expected) => {
    expect(segmentsOf(body)).toBe(expected);
  });
});
