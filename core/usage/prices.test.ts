import { describe, expect, it } from "vitest";
import { MODELS } from "../providers/gemini/models.ts";
import { MODEL_PRICES } from "./prices.data.ts";
import { costOfTokens, estimateModelMicros, estimateTokens, priceOf } from "./prices.ts";

const TODAY = "2026-11-26";

describe("the price of a model", () => {
  it("is in the table for each that is configured, fall-backs included", () => {
    const { embedding, embeddingNext, ...generating } = MODELS;
    const ids = [...Object.values(generating).flatMap(({ id, fallback }) => [id, fallback ?? id]), embedding.id, embeddingNext?.id ?? embedding.id];
    expect(ids.filter((id) => !MODEL_PRICES.some(({ model }) => model === id))).toEqual([]);
  });

  it.each([
    ["gemini-3.5-flash-lite", TODAY, 300_000, "its own, not that of the model whose name it begins with"],
    ["gemini-3.5-flash", TODAY, 1_500_000, "its own"],
    ["gemini-3.5-flash-lite-002", TODAY, 300_000, "that of the model which it is a version of"],
    ["gemini-3.8-flash", "2026-12-31", 750_000, "the old one on its last day"],
    ["gemini-3.8-flash", "2027-01-01", 1_500_000, "the new one from its first day"],
    ["gemini-9-mystery", TODAY, 1_500_000, "the dearest where none is known"],
  ])("of %s on %s is %i: %s", (model, day, input) => {
    expect(priceOf(model, day).input).toBe(input);
  });

  it("is rounded up to a micro-dollar, and nothing costs nothing", () => {
    expect([costOfTokens(1, 300_000), costOfTokens(10, 300_000), costOfTokens(0, 300_000)]).toEqual([1, 3, 0]);
  });

  it("tells beforehand what a question will cost", () => {
    const at = Date.parse(`${TODAY}T12:00:00Z`);
    // A thousand tokens in, a thousand out: 0.75 and 3.75 thousandths of a dollar.
    expect(estimateModelMicros({ purpose: "prose", inputTokens: 1000, outputTokens: 1000, at })).toBe(4500);
    expect(estimateTokens("four five".length)).toBe(3);
  });
});
