import { describe, expect, it } from "vitest";
import { projectIdFrom } from "../../dashboard/src/screens/new/project-id.ts";
import { nextOf, type SetupFacts, statesOf, type Step } from "../../dashboard/src/screens/setup/steps.ts";

const NOTHING: SetupFacts = { run: null, isCorrected: false, isConnected: false, hasTalked: false, isLive: false };
const READ = { ...NOTHING, run: { status: "succeeded" }, isLive: true };

describe("where setting up a business goes on", () => {
  it.each<[string, SetupFacts, Step]>([
    ["nobody has begun", NOTHING, "read"],
    ["the reading waits for its turn", { ...NOTHING, run: { status: "queued" } }, "read"],
    ["the reading has failed", { ...NOTHING, run: { status: "dead" } }, "read"],
    ["it has been read", READ, "review"],
    ["something was corrected", { ...READ, isCorrected: true }, "call"],
    ["a form is connected, and nobody has heard it ring", { ...READ, isConnected: true }, "call"],
    ["it has rung, and nothing is connected", { ...READ, hasTalked: true }, "connect"],
    ["it has rung, and is connected", { ...READ, hasTalked: true, isConnected: true }, "live"],
    ["it is set up, and being read anew", { ...READ, run: { status: "running" }, hasTalked: true, isConnected: true }, "read"],
  ])("when %s", (_, facts, next) => {
    expect(nextOf(statesOf(facts))).toBe(next);
  });

  it("is live once it has rung, not when a simulation has passed", () => {
    expect(statesOf(READ).live).toBe("todo");
    expect(statesOf({ ...READ, hasTalked: true }).live).toBe("done");
    expect(statesOf({ ...READ, hasTalked: true, isLive: false }).live).toBe("todo");
  });

  it("tells a failed reading from one under way", () => {
    expect([statesOf({ ...NOTHING, run: { status: "failed" } }).read, statesOf({ ...NOTHING, run: { status: "running" } }).read]).toEqual(["failed", "doing"]);
  });
});

describe("a project's id", () => {
  it.each([
    ["Kauri Plumbing & Gas", "kauri-plumbing-gas-t1"],
    ["Cerrajería Gràcia", "cerrajeria-gracia-t1"],
    ["鍵屋", "business-t1"],
    ["  --  ", "business-t1"],
    ["A".repeat(200), `${"a".repeat(40)}-t1`],
  ])("of %j is one that the API takes", (name, id) => {
    expect(projectIdFrom(name, "t1")).toBe(id);
    expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });
});
