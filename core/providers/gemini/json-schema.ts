import { z } from "zod";

/** The keywords that `responseJsonSchema` knows (CONTRACTS 5.2). */
const KEYWORDS = new Set([
  "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems", "maxItems",
  "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required", "propertyOrdering",
]);
/** Keywords whose value maps names to schemas; the names are the caller's. */
const MAPS = new Set(["properties", "$defs"]);
/**
 * Large bounds on arrays make Google's grammar too big: requests whose `maxItems` add up to some 960 are refused
 * (googleapis/python-genai issue 2170). Larger bounds are checked on our side only.
 */
const LARGEST_BOUND = 50;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;
const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const reduce = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(reduce);
  if (!isObject(schema)) return schema;
  const reduced: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!KEYWORDS.has(keyword)) continue;
    if ((keyword === "maxItems" || keyword === "minItems") && Number(value) > LARGEST_BOUND) continue;
    // zod bounds every integer by what a double can hold, which tells a model nothing.
    if ((keyword === "minimum" || keyword === "maximum") && Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER) continue;
    if (keyword === "enum") reduced[keyword] = value;
    else if (MAPS.has(keyword) && isObject(value)) reduced[keyword] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, reduce(inner)]));
    else reduced[keyword] = reduce(value);
  }
  if (schema.const !== undefined && reduced.enum === undefined) reduced.enum = [schema.const];
  return reduced;
};

/**
 * A zod schema as the JSON Schema that Gemini is told to answer in. It only guides the model: what Google's subset
 * cannot say (lengths, patterns, transforms) is checked by the zod schema afterwards.
 */
export const responseJsonSchema = (schema: z.ZodType): object => {
  const reduced = reduce(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json);
  return isObject(reduced) ? reduced : {};
};
