import { expect, it } from "vitest";
import { estimateSync } from "./estimate.ts";

const AT = Date.parse("2026-11-26T00:00Z");

it("adds up what is to be embedded with each model, at that model's price", () => {
  const due = [{ model: "gemini-embedding-2", passages: 300, characters: 4_000_000 }, { model: "gemini-embedding-001", passages: 300, characters: 4_000_000 }];
  expect(estimateSync(due, AT)).toEqual({ passages: 600, usd: 0.35 });
  expect(estimateSync([], AT)).toEqual({ passages: 0, usd: 0 });
});
