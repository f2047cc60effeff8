import type { Fields, FieldValue } from "./form-fields.ts";

/** One answered field, wherever in the form it stood. */
export interface Answer {
  /** Where it stood, outermost first; never empty. */
  path: string[];
  /** What the visitor saw above it, where the plugin sends that beside the name. */
  label: string | null;
  /** The plugin's kind of input ("tel", "textarea"), where it sends that. */
  type: string | null;
  /** What was chosen or typed, each trimmed and not empty; more than one for checkboxes. */
  values: string[];
  /** All values in one text. */
  text: string;
}

/** Every answered field of a form in its order. Empty answers are left out. */
export const answersOf = (fields: Fields): Answer[] => {
  const answers: Answer[] = [];
  for (const [name, value] of Object.entries(fields)) collect(value, [name], answers);
  return answers;
};

const collect = (value: FieldValue, path: string[], answers: Answer[]): void => {
  if (typeof value === "string") {
    add(answers, { path, label: null, type: null }, [value]);
  } else if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item === "string");
    add(answers, { path, label: null, type: null }, texts);
    for (const [index, item] of value.entries()) if (typeof item !== "string") collect(item, [...path, String(index)], answers);
  } else if (isDescribed(value)) {
    collectDescribed(value, path, answers);
  } else {
    for (const [name, item] of Object.entries(value)) collect(item, [...path, name], answers);
  }
};

/**
 * A field that comes with its description: Elementor's advanced `{id, type, title, value}`, WPForms' own `{name, value, type}`,
 * lists of `{name, value}`. An object with `value` alone is one too.
 */
const isDescribed = (value: Fields): boolean => {
  const content = value["value"];
  return typeof content === "string" || (Array.isArray(content) && content.every((item) => typeof item === "string"));
};

const collectDescribed = (field: Fields, path: string[], answers: Answer[]): void => {
  const text = (name: string): string | null => {
    const value = field[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
  };
  const own = text("id") ?? text("key") ?? text("name");
  // In a list the place says nothing, the field's own id does.
  const last = path.at(-1) ?? "";
  const where = /^\d+$/.test(last) && own !== null ? [...path.slice(0, -1), own] : path;
  const value = field["value"] ?? "";
  const values = typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  add(answers, { path: where, label: text("title") ?? text("label") ?? text("name"), type: text("type")?.toLowerCase() ?? null }, values);
};

const add = (answers: Answer[], field: Pick<Answer, "path" | "label" | "type">, raw: readonly string[]): void => {
  // WPForms joins choices with "||", and without spaces, which a person would type.
  const values = raw
    .flatMap((value) => value.split(/(?<=\S)\|\|(?=\S)/))
    .map((value) => value.trim())
    .filter((value) => value !== "");
  if (values.length > 0) answers.push({ ...field, values, text: values.join(", ") });
};
