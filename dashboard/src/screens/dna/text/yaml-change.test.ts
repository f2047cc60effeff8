import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moveIn, removeIn, setIn, withValue } from "./yaml-change.ts";
import { readText } from "./yaml-text.ts";
import { OWNERS, phone } from "./yaml.testing.ts";

describe("a value that is set", () => {
  it("is exchanged in its place; every other character stays", () => {
    expect(setIn(OWNERS, phone, "+64219999999")).toBe(OWNERS.replace("+64211234567", "+64219999999"));
    expect(setIn(OWNERS, ["identity", "niche"], "roofer")).toBe(OWNERS.replace("plumber", "roofer"));
    expect(setIn(OWNERS, ["services", 0, "price_from"], 210)).toBe(OWNERS.replace("180", "210"));
  });

  it("that would mean something else unquoted is quoted", () => {
    for (const name of ["yes: no", "#1", "true", "12", "- a", "a, b}", "", " x ", "null", "Ünïcode ☎"]) {
      expect(readText(setIn(OWNERS, ["services", 0, "name"], name)).value).toMatchObject({ services: [{ name }, {}] });
    }
  });

  it("makes the maps on its way, beside what is there, and keeps comments and order", () => {
    const text = setIn(OWNERS, ["modules", "lead_gen", "sales_bridge", "attempts", "rounds"], 2);
    expect(text).toContain("      attempts:\n        rounds: 2\n");
    for (const kept of ["# Ours. Ask Dana", "zebra: kept\n", "# since 1987", "# by the hour", "# the old ones", "# nights too"]) expect(text).toContain(kept);
    expect(text.indexOf("zebra")).toBeLessThan(text.indexOf("identity"));
    expect(text).toContain("whisper_text: >-\n        New lead for {business}. {name}\n");
  });

  it("takes the place of a null, of nothing, and of an empty document", () => {
    expect(setIn("identity:\n", ["identity", "niche"], "plumber")).toBe("identity:\n  niche: plumber\n");
    expect(setIn("identity: {}\n", ["identity", "niche"], "plumber")).toBe("identity:\n  niche: plumber\n");
    expect(setIn("", ["services"], [])).toBe("services: []\n");
    expect(readText(setIn("# only a comment\n", ["a", "b"], 1)).value).toEqual({ a: { b: 1 } });
  });

  it("does not change what refers to the same", () => {
    const text = setIn("a: &hours {mon: [24h]}\nb: *hours\n", ["a", "mon"], []);
    expect(readText(text).value).toEqual({ a: { mon: [] }, b: { mon: ["24h"] } });
  });

  it("leaves a text alone that cannot be read", () => {
    expect(setIn("a: [\n", ["a"], 1)).toBe("a: [\n");
  });

  it("keeps the comments of a list's items that stay", () => {
    const text = setIn("words:\n  - one # first\n  - two # second\n", ["words"], ["two", "three"]);
    expect(text).toBe("words:\n  - two # second\n  - three\n");
  });

  it("says afterwards just what it should, whatever it was and is", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }));
    const tree = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(leaf, fc.dictionary(fc.constantFrom("a", "b"), leaf)));
    fc.assert(
      fc.property(tree, fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }), leaf, (before, path, value) => {
        const text = Object.entries(before).reduce((yaml, [key, item]) => setIn(yaml, [key], item), "# kept\n{}\n");
        const after = setIn(text, path, value);
        expect(readText(after)).toMatchObject({ mistakes: [] });
        expect(readText(after).value).toEqual(withValue(before, path, value));
        expect(after).toContain("# kept");
      }),
    );
  });
});

describe("a value that is taken away", () => {
  it("takes along the maps that held nothing else, and no comment of others", () => {
    const text = removeIn("# top\na:\n  b:\n    c: 1\nd: 2 # stays\n", ["a", "b", "c"]);
    expect([text.includes("# top"), readText(text).value, text.includes("# stays")]).toEqual([true, { d: 2 }, true]);
    expect(readText(removeIn(OWNERS, phone)).value).toHaveProperty("modules.lead_gen.sales_bridge.whisper_text");
  });

  it("leaves an empty map of the last one", () => {
    expect(readText(removeIn("a: {b: 1}\n", ["a", "b"])).value).toEqual({});
  });

  it("is an item of a list, whose neighbours keep their comments", () => {
    expect(removeIn("l:\n  - a # first\n  - b # second\n", ["l", 0])).toBe("l:\n  - b # second\n");
  });
});

it("an item moves with its comments", () => {
  expect(moveIn("l:\n  - a # first\n  - b # second\n", ["l"], 1, 0)).toBe("l:\n  - b # second\n  - a # first\n");
});
