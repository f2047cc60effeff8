import { describe, expect, it } from "vitest";
import { dnaLayerJsonSchema } from "../../core/dna/json-schema.ts";
import { sectionOf, SECTIONS } from "../../dashboard/src/screens/dna/form/sections.ts";
import { formsAt, type JsonSchema, kindOf } from "../../dashboard/src/screens/dna/text/json-schema.ts";

/* The form knows the DNA by the JSON Schema that the API publishes. Here both are held against each other. */

const schema = JSON.parse(JSON.stringify(dnaLayerJsonSchema())) as JsonSchema;

/** Dotted paths of all that is one value to the form. */
const valuesIn = (path: readonly string[]): string[] => {
  const forms = formsAt(schema, path);
  return kindOf(forms) === "group" ? Object.keys(forms[0]?.properties ?? {}).flatMap((name) => valuesIn([...path, name])) : [path.join(".")];
};

describe("the form of the DNA", () => {
  it.each(SECTIONS.flatMap(({ fields }) => fields))("has a control for all of %s", (field) => {
    const values = valuesIn(field.split("."));
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((path) => formsAt(schema, path.split(".")).length === 0)).toEqual([]);
  });

  it("leaves to the YAML what it cannot do justice to, and to nobody what is nobody's", () => {
    const all = valuesIn([]);
    expect(all.filter((path) => sectionOf(path) === null)).toEqual(["identity.project_id"]);
    expect(all.filter((path) => kindOf(formsAt(schema, path.split("."))) === "other")).toEqual(["modules.lead_gen.sniper.sources"]);
  });

  it("shows each value once", () => {
    const values = SECTIONS.flatMap(({ fields }) => fields.flatMap((field) => valuesIn(field.split("."))));
    expect(values.length).toBe(new Set(values).size);
  });
});
