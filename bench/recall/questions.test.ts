import { describe, expect, it } from "vitest";
import { loadBusinesses, passagesOf, recallOf } from "./questions.ts";

const businesses = loadBusinesses();

describe("the labelled questions", () => {
  it("are at least 80, over six businesses of different trades", () => {
    expect(businesses.flatMap(({ questions }) => questions).length).toBeGreaterThanOrEqual(80);
    expect(new Set(businesses.map(({ niche }) => niche)).size).toBeGreaterThanOrEqual(6);
  });

  it.each(businesses.map((business) => [business.business, business] as const))("of %s name passages that are there, each one only, and ask everything once", (_, business) => {
    const passages = passagesOf(business);
    const wrong = business.questions.flatMap(({ q, expect: expected }) => expected.filter((words) => passages.filter((text) => text.includes(words)).length !== 1).map((words) => `${q}: ${words}`));
    expect(wrong).toEqual([]);
    expect(new Set(business.questions.map(({ q }) => q)).size).toBe(business.questions.length);
  });
});

describe("recall", () => {
  it("is the share of the expected passages that were found", () => {
    expect([recallOf(["a", "b"], ["xa", "c"]), recallOf(["a"], ["a"]), recallOf(["a"], [])]).toEqual([0.5, 1, 0]);
  });
});
