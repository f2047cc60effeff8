import type { Dna } from "../../../core/dna/schema.ts";
import { slugOf } from "../../../core/slug.ts";

/** A place that the DNA names. */
export interface ScopedPlace {
  name: string;
  /** Null where it is a city itself, or the DNA does not say in which of its cities it lies. */
  city: string | null;
  slug: string;
}

/**
 * The suburbs of the DNA, or its cities where it names no suburb, each once. `Mount Eden, Auckland` says its city; else, where the DNA
 * has one city, that is it. Two of the same name are told apart by their cities.
 */
export const placesOf = ({ modules }: Pick<Dna, "modules">): ScopedPlace[] => {
  const { cities, suburbs } = modules.local_seo.scout_settings.geo_scope;
  const only = cities.length === 1 ? (cities[0] ?? null) : null;
  const named = suburbs.length === 0 ? cities.map((name) => ({ name, city: null })) : suburbs.map((text) => {
    const [name = "", city] = text.split(",").map((part) => part.trim());
    return { name, city: city === undefined || city === "" ? only : city };
  });
  const bySlug = new Map<string, ScopedPlace>();
  for (const { name, city } of named) {
    const plain = slugOf(name);
    const known = bySlug.get(plain);
    const slug = known === undefined || known.city === city ? plain : slugOf(`${name} ${city ?? ""}`);
    if (slug !== "" && !bySlug.has(slug)) bySlug.set(slug, { name, city, slug });
  }
  return [...bySlug.values()];
};

/** Whether a caller's word for a place (its name or slug) means this one. */
export const isNamed = (place: ScopedPlace, words: readonly string[] | undefined): boolean => words === undefined || words.some((word) => slugOf(word) === place.slug || slugOf(word) === slugOf(place.name));
