import { isObject, listIn, numberIn, objectIn, textIn, type JsonObject } from "../kit/json.ts";

/** A schema of either dialect, made alike: JSON Schema, or Gemini's OpenAPI subset with its upper-case types. */
export interface Schema {
  readonly type: "object" | "array" | "string" | "number" | "integer" | "boolean" | "null" | "any";
  readonly description: string;
  readonly format: string;
  readonly pattern: RegExp | undefined;
  readonly choices: readonly unknown[] | undefined;
  readonly properties: readonly (readonly [name: string, schema: Schema])[];
  readonly required: ReadonlySet<string>;
  readonly items: Schema | undefined;
  readonly minItems: number;
  readonly maxItems: number;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
/** A schema may refer to itself; nobody reads further down than this. */
const DEEPEST = 12;

function typeOf(raw: JsonObject): Schema["type"] {
  const named: unknown = Array.isArray(raw["type"]) ? (raw["type"] as unknown[]).find((type) => String(type).toLowerCase() !== "null") : raw["type"];
  const type = TYPES.find((known) => known === String(named).toLowerCase());
  if (type !== undefined) return type;
  if (isObject(raw["properties"])) return "object";
  return raw["items"] === undefined ? "any" : "array";
}

function resolveReference(raw: JsonObject, root: JsonObject): JsonObject {
  const reference = textIn(raw, "$ref");
  if (reference?.startsWith("#") !== true) return raw;
  let found: unknown = root;
  for (const step of reference.slice(1).split("/").filter((part) => part !== "")) {
    found = isObject(found) ? found[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return isObject(found) ? found : {};
}

/** The branch to take of several: the first that is not null. */
function branchOf(raw: JsonObject): JsonObject {
  const branches = (listIn(raw, "anyOf") ?? listIn(raw, "oneOf") ?? []).filter(isObject);
  const chosen = branches.find((branch) => String(branch["type"]).toLowerCase() !== "null");
  const parts = (listIn(raw, "allOf") ?? []).filter(isObject);
  return Object.assign({}, raw, ...parts, chosen) as JsonObject;
}

function patternOf(raw: JsonObject): RegExp | undefined {
  const source = textIn(raw, "pattern");
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined;
  }
}

export function readSchema(input: unknown, root: JsonObject = isObject(input) ? input : {}, depth = 0): Schema {
  const direct = isObject(input) ? resolveReference(input, root) : {};
  const raw = resolveReference(branchOf(direct), root);
  const deeper = (inner: unknown): Schema => readSchema(inner, root, depth + 1);
  const properties = depth >= DEEPEST ? {} : (objectIn(raw, "properties") ?? {});
  const items = raw["items"] ?? listIn(raw, "prefixItems")?.[0];
  return {
    type: typeOf(raw),
    description: textIn(raw, "description") ?? "",
    format: textIn(raw, "format") ?? "",
    pattern: patternOf(raw),
    choices: "const" in raw ? [raw["const"]] : listIn(raw, "enum"),
    properties: Object.entries(properties).map(([name, inner]) => [name, deeper(inner)] as const),
    required: new Set((listIn(raw, "required") ?? []).map(String)),
    items: items === undefined || depth >= DEEPEST ? undefined : deeper(items),
    // Gemini's dialect writes these counts as strings.
    minItems: Number(raw["minItems"] ?? 0),
    maxItems: Number(raw["maxItems"] ?? Infinity),
    minLength: Number(raw["minLength"] ?? 0),
    maxLength: Number(raw["maxLength"] ?? Infinity),
    minimum: numberIn(raw, "minimum") ?? numberIn(raw, "exclusiveMinimum"),
    maximum: numberIn(raw, "maximum") ?? numberIn(raw, "exclusiveMaximum"),
  };
}
