import { AppError, type FieldError } from "../errors.ts";
import { type Composer, type DnaSources, requireValid, salvage } from "./compose.ts";
import { readDocument } from "./document.ts";
import { unknownKeys } from "./json-schema.ts";
import type { Dna } from "./schema.ts";

/** What a custom layer would do, were it stored: nothing is. */
export interface DnaCheck {
  /** Why it could not be stored; empty: it could be. Those of its syntax stand alone, as nothing beyond them can be read. */
  errors: FieldError[];
  /** Keys that this release does not know: kept, and without effect. */
  warnings: FieldError[];
  /** The niche whose vertical it brings. */
  vertical: string | null;
  /** What holds where it says nothing: all other layers over each other, and by path the layer that says it. */
  beneath: { dna: Dna; origins: Record<string, string> };
}

/** @throws AppError other than for what the text has wrong */
const mistakesOf = (check: () => unknown): FieldError[] => {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof AppError && error.errors !== undefined) return error.errors;
    throw error;
  }
};

const MAX_WARNINGS = 50;

export const checkCustom = (composer: Composer, sources: DnaSources): DnaCheck => {
  const syntax = mistakesOf(() => readDocument(sources.custom));
  const composition = composer.compose(syntax.length === 0 ? sources : { ...sources, custom: "" });
  const { dna, origins } = salvage({ ...composition, layers: composition.layers.map((layer) => (layer.name === "custom" ? { ...layer, value: {} } : layer)) });
  const base = { vertical: composition.vertical, beneath: { dna, origins: origins() } };
  if (syntax.length > 0) return { ...base, errors: syntax, warnings: [] };
  const { value, placeOf } = readDocument(sources.custom);
  const warnings = unknownKeys(value).slice(0, MAX_WARNINGS).map((key): FieldError => ({ path: key.join("."), message: "not a key that this release knows; it has no effect", ...placeOf(key) }));
  return { ...base, errors: mistakesOf(() => requireValid(composition, "custom")), warnings };
};
