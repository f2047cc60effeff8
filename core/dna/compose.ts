import { type DnaDocument, invalidDna, isLayer, type Layer, readDocument } from "./document.ts";
import { layOver, type Mistake, type NamedLayer, originsOf, overlay } from "./layers.ts";
import type { Dna } from "./schema.ts";

/** DNA as data, as it lies in `profiles/`: YAML texts. */
export interface Profiles {
  defaults: string;
  /** By niche. */
  verticals: ReadonlyMap<string, string>;
}

export interface DnaSources {
  /** What the project's row says. */
  project: { id: string; name: string; country: string };
  generated: string;
  custom: string;
}

export interface Composition {
  layers: NamedLayer[];
  /** The niche whose vertical is one of the layers. */
  vertical: string | null;
}

export type DnaLayerName = "custom" | "generated";

/** A niche as people write it: " Plumber ". */
const normalised = (niche: unknown): string => (typeof niche === "string" ? niche.trim().toLowerCase() : "");

const nicheOf = (layers: readonly Layer[]): string => {
  const laid = overlay(layers);
  const identity = isLayer(laid) ? laid["identity"] : undefined;
  return isLayer(identity) ? normalised(identity["niche"]) : "";
};

const named = (name: string, { value, placeOf }: Pick<DnaDocument, "value" | "placeOf">): NamedLayer => ({ name, value, placeOf });

export interface Composer {
  /** @throws AppError 422 for a text that is no YAML document */
  compose: (sources: DnaSources) => Composition;
  /** The texts of the layers that are not the project's own, for whoever wants to know whether they changed. */
  shared: (vertical: string | null) => string;
}

/** Puts the layers in order: defaults, the niche's vertical, the project's row, generated, custom; the id is never negotiable. */
export const createComposer = ({ defaults, verticals }: Profiles): Composer => {
  const base: NamedLayer = { name: "defaults", value: readDocument(defaults).value };
  const trades = new Map<string, NamedLayer>();
  const tradeOf = (niche: string): NamedLayer | null => {
    const yaml = verticals.get(niche);
    if (yaml === undefined) return null;
    const known = trades.get(niche) ?? { name: `vertical:${niche}`, value: readDocument(yaml).value };
    trades.set(niche, known);
    return known;
  };

  return {
    compose({ project, generated: generatedYaml, custom: customYaml }) {
      const [generated, custom] = [named("generated", readDocument(generatedYaml)), named("custom", readDocument(customYaml))];
      const niche = nicheOf([generated.value, custom.value]);
      const trade = tradeOf(niche);
      const own: NamedLayer = { name: "project", value: { identity: { project_id: project.id, business_name: project.name, country: project.country } } };
      const id: NamedLayer = { name: "project", value: { identity: { project_id: project.id } } };
      return { layers: [base, ...(trade ? [trade] : []), own, generated, custom, id], vertical: trade ? niche : null };
    },
    shared: (vertical) => `${defaults}\n${vertical === null ? "" : (verticals.get(vertical) ?? "")}`,
  };
};

export interface Checked {
  dna: Dna;
  origins: () => Record<string, string>;
}

const without = (value: unknown, path: readonly PropertyKey[]): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    const index = Number(key);
    // A list without one of its items is another list: what is wrong in an item takes the item's field, or the item.
    return rest.length === 0 ? value.filter((_, i) => i !== index) : value.map((item: unknown, i) => (i === index ? without(item, rest) : item));
  }
  if (!isLayer(value)) return value;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== String(key)));
  return { ...value, [String(key)]: without(value[String(key)], rest) };
};

const MAX_SALVAGE = 200;

/**
 * What is stored was right for the Apex that stored it. If this one knows better, it goes without the values that it cannot
 * accept (the layers below speak then) rather than without the business: a lead must never meet a DNA that does not load.
 * @returns with `dropped`, what was left out
 * @throws AppError 422 when even that does not help
 */
export const salvage = (composition: Composition): Checked & { dropped: Mistake[]; layers: NamedLayer[] } => {
  const dropped: Mistake[] = [];
  let { layers } = composition;
  for (;;) {
    const { dna, mistakes } = layOver(layers);
    const current = layers;
    if (dna !== null) return { dna, origins: () => originsOf(current), dropped, layers };
    // One at a time, since a list's places move when an item goes.
    const mistake = mistakes.find((each) => each.source !== null && each.source.layer !== "defaults" && each.source.path.length > 0);
    const source = mistake?.source;
    if (!mistake || !source || dropped.length >= MAX_SALVAGE) throw invalidDna(mistakes.map(({ source: _, ...each }) => each));
    dropped.push(mistake);
    layers = layers.map((layer) => {
      const value = layer.name === source.layer ? without(layer.value, source.path) : layer.value;
      return isLayer(value) ? { ...layer, value } : layer;
    });
  }
};

/**
 * What a person is about to store in `own` must be right to the last value. What another layer had wrong before is not held
 * against them (see `salvage`).
 * @throws AppError 422 with path, line and what was expected, for each mistake
 */
export const requireValid = (composition: Composition, own: DnaLayerName): Checked => {
  const others = salvage({ ...composition, layers: composition.layers.map((layer) => (layer.name === own ? { ...layer, value: {} } : layer)) }).layers;
  const layers = composition.layers.map((layer, index) => (layer.name === own ? layer : (others[index] ?? layer)));
  const { dna, mistakes } = layOver(layers, own);
  if (dna === null) throw invalidDna(mistakes.map(({ source: _, ...mistake }) => mistake));
  return { dna, origins: () => originsOf(layers) };
};
