import type { Dna } from "../../../core/dna/schema.ts";
import { mentions, spaced } from "./words.ts";

/** The places in which the business works, as its DNA names them. */
export const areaOf = ({ modules }: Pick<Dna, "modules">): string[] => {
  const { cities, suburbs } = modules.local_seo.scout_settings.geo_scope;
  return [...new Set([...cities, ...suburbs, ...modules.lead_gen.sniper.geo_filter])];
};

/** A street and its number say nothing of the town. */
const isStreet = (part: string): boolean => /\d/.test(part);

/**
 * Whether a place is surely outside: it says more than one thing of where it is (`Riccarton, Christchurch`), and none of them is
 * of the area. A name alone may be a suburb that the DNA does not list, and is left to the model.
 */
export const isOutside = (place: string | null, area: readonly string[]): boolean => {
  if (place === null || area.length === 0) return false;
  const parts = place.split(/[,;|/()]|\s[–-]\s/).map((part) => part.trim()).filter((part) => part !== "" && !isStreet(part));
  const text = spaced(place);
  return parts.length >= 2 && !area.some((name) => mentions(text, name) || parts.some((part) => mentions(spaced(name), part)));
};
