import { describe, expect, it } from "vitest";
import { TEXTS } from "./opt-out-words.testing.ts";
import { type OptOutWords, readOptOutWords } from "./opt-out-words.ts";

const ruled = TEXTS.map(([text, meaning]) => ({ text, meaning, rule: readOptOutWords(text, { isOptedOut: false }) }));
const share = (part: readonly unknown[], whole: readonly unknown[]): number => part.length / whole.length;

describe("opt-outs in any wording", () => {
  it("knows at least 80 texts", () => {
    expect(TEXTS.length).toBeGreaterThanOrEqual(80);
  });

  it("is right in 99 of 100 texts that it takes for a stop", () => {
    const taken = ruled.filter(({ rule }) => rule === "stop");
    expect(share(taken.filter(({ meaning }) => meaning === "stop"), taken)).toBeGreaterThanOrEqual(0.985);
  });

  it("lets no stop go by: what the rule does not see, the model is asked about", () => {
    expect(ruled.filter(({ meaning, rule }) => meaning === "stop" && rule !== "stop" && rule !== "maybe")).toEqual([]);
  });

  it("sees 9 of 10 stops by itself, and asks a model about at most 1 of 10 texts that mean something else", () => {
    const stops = ruled.filter(({ meaning }) => meaning === "stop");
    expect(share(stops.filter(({ rule }) => rule === "stop"), stops)).toBeGreaterThanOrEqual(0.9);
    const others = ruled.filter(({ meaning }) => meaning === "other");
    expect(share(others.filter(({ rule }) => rule === "maybe"), others)).toBeLessThanOrEqual(0.1);
  });

  it("takes nothing else for a start or a call for help", () => {
    expect(ruled.filter(({ meaning, rule }) => (rule === "start" || rule === "help") && rule !== meaning)).toEqual([]);
  });

  it("knows every start and every call for help", () => {
    const wanted = ruled.filter(({ meaning }) => meaning === "start" || meaning === "help");
    expect(wanted.filter(({ meaning, rule }) => rule !== meaning)).toEqual([]);
  });

  it.each<[string, boolean, OptOutWords]>([
    ["YES", true, "start"],
    ["YES", false, "none"],
    ["Yes please!", true, "start"],
    ["Sí", true, "start"],
    ["yes, Tuesday at 3", true, "none"],
    ["STOP", true, "stop"],
    ["leave me alone mate", false, "maybe"],
    ["wrong number", false, "maybe"],
    ["Please don't call before 9", false, "maybe"],
  ])("takes %j from somebody who is opted out (%s) for %s", (text, isOptedOut, expected) => {
    expect(readOptOutWords(text, { isOptedOut })).toBe(expected);
  });

  it.each(["stop ".repeat(50_000), "don't ".repeat(50_000), "a".repeat(500_000), "please ".repeat(100_000), `${"do not ".repeat(20_000)}text`])("reads a very long text no longer than a text message", (text) => {
    expect(["stop", "maybe", "none"]).toContain(readOptOutWords(text, { isOptedOut: false }));
  });
});
