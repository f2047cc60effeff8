export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const MAX_NODES = 300;
const MAX_DEPTH = 8;

/** Every object of a JSON-LD text, parents first. What is no JSON says nothing. */
export const readJsonLd = (text: string): JsonObject[] => {
  let parsed: unknown;
  try {
    // Site builders wrap it in a comment or CDATA now and then.
    parsed = JSON.parse(text.replace(/^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/)|(?:-->|\/\*\s*\]\]>\s*\*\/)\s*$/g, ""));
  } catch {
    return [];
  }
  const nodes: JsonObject[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH || nodes.length >= MAX_NODES) return;
    if (Array.isArray(value)) for (const item of value) visit(item, depth);
    else if (isObject(value)) {
      nodes.push(value);
      for (const item of Object.values(value)) if (typeof item === "object") visit(item, depth + 1);
    }
  };
  visit(parsed, 0);
  return nodes;
};

/** schema.org lets a property be one value or several. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);

export const typesOf = (node: JsonObject): string[] => listOf(node["@type"]).flatMap((type) => (typeof type === "string" ? [type.replace(/^https?:\/\/schema\.org\//, "")] : []));

export const textOf = (value: unknown): string | null => {
  const [first] = listOf(value);
  const text = typeof first === "string" || typeof first === "number" ? String(first).replace(/\s+/g, " ").trim() : "";
  return text === "" ? null : text;
};

/** A name, or the name of the thing that stands there. */
export const nameOf = (value: unknown): string | null => (isObject(value) ? textOf(value["name"]) : textOf(value));
