import type { Path } from "./yaml-text.ts";

/** As much of JSON Schema (2020-12) as the DNA's own uses (`/api/schemas/dna.json`). */
export interface JsonSchema {
  type?: string;
  description?: string;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  enum?: string[];
  const?: string;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** The forms that a value may have, without `null`, which every key of a layer may be. */
export const formsOf = (schema: JsonSchema): JsonSchema[] => {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices === undefined) return schema.type === "null" ? [] : [schema];
  return choices.flatMap(formsOf).map((form) => (form.description === undefined && schema.description !== undefined ? { ...form, description: schema.description } : form));
};

/** The forms that a value at `path` may have; a list's items go by any number, or by "-". */
export const formsAt = (schema: JsonSchema, path: Path): JsonSchema[] =>
  path.reduce<JsonSchema[]>(
    (forms, key) =>
      forms.flatMap((form) => {
        if (form.type === "array") return form.items === undefined ? [] : formsOf(form.items);
        const named = form.properties?.[key];
        if (named !== undefined) return formsOf(named);
        return typeof form.additionalProperties === "object" && Object.keys(form.additionalProperties).length > 0 ? formsOf(form.additionalProperties) : [];
      }),
    formsOf(schema),
  );

/** How a value is put into a form. `other`: only in YAML. */
export type Kind = "text" | "long" | "number" | "toggle" | "choice" | "lines" | "hours" | "holidays" | "items" | "pairs" | "group" | "other";

const LONG = 256;

export const kindOf = (forms: readonly JsonSchema[]): Kind => {
  const [form] = forms;
  if (form === undefined || forms.length > 1) return "other";
  if (form.enum !== undefined) return "choice";
  switch (form.type) {
    case "boolean": return "toggle";
    case "integer":
    case "number": return "number";
    case "string": return (form.maxLength ?? 0) >= LONG && form.pattern === undefined && form.format === undefined ? "long" : "text";
    case "array": {
      const items = form.items === undefined ? [] : formsOf(form.items);
      if (items.some(({ format }) => format === "date")) return "holidays";
      if (items.length !== 1) return "other";
      return items[0]?.type === "string" ? "lines" : items[0]?.properties === undefined ? "other" : "items";
    }
    case "object": {
      const names = Object.keys(form.properties ?? {});
      if (names.includes("mon") && names.includes("sun")) return "hours";
      if (names.length > 0) return "group";
      const values = typeof form.additionalProperties === "object" ? formsOf(form.additionalProperties) : [];
      return values.length === 1 && values[0]?.type === "string" ? "pairs" : "other";
    }
    default: return "other";
  }
};
