import type { Point } from "./distance.ts";
import { PLACE_KINDS } from "./kinds.data.ts";

/** Kinds in one question, and elements of a kind: what keeps one question within Overpass' 25 s and an answer within some 100 kB. */
export const KINDS_A_QUESTION = 10;
export const ELEMENTS_OF_A_KIND = 200;

/** Five decimals are a metre: the same suburb is the same question, which the cache knows. */
const degrees = (value: number): string => value.toFixed(5);

/**
 * Places of some kinds around a point, in Overpass QL (wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL). Only numbers and the
 * tags of our own table get into it.
 */
export const overpassQuery = ({ lat, lon }: Point, radiusKm: number, kinds: readonly string[]): string => {
  const around = `(around:${Math.round(radiusKm * 1000)},${degrees(lat)},${degrees(lon)})`;
  const statements = kinds.map((kind) => {
    const tags = PLACE_KINDS[kind]?.tags ?? [];
    return `(${tags.map(([key, value]) => `nwr["${key}"="${value}"]${around};`).join("")});out center tags ${ELEMENTS_OF_A_KIND};`;
  });
  return `[out:json][timeout:25];${statements.join("")}`;
};
