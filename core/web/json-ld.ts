export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const MAX_NODES = 1000;
const MAX_DEPTH = 8;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** What templates do to JSON most often: line breaks inside of texts, and a comma after the last. */
const mended = (text: string): string => text.replace(/\p{Cc}+/gu, " ").replace(/,(?=\s*[}\]])/g, "");

/** Every object of a JSON-LD text, parents first. What is no JSON says nothing. */
export const readJsonLd = (text: string): JsonObject[] => {
  // Site builders wrap it in a comment or CDATA now and then.
  const bare = text
    .trim()
    .replace(/^(?:<!--|(?:\/\*|\/\/)?\s*<!\[CDATA\[(?:\s*\*\/)?)/, "")
    .replace(/(?:-->|\]\]>(?:\s*\*\/)?)$/, "")
    .trimEnd()
    .replace(/(?:\/\*|\/\/)$/, "");
  const parsed = parse(bare) ?? parse(mended(bare));
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
