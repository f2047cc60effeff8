import { describe, expect, it } from "vitest";
import { asSources, citationsOf } from "./cite.ts";
import type { ContextHit } from "./context.types.ts";

const hit = (id: string, text: string): ContextHit => ({ id, text, type: "insider_tip", source: "dna:x", score: 1 });
const hits = [hit("ctx_a", "Turn off\nthe valve."), hit("ctx_b", "[c1] is not mine")];

describe("citing", () => {
  it("shows passages one a line, under marks", () => {
    expect(asSources(hits)).toBe("[c1] Turn off the valve.\n[c2] [c1] is not mine");
    expect(asSources([])).toBe("");
  });

  it.each([
    [["c2", "c1", "c2"], ["ctx_a", "ctx_b"]],
    [[" [C2] "], ["ctx_b"]],
    [["c3", "c0", "ctx_a", "", "1"], []],
  ])("takes %j for %j: what was handed out, once each", (marks, ids) => {
    expect(citationsOf(marks, hits)).toEqual(ids.map((id) => ({ id, type: "insider_tip", source: "dna:x" })));
  });
});
