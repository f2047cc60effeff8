import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { patchYaml } from "./patch.ts";

const OWNERS = `# Our business. Ask Dana before you change the phones!

identity:
  niche: plumber # since 1987
brand_brain:
  # Dana's words:
  voice_tone: >-
    short, warm and
    a little dry
  insider_tips:
    # the most asked
    - Turn the mains off first.
    # from Joe
    - Hair is worse than fat. # really
modules:
  lead_gen:
    sales_bridge:
      destinations:
        - { name: Dana, phone: "+64211234567" } # mobile
        # nights
        - { name: Joe, phone: "+64217654321" }
      ring_timeout_s: 25 # rings about five times

# the end
`;

describe("a patch of a person's YAML", () => {
  it("that changes nothing leaves every character", () => {
    expect(patchYaml(OWNERS, {}).replace(">-\n    short, warm and a little dry", ">-\n    short, warm and\n    a little dry")).toBe(OWNERS);
  });

  it("changes the line it names and keeps that line's comment", () => {
    expect(patchYaml(OWNERS, { modules: { lead_gen: { sales_bridge: { ring_timeout_s: 40 } } } })).toContain("      ring_timeout_s: 40 # rings about five times\n");
  });

  it("adds beside what is there", () => {
    const patched = patchYaml(OWNERS, { identity: { time_zone: "Pacific/Auckland" }, services: [{ name: "Drains" }] });
    expect(patched).toContain("  niche: plumber # since 1987\n  time_zone: Pacific/Auckland\n");
    expect(patched).toContain("services:\n  - name: Drains\n");
    for (const comment of OWNERS.match(/#.*/g) ?? []) expect(patched).toContain(comment);
  });

  it("keeps the comments of the items that stay in a list, wherever they go", () => {
    const patched = patchYaml(OWNERS, { brand_brain: { insider_tips: ["New.", "Hair is worse than fat.", "Turn the mains off first."] } });
    expect(patched).toContain("    - New.\n    # from Joe\n    - Hair is worse than fat. # really\n");
  });

  it("keeps a list's item with its comment when one of its values changes", () => {
    const patched = patchYaml(OWNERS, { modules: { lead_gen: { sales_bridge: { destinations: [{ name: "Dana", phone: "+64210000000" }, { name: "Joe", phone: "+64217654321" }] } } } });
    expect(patched).toContain('        - { name: Dana, phone: "+64210000000" } # mobile\n        # nights\n        - { name: Joe, phone: "+64217654321" }\n');
  });

  it("takes out what is null, with its own comment and no other", () => {
    const patched = patchYaml(OWNERS, { modules: { lead_gen: { sales_bridge: { ring_timeout_s: null } } }, identity: null });
    expect(parse(patched)).toEqual({ brand_brain: (parse(OWNERS) as Record<string, unknown>)["brand_brain"], modules: { lead_gen: { sales_bridge: { destinations: [{ name: "Dana", phone: "+64211234567" }, { name: "Joe", phone: "+64217654321" }] } } } });
    expect(patched).toContain("# nights");
    expect(patched).not.toContain("five times");
  });

  it.each([
    ["an empty document", "", "a: 1\n"],
    ["an empty map", "{}\n", "a: 1\n"],
    ["a document of comments", "# mine\n", "# mine\n\na: 1\n"],
  ])("writes into %s", (_, yaml, expected) => {
    expect(patchYaml(yaml, { a: 1 })).toBe(expected);
  });

  it("writes a text that looks like something else as a text", () => {
    const texts = { phone: "+64211234567", yes: "yes", date: "2026-12-25", window: "08:00-17:00", no: "null", empty: "", many: "a: b # c\n- d" };
    expect(parse(patchYaml("phone: 1 # one\n", texts))).toEqual(texts);
  });

  it("never changes what a reference elsewhere stands for", () => {
    const yaml = "a: &hours { mon: [24h] } # always\nb: *hours\n";
    expect(parse(patchYaml(yaml, { a: { mon: ["08:00-17:00"] } }))).toEqual({ a: { mon: ["08:00-17:00"] }, b: { mon: ["24h"] } });
    expect(parse(patchYaml(yaml, { a: null }))).toEqual({ b: { mon: ["24h"] } });
    expect(parse(patchYaml(yaml, { b: { tue: ["24h"] } }))).toEqual({ a: { mon: ["24h"] }, b: { mon: ["24h"], tue: ["24h"] } });
    expect(patchYaml(yaml, { a: { mon: [] } })).toContain("# always");
  });

  it.each([
    ["lists that are not indented", "a:\n- 1\n- 2\nb: x\n"],
    ["lists that are", "a:\n  - 1\n  - 2\nb: x\n"],
    ["tight brackets", "a: [1, 2]\nc: {d: 1}\nb: x\n"],
    ["spaced brackets", "a: [ 1, 2 ]\nc: { d: 1 }\nb: x\n"],
    ["lines of any length", `a: ${"long ".repeat(60)}end\nb: x\n`],
  ])("keeps %s as they are", (_, yaml) => {
    expect(patchYaml(yaml, { b: "y" })).toBe(yaml.replace("b: x", "b: y"));
  });
});

describe("for any document and any patch", () => {
  const key = fc.constantFrom("a", "b", "c", "1", "x y", "#");
  const leaf = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant("+64211234567"), fc.constantFrom(" ", "\n", "- a", "# no", "~", "null", "0x1f", "1e3"));
  const { value } = fc.letrec<{ value: unknown; patch: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(key, tie("value"), { maxKeys: 3 })),
    patch: leaf,
  }));
  const map = fc.dictionary(key, value, { maxKeys: 4 });
  const patchOf = fc.dictionary(key, fc.oneof(value, fc.constant(null), fc.dictionary(key, fc.oneof(value, fc.constant(null)), { maxKeys: 3 })), { maxKeys: 4 });
  const isMap = (given: unknown): given is Record<string, unknown> => typeof given === "object" && given !== null && !Array.isArray(given);
  /** RFC 7396, section 2, word for word. */
  const mergePatch = (target: unknown, patch: unknown): unknown => {
    if (!isMap(patch)) return patch;
    const result = new Map(isMap(target) ? Object.entries(target) : []);
    for (const [name, item] of Object.entries(patch)) {
      if (item === null) result.delete(name);
      else result.set(name, mergePatch(result.get(name), item));
    }
    return Object.fromEntries(result);
  };

  it("the patched YAML says what RFC 7396 says, in block and in flow style", () => {
    fc.assert(
      fc.property(map, patchOf, fc.boolean(), (document, patch, flow) => {
        const yaml = stringify(document, flow ? { collectionStyle: "flow" } : {});
        expect(parse(patchYaml(yaml, patch))).toEqual(mergePatch(document, patch));
      }),
      { numRuns: 400 },
    );
  });

  it("a comment on a line that the patch does not name survives", () => {
    fc.assert(
      fc.property(map, patchOf, (document, patch) => {
        const yaml = `${Object.keys(document).length === 0 ? "" : stringify(document)}# above\nkept: 1 # beside\n`;
        expect(patchYaml(yaml, patch)).toMatch(/# above\nkept: 1 # beside\n/);
      }),
    );
  });
});
