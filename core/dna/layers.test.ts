import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { createComposer, type DnaSources, requireValid, salvage } from "./compose.ts";
import { readDocument } from "./document.ts";
import { diffLayers } from "./diff.ts";
import { layOver, overlay } from "./layers.ts";
import { bundledProfiles } from "./profiles.ts";

const composer = createComposer(bundledProfiles);
const composed = (custom: string, generated = "") => {
  const sources: DnaSources = { project: { id: "acme", name: "Acme", country: "NZ" }, generated, custom };
  return composer.compose(sources);
};
const dnaOf = (custom: string, generated = "") => requireValid(composed(custom, generated), "custom").dna;
const originsOf = (custom: string, generated = "") => requireValid(composed(custom, generated), "custom").origins();
const mistakesOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError && error.status === 422) return error.errors ?? [];
    throw error;
  }
  return [];
};

describe("laying layers over each other", () => {
  it.each<[string, Record<string, unknown>[], unknown]>([
    ["maps merge", [{ a: { b: 1 } }, { a: { c: 2 } }], { a: { b: 1, c: 2 } }],
    ["lists replace", [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
    ["null removes", [{ a: 1, b: 2 }, { a: null }], { b: 2 }],
    ["null removes a whole map", [{ a: { b: 1 } }, { a: null }], {}],
    ["null stands for itself in a list", [{ a: [1, null] }], { a: [1, null] }],
    ["what comes after a null starts anew", [{ a: { b: 1 } }, { a: null }, { a: { c: 1 } }, { a: { d: 1 } }], { a: { c: 1, d: 1 } }],
    ["a plain value hides a map, and a map a plain value", [{ a: { b: 1 }, c: 1 }, { a: 1, c: { d: 1 } }], { a: 1, c: { d: 1 } }],
    ["an empty map adds nothing", [{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }],
  ])("%s", (_, layers, result) => {
    expect(overlay(layers)).toEqual(result);
  });

  it("a document of the older form, with nothing but destination_phone, is valid", () => {
    expect(dnaOf('modules: {lead_gen: {sales_bridge: {destination_phone: "+64211234567"}}}').modules.lead_gen.sales_bridge.destination_phone).toBe("+64211234567");
  });

  it("keeps keys that it does not know, as a newer release may", () => {
    expect(dnaOf("modules: {newer: {thing: 1}}\nidentity: {motto: yes we can}")).toMatchObject({ modules: { newer: { thing: 1 } }, identity: { motto: "yes we can" } });
  });

  it("never lets a document speak for another project", () => {
    expect(dnaOf("identity: {project_id: other}").identity.project_id).toBe("acme");
  });
});

describe("the vertical", () => {
  it.each([
    ["of the custom layer's niche", "identity: {niche: lawyer}", "identity: {niche: plumber}", "lawyer"],
    ["of the generated layer's niche", "", "identity: {niche: plumber}", "plumber"],
    ["of a niche as people write it", "identity: {niche: ' Plumber '}", "", "plumber"],
    ["is none for a niche that nobody has written down", "identity: {niche: beekeeper}", "", null],
    ["is none when the custom layer takes the niche away", "identity: {niche: null}", "identity: {niche: plumber}", null],
    ["is none for the name of something that every object has", "identity: {niche: constructor}", "", null],
    ["is none without a niche", "", "", null],
  ])("%s", (_, custom, generated, vertical) => {
    expect(composed(custom, generated).vertical).toBe(vertical);
  });

  it("lies under what the business says itself", () => {
    const dna = dnaOf("identity: {niche: plumber}\nservices: [{name: Only drains}]");
    expect(dna.services).toEqual([{ name: "Only drains" }]);
    expect(dna.brand_brain.insider_tips.length).toBeGreaterThan(5);
  });
});

describe("origins", () => {
  it("name for each value the layer that it comes from", () => {
    const origins = originsOf("identity: {niche: plumber}\nmodules: {lead_gen: {sales_bridge: {ring_timeout_s: 40}}}", "identity: {country: AU}\nbrand_brain: {voice_tone: dry}");
    expect(origins).toMatchObject({
      "identity.project_id": "project",
      "identity.business_name": "project",
      "identity.country": "generated",
      "identity.niche": "custom",
      "brand_brain.voice_tone": "generated",
      "brand_brain.insider_tips": "vertical:plumber",
      services: "vertical:plumber",
      "modules.lead_gen.sales_bridge.ring_timeout_s": "custom",
      "modules.lead_gen.sales_bridge.language": "defaults",
      "modules.lead_gen.form_mapping": "defaults",
    });
  });

  it("do not credit a layer that a null or a list above has shut off", () => {
    expect(originsOf("extra: {c: 1}", "extra: null")).toMatchObject({ "extra.c": "custom" });
    expect(originsOf("services: []\nidentity: {niche: plumber}")).toMatchObject({ services: "custom" });
  });

  it("name a layer for every value", () => {
    expect(Object.values(originsOf("identity: {niche: dentist}")).every((layer) => ["defaults", "vertical:dentist", "project", "custom"].includes(layer))).toBe(true);
  });
});

describe("a mistake", () => {
  const BAD = `# mine
identity:
  niche: plumber
  time_zone: Auckland
services:
  - name: Drains
  - slug: no-name
modules:
  lead_gen:
    sales_bridge:
      ring_timeout_s: 2 # too short
      whisper_text: null
      destinations:
        - { name: Dana, phone: 021 123 }
`;
  it("is told with its path, its line in the text, and what was expected", () => {
    expect(mistakesOf(() => dnaOf(BAD))).toEqual([
      { path: "identity.time_zone", line: 4, column: 3, message: expect.stringContaining("IANA time zone") as unknown },
      { path: "services.1.name", line: 7, column: 5, message: expect.stringContaining("expected string") as unknown },
      { path: "modules.lead_gen.sales_bridge.destinations.0.phone", line: 14, column: 25, message: expect.stringContaining("E.164") as unknown },
      { path: "modules.lead_gen.sales_bridge.whisper_text", line: 12, column: 7, message: expect.stringContaining("expected string") as unknown },
      { path: "modules.lead_gen.sales_bridge.ring_timeout_s", line: 11, column: 7, message: expect.stringContaining(">=5") as unknown },
    ]);
  });

  it("names the other layer when it is not in this text", () => {
    const { layers } = composed("services: []", "brand_brain: {}\nidentity: {country: nz}");
    expect(layOver(layers, "custom").mistakes).toMatchObject([{ path: "identity.country", line: 2, message: expect.stringMatching(/ISO 3166.*\(in the layer generated\)/) as unknown }]);
    expect(layOver(layers, "generated").mistakes).toMatchObject([{ path: "identity.country", line: 2, message: expect.not.stringContaining("layer") as unknown }]);
  });

  it("that another layer had before is not held against the writer of this one", () => {
    expect(dnaOf("services: [{name: x}]", "identity: {time_zone: Middle-earth, language: en}")).toMatchObject({ services: [{ name: "x" }], identity: { language: "en" } });
  });

  it.each([
    ["a bracket that is never closed", "a: 1\nb: [1", 2],
    ["the same key twice", "a: 1\nb: 2\na: 3\n", 3],
    ["a tab for indentation", "a:\n\tb: 1\n", 2],
    ["two documents in one", "a: 1\n---\nb: 1\n", 2],
    ["a reference to nothing", "a: *nowhere\n", 1],
    ["a map for a key", "a: 1\n? {b: 1}\n: c\n", 2],
    ["a key that would change what objects are", "a: 1\n__proto__: {polluted: true}\n", 2],
    ["a list where a map is expected", "- a\n", 1],
  ])("%s is told with its line", (_, yaml, line) => {
    expect(mistakesOf(() => readDocument(yaml))[0]).toMatchObject({ line });
  });
});

describe("what is too much", () => {
  const laughs = `a: &a [${"x,".repeat(9)}x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? "a" : `b${i - 1}`},`.repeat(9)}0]`).join("\n")}`;
  it.each([
    ["a billion laughs", laughs],
    ["a reference to itself", "a: &a [*a]\nb: {c: *a}"],
    ["references by the hundred", `a: &a [1, 2]\nb: [${"*a, ".repeat(400)}1]`],
    ["brackets by the thousand", "[".repeat(100_000)],
    ["brackets by the thousand, all closed", `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["maps in maps in maps", Array.from({ length: 60 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["values by the ten thousand", `a: [${"1,".repeat(50_000)}1]`],
    ["a megabyte", `a: ${"x".repeat(1_000_000)}`],
  ])("%s is refused, and soon", (_, yaml) => {
    expect(mistakesOf(() => readDocument(yaml)).length).toBeGreaterThan(0);
  });

  it("a few references are welcome", () => {
    expect(readDocument("a: &hours [1, 2]\nb: *hours\nc: *hours\n").value).toEqual({ a: [1, 2], b: [1, 2], c: [1, 2] });
  });
});

describe("stored DNA of which a newer release accepts less", () => {
  it("goes without those values, with what the layers below say, and the rest stands", () => {
    const { dna, dropped } = salvage(
      composed(`
identity: {niche: plumber, time_zone: Middle-earth}
services: [{name: Drains, slug: Bad Slug}, {slug: no-name}, {name: Taps}]
modules: {lead_gen: {sales_bridge: {ring_timeout_s: 2, destination_phone: "+64211234567"}}}
`),
    );
    expect(dna.services).toEqual([{ name: "Drains" }, { name: "Taps" }]);
    expect(dna.identity.time_zone).toBeUndefined();
    expect(dna.modules.lead_gen.sales_bridge).toMatchObject({ ring_timeout_s: 25, destination_phone: "+64211234567" });
    expect(dropped.map(({ path }) => path).toSorted()).toEqual(["identity.time_zone", "modules.lead_gen.sales_bridge.ring_timeout_s", "services.0.slug", "services.1.name"]);
  });

  it("takes back a null where something is needed", () => {
    expect(salvage(composed("modules: {lead_gen: null}")).dna.modules.lead_gen.enabled).toBe(true);
  });

  it("loses nothing of what is right", () => {
    const composition = composed("identity: {niche: lawyer}");
    expect(salvage(composition)).toMatchObject({ dna: requireValid(composition, "custom").dna, dropped: [] });
  });
});

describe("the difference of two layers", () => {
  it("is told value by value, lists as wholes, and not for order or spelling", () => {
    const from = readDocument("a: 1\nb: {c: [1, 2], d: x, gone: 1}\nsame: {x: 1, y: 2}\n").value;
    const to = readDocument("# new\nb: {d: 'x', c: [1], new: {deep: 1}}\na: 2\nsame: {y: 2, x: 1}\n").value;
    expect(diffLayers(from, to)).toEqual([
      { path: "a", change: "changed", from: 1, to: 2 },
      { path: "b.c", change: "changed", from: [1, 2], to: [1] },
      { path: "b.gone", change: "removed", from: 1 },
      { path: "b.new", change: "added", to: { deep: 1 } },
    ]);
  });
});
