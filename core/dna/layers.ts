import { deepmergeCustom } from "deepmerge-ts";
import { type DnaDocument, invalidDna, isLayer, type Layer, readDocument } from "./document.ts";
import type { FieldError } from "../errors.ts";
import { type Dna, dnaSchema } from "./schema.ts";

export type { Layer } from "./document.ts";

/** Reads one YAML document as a layer. @throws AppError 422, see `readDocument` */
export const parseLayer = (yaml: string): Layer => readDocument(yaml).value;

/** A layer with the name under which origins and mistakes speak of it. */
export interface NamedLayer {
  name: string;
  value: Layer;
  /** Of a layer that a person wrote: where a value stands. */
  placeOf?: DnaDocument["placeOf"];
}

/** Maps merge, lists replace. */
const mergeTwo = deepmergeCustom({ mergeArrays: false });

/** Two at a time: a `null` hides what is below it, and what is above it starts anew. */
const merge = (layers: readonly Layer[]): unknown => layers.reduce<unknown>((below, above) => mergeTwo(below, above), {});

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => (item === null ? item : withoutNulls(item)));
  if (!isLayer(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])));
};

/** The layers over each other, the later ones on top; `null` has removed what it stands on. Not yet checked. */
export const overlay = (layers: readonly Layer[]): unknown => withoutNulls(merge(layers));

interface Blame {
  layer: NamedLayer;
  /** How many segments of the path that layer has. */
  depth: number;
}

/**
 * The layer that a value of the result comes from, or of which it is missing: from the top down, the first that says most
 * of the path, but none below one that shuts the path off with a list, a plain value or `null`.
 */
const blame = (layers: readonly NamedLayer[], path: readonly PropertyKey[]): Blame | null => {
  let best: Blame | null = null;
  for (const layer of layers.toReversed()) {
    let [value, depth, open]: [unknown, number, boolean] = [layer.value, 0, true];
    for (const key of path) {
      if (Array.isArray(value)) open = false;
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) break;
      value = (value as Record<PropertyKey, unknown>)[key];
      depth++;
    }
    if (depth > (best?.depth ?? 0)) best = { layer, depth };
    if (!open || (depth > 0 && !isLayer(value))) break;
  }
  return best;
};

export interface Mistake extends FieldError {
  /** Where to take something away so that the mistake is gone; null when something is missing that no layer has. */
  source: { layer: string; path: PropertyKey[] } | null;
}

/** Lays the layers over each other and checks the result. */
export const layOver = (layers: readonly NamedLayer[], own?: string): { dna: Dna; mistakes: null } | { dna: null; mistakes: Mistake[] } => {
  const parsed = dnaSchema.safeParse(overlay(layers.map((layer) => layer.value)));
  if (parsed.success) return { dna: parsed.data, mistakes: null };
  const mistakes = parsed.error.issues.map((issue): Mistake => {
    const found = blame(layers, issue.path);
    const shown = { path: issue.path.map(String).join("."), message: issue.message };
    if (!found) return { ...shown, source: null };
    const path = issue.path.slice(0, found.depth);
    const message = own === undefined || found.layer.name === own ? shown.message : `${shown.message} (in the layer ${found.layer.name})`;
    return { ...shown, message, ...found.layer.placeOf?.(path), source: { layer: found.layer.name, path } };
  });
  return { dna: null, mistakes };
};

/**
 * The effective DNA of plain layers.
 * @throws AppError 422 that names the path of each mistake
 */
export const effectiveDna = (...layers: Layer[]): Dna => {
  const { dna, mistakes } = layOver(layers.map((value, index) => ({ name: `layer ${index + 1}`, value })));
  if (dna === null) throw invalidDna(mistakes.map(({ source: _, ...mistake }) => mistake));
  return dna;
};

/** For each value of the result the layer that it comes from, by its path; a list is one value, and so is an empty map. */
export const originsOf = (layers: readonly NamedLayer[]): Record<string, string> => {
  const origins: [string, string][] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (isLayer(value) && Object.keys(value).length > 0) for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    else if (path.length > 0) origins.push([path.join("."), blame(layers, path)?.layer.name ?? ""]);
  };
  visit(overlay(layers.map((layer) => layer.value)), []);
  return Object.fromEntries(origins);
};
