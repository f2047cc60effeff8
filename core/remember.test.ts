import { expect, it } from "vitest";
import { remember } from "./remember.ts";

it("keeps so many, and what came last; what is known already takes nobody's place", () => {
  const kept = new Map<string, number>();
  for (const [key, value] of [["a", 1], ["b", 2], ["a", 3], ["c", 4]] as const) remember(kept, 2, key, value);
  expect([...kept]).toEqual([["b", 2], ["c", 4]]);
  remember(kept, 2, "b", 5);
  expect([...kept]).toEqual([["b", 5], ["c", 4]]);
});
