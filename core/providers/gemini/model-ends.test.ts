import { describe, expect, it } from "vitest";
import { MODEL_ENDS } from "./model-ends.data.ts";
import { endingModels } from "./model-ends.ts";
import { MODELS } from "./models.ts";

const at = (day: string): number => Date.parse(`${day}T12:00:00Z`);

describe("a configured model's end", () => {
  it("is told of 60 days ahead, with what it is used for, fall-backs too", () => {
    const models = { ...MODELS, prose: { ...MODELS.prose, id: "old-prose" }, scoring: { ...MODELS.scoring, fallback: "old-prose" } };
    const ends = { "old-prose": "2026-03-31", unused: "2026-01-01" };
    expect(endingModels(at("2026-01-29"), { models, ends })).toEqual([{ model: "old-prose", for: ["scoring (fall-back)", "prose"], ends_on: "2026-03-31", days_left: 60 }]);
    expect(endingModels(at("2026-01-28"), { models, ends })).toEqual([]);
    expect(endingModels(at("2026-04-02"), { models, ends })[0]?.days_left).toBe(-3);
  });

  it("is two months off at least for all that is in the table today", () => {
    expect(endingModels(at("2026-11-26"))).toEqual([]);
    expect(Object.values(MODEL_ENDS).every((day) => !Number.isNaN(Date.parse(day)))).toBe(true);
  });
});
