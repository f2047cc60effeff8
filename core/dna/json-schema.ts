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

/** JSON Schema (2020-12) of one layer of the DNA, e.g. of `dna.custom.yaml`, for editors. Made from the schema that the API checks with. */
export const dnaLayerJsonSchema = (id?: string): Layer => {
  const whole = z.toJSONSchema(dnaSchema, { io: "input", target: "draft-2020-12", unrepresentable: "any" });
  const layer = asLayer(whole, false);
  if (!isLayer(layer)) throw new TypeError("the DNA's JSON Schema is not an object");
  return { ...layer, ...(id === undefined ? {} : { $id: id }), title: "A layer of an Apex DNA", description: "Laid over the defaults, the niche's vertical and the generated layer: maps merge, lists replace, null removes." };
};
