import { chunked } from "../../chunked.ts";
import type { z } from "zod";
import { vendorError } from "../../errors.ts";
import type { Point } from "./distance.ts";
import { PLACE_KINDS } from "./kinds.data.ts";
import type { OsmCache } from "./osm.cache.ts";
import type { OsmHttp } from "./osm.http.ts";
import { nominatimAnswerSchema, type NominatimPlace, type OverpassElement, overpassAnswerSchema, overpassElementSchema } from "./osm.wire.ts";
import { ELEMENTS_OF_A_KIND, KINDS_A_QUESTION, overpassQuery } from "./overpass-query.ts";

export interface PlaceQuestion {
  /** A suburb or a city, as people call it. */
  name: string;
  /** The city that it is in; null where that is not known, or the place is one itself. */
  city: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** BCP 47: the language of names that have several. */
  language: string;
}

export interface MapElement {
  osm_type: "node" | "way" | "relation";
  osm_id: number;
  point: Point;
  kind: string;
  tags: Readonly<Record<string, string>>;
}

export interface Surroundings {
  elements: MapElement[];
  /** What Overpass remarked when it could not finish; null: it did. Some elements may then be missing, none is wrong. */
  partial: string | null;
  /** Kinds of which there are more than were asked for: those are not the nearest for certain. */
  cut: string[];
}

/** Streets move less than shops. */
const PLACE_MAX_AGE_MS = 90 * 86_400_000;
const SURROUNDINGS_MAX_AGE_MS = 14 * 86_400_000;
const LONGEST_REMARK = 200;

const kindOf = ({ tags }: OverpassElement, kinds: readonly string[]): string | undefined =>
  kinds.find((kind) => PLACE_KINDS[kind]?.tags.some(([key, value]) => tags[key] === value) === true);

export interface OsmClientOptions {
  nominatim: OsmHttp;
  overpass: OsmHttp;
  /** Base URLs, or those of `/search` and `/interpreter` themselves. */
  urls: { nominatim: string; overpass: string };
  cache: OsmCache;
}

const endpoint = (base: string, path: string, name: string): string => {
  const trimmed = base.replace(/\/+$/, "");
  return trimmed.endsWith(`/${name}`) ? trimmed : `${trimmed}${path}`;
};

/**
 * Public map data: where a place is (Nominatim), and what is around a point (Overpass). What was asked lately comes from the cache.
 * @throws (each method) as `createOsmHttp`; AppError 502 `osm_unavailable` for an answer of another shape
 */
export const createOsmClient = ({ nominatim, overpass, urls, cache }: OsmClientOptions) => {
  const search = endpoint(urls.nominatim, "/search", "search");
  const interpreter = endpoint(urls.overpass, "/api/interpreter", "interpreter");

  const parsed = <T>(schema: z.ZodType<T>, answer: unknown): T => {
    const result = schema.safeParse(answer);
    if (!result.success) throw vendorError("osm_unavailable", "OpenStreetMap's answer had an unknown shape.", { retryable: true, cause: result.error });
    return result.data;
  };

  const askAround = async (query: string): Promise<{ elements: OverpassElement[]; remark: string | null }> => {
    const known = await cache.get(query, SURROUNDINGS_MAX_AGE_MS);
    const answer = known?.answer ?? (await overpass(interpreter, { method: "POST", body: new URLSearchParams({ data: query }) }));
    const { elements, remark } = parsed(overpassAnswerSchema, answer);
    // What was cut short is to be asked again, by whoever wants it whole.
    if (known === null && remark === undefined) await cache.put(query, answer);
    return { elements: elements.flatMap((element) => overpassElementSchema.safeParse(element).data ?? []), remark: remark ?? null };
  };

  return {
    /** What Nominatim thinks is meant, best first, at most five. */
    async search({ name, city, country, language }: PlaceQuestion): Promise<NominatimPlace[]> {
      const query = new URLSearchParams({ q: city === null ? name : `${name}, ${city}`, format: "jsonv2", addressdetails: "1", limit: "5", countrycodes: country.toLowerCase() });
      const question = `${query.toString()} ${language}`;
      const known = await cache.get(question, PLACE_MAX_AGE_MS);
      const answer = known?.answer ?? (await nominatim(`${search}?${query.toString()}`, { method: "GET", language }));
      const places = parsed(nominatimAnswerSchema, answer);
      if (known === null) await cache.put(question, answer);
      return places;
    },

    /** Places of these kinds (of `PLACE_KINDS`) around a point. Elements without coordinates or kind are left out. */
    async around(point: Point, radiusKm: number, kinds: readonly string[]): Promise<Surroundings> {
      const found = new Map<string, MapElement>();
      const counts = new Map<string, number>();
      let partial: string | null = null;
      for (const some of chunked(kinds, KINDS_A_QUESTION)) {
        const { elements, remark } = await askAround(overpassQuery(point, radiusKm, some));
        partial ??= remark?.slice(0, LONGEST_REMARK) ?? null;
        for (const element of elements) {
          const { lat, lon } = element.center ?? element;
          const kind = kindOf(element, some);
          if (kind === undefined || lat === undefined || lon === undefined) continue;
          const key = `${element.type}/${element.id}`;
          if (found.has(key)) continue;
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          found.set(key, { osm_type: element.type, osm_id: element.id, point: { lat, lon }, kind, tags: element.tags });
        }
      }
      return { elements: [...found.values()], partial, cut: [...counts].flatMap(([kind, count]) => (count >= ELEMENTS_OF_A_KIND ? [kind] : [])) };
    },
  };
};

export type OsmClient = ReturnType<typeof createOsmClient>;
