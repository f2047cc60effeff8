import { z } from "zod";
import { isLayer, type Layer } from "./document.ts";
import { dnaSchema } from "./schema.ts";

/** Keywords whose values are schemas by name, and those whose values are lists of schemas. */
const BY_NAME = new Set(["properties", "$defs", "patternProperties"]);
const LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);

const nullable = (schema: unknown): unknown => ({ anyOf: [schema, { type: "null" }], ...(isLayer(schema) && "description" in schema ? { description: schema["description"] } : {}) });

/**
 * A layer says what it wants to say: nothing of a map is required, and `null` may stand anywhere (it removes). A list
 * replaces the one below, so inside of its items everything is as in the whole.
 */
const asLayer = (schema: unknown, whole: boolean): unknown => {
  if (!isLayer(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (keyword === "required" && !whole) return [];
      if (BY_NAME.has(keyword) && isLayer(value)) {
        const named = Object.entries(value).map(([name, part]) => [name, keyword === "properties" && !whole ? nullable(asLayer(part, whole)) : asLayer(part, whole)]);
        return [[keyword, Object.fromEntries(named)]];
      }
      if (LISTS.has(keyword) && Array.isArray(value)) return [[keyword, value.map((part) => asLayer(part, whole))]];
      if (keyword === "items") return [[keyword, asLayer(value, true)]];
      return [[keyword, asLayer(value, whole)]];
    }),
  );
};

let whole: Layer | undefined;
/** Made once: it takes some milliseconds. */
const wholeSchema = (): Layer => (whole ??= { ...z.toJSONSchema(dnaSchema, { io: "input", target: "draft-2020-12", unrepresentable: "any" }) });

/** JSON Schema (2020-12) of one layer of the DNA, e.g. of `dna.custom.yaml`, for editors. Made from the schema that the API checks with. */
export const dnaLayerJsonSchema = (id?: string): Layer => {
  const layer = asLayer(wholeSchema(), false);
  if (!isLayer(layer)) throw new TypeError("the DNA's JSON Schema is not an object");
  return { ...layer, ...(id === undefined ? {} : { $id: id }), title: "A layer of an Apex DNA", description: "Laid over the defaults, the niche's vertical and the generated layer: maps merge, lists replace, null removes." };
};

/**
 * Paths of keys that the schema does not know. They are kept, as a newer release may know them; but most are slips of the
 * pen that have no effect, which whoever writes by hand should be told.
 */
export const unknownKeys = (layer: Layer): string[][] => {
  const visit = (value: unknown, schema: unknown, path: string[]): string[][] => {
    if (!isLayer(schema)) return [];
    if (Array.isArray(value)) return value.flatMap((item: unknown, index) => visit(item, schema["items"], [...path, String(index)]));
    const known = schema["properties"];
    if (!isLayer(value) || !isLayer(known)) return [];
    // `additionalProperties: {}` is how a map that keeps what it does not know looks; one with a schema has names of its own.
    const open = isLayer(schema["additionalProperties"]) && Object.keys(schema["additionalProperties"]).length > 0;
    return Object.entries(value).flatMap(([key, item]) => (Object.hasOwn(known, key) ? visit(item, known[key], [...path, key]) : open ? [] : [[...path, key]]));
  };
  return visit(layer, wholeSchema(), []);
};
