import type { Answer } from "./answers.ts";
import type { Fields } from "./form-fields.ts";

/** The inputs of a Gravity Forms name field (class GF_Field_Name: .2 prefix, .3 first, .4 middle, .6 last, .8 suffix). */
export interface GravityName {
  first: Answer | null;
  last: Answer | null;
}

/**
 * Finds the name in an entry's numeric ids ("1.3", "1.6", also as "input_1_3"). Addresses and checkboxes are numbered in the
 * same way, but they begin at .1, which a name never has. A field with both parts goes before one with a single part.
 */
export const findGravityName = (fields: Fields, answers: readonly Answer[]): GravityName | null => {
  const notNames = new Set<string>();
  // Unticked boxes and empty lines are in the entry too, so the names are looked at, not only the answers.
  for (const name of Object.keys(fields)) {
    const id = gravityId(name);
    if (id?.input === "1") notNames.add(id.field);
  }

  const found = new Map<string, GravityName>();
  for (const answer of answers) {
    const id = gravityId(answer.path[0] ?? "");
    if (id === null || notNames.has(id.field) || (id.input !== "3" && id.input !== "6")) continue;
    const name = found.get(id.field) ?? { first: null, last: null };
    found.set(id.field, id.input === "3" ? { ...name, first: answer } : { ...name, last: answer });
  }
  const names = [...found.values()];
  return names.find(({ first, last }) => first !== null && last !== null) ?? names[0] ?? null;
};

/** Whether the answer is one part of a Gravity field of several inputs, by itself neither a name nor a message. */
export const isGravityPart = (answer: Answer): boolean => gravityId(answer.path[0] ?? "") !== null;

const gravityId = (name: string): { field: string; input: string } | null => {
  const match = /^(?:input_)?(\d{1,6})[._](\d{1,3})$/.exec(name);
  return match?.[1] === undefined || match[2] === undefined ? null : { field: match[1], input: match[2] };
};
