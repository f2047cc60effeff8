import { kmBetween, type Point } from "../../../core/providers/osm/distance.ts";
import { PLACE_KINDS } from "../../../core/providers/osm/kinds.data.ts";
import type { MapElement } from "../../../core/providers/osm/osm.client.ts";
import type { NominatimPlace } from "../../../core/providers/osm/osm.wire.ts";
import { OSM_ATTRIBUTION } from "../../../core/providers/osm/osm.wire.ts";
import { slugOf } from "../../../core/slug.ts";
import type { AnchorRecord, PlaceRecord } from "../place.schemas.ts";
import type { ScopedPlace } from "./geo-scope.ts";

const same = (a: string, b: string): boolean => slugOf(a) === slugOf(b);

/** What Nominatim calls a place where people live, not a shop or a street of that name. */
const IS_AREA = new Set(["place", "boundary"]);

type Located = Pick<PlaceRecord, "status" | "city" | "lat" | "lon" | "doubts"> & { osm: { type: string; id: number } | null; display_name: string | null };

/**
 * Which of the answers is the place that the DNA means. One in the wrong city or country, of another name, or that is no area, is
 * doubtful: pages about it would be pages about somewhere else.
 */
export const judgePlace = ({ name, city }: ScopedPlace, answers: readonly NominatimPlace[], { country, cities }: { country: string; cities: readonly string[] }): Located => {
  const inCountry = answers.filter(({ address }) => address.country_code === undefined || address.country_code === country.toLowerCase());
  const cityOf = ({ address }: NominatimPlace): string | null => (city === null ? cities : [city]).find((wanted) => Object.values(address).some((part) => same(part, wanted))) ?? null;
  const isArea = ({ category }: NominatimPlace): boolean => IS_AREA.has(category);
  const isItself = (place: NominatimPlace): boolean => same(place.name, name);
  // A city is in itself; where the DNA names no city, there is none to be in.
  const needsCity = (city !== null || cities.length > 0) && !cities.some((one) => same(one, name));
  const best = inCountry.find((place) => isArea(place) && isItself(place) && (!needsCity || cityOf(place) !== null)) ?? inCountry[0];
  if (best === undefined) return { status: "not_found", city, lat: null, lon: null, doubts: ["the map knows no such place in the country"], osm: null, display_name: null };
  const doubts = [
    ...(isArea(best) ? [] : [`the map knows it as ${best.category}=${best.type}, not as an area`]),
    ...(isItself(best) ? [] : [`the map calls it ${best.name === "" ? "nothing" : `“${best.name}”`}`]),
    ...(needsCity && cityOf(best) === null ? [`it is not in ${city ?? cities.join(" or ")}`] : []),
  ];
  const { lat, lon, osm_type, osm_id, display_name } = best;
  return { status: doubts.length === 0 ? "located" : "doubtful", city: cityOf(best) ?? city, lat, lon, doubts, osm: { type: osm_type, id: osm_id }, display_name };
};

/** Namespaces that say that something is not there any more, or not yet (wiki: Lifecycle prefix). */
const LIFECYCLE = /^(?:disused|abandoned|demolished|razed|removed|was|proposed|planned|construction):/;
/** What nobody names a place: markup, addresses, line breaks. */
const ODD_NAME = /[<>{}\n\r]|https?:|www\./i;

const doubtsOf = ({ tags, kind }: MapElement, name: string): string[] => [
  ...(name === "" ? ["it has no name"] : []),
  ...(name !== "" && (same(name, kind.replaceAll("_", " ")) || same(name, PLACE_KINDS[kind]?.label ?? kind)) ? ["its name is only what it is"] : []),
  ...(ODD_NAME.test(name) || name.length > 120 ? ["its name is odd"] : []),
  ...(Object.keys(tags).some((key) => LIFECYCLE.test(key)) || tags.opening_hours === "closed" ? ["it may not be there any more, or not yet"] : []),
  ...(tags.fixme === undefined && tags.note === undefined ? [] : ["somebody has left a note on the map about it"]),
];

const addressOf = (tags: MapElement["tags"]): string | null => {
  const street = [tags["addr:housenumber"], tags["addr:street"]].filter((part) => part !== undefined).join(" ");
  const text = [street, tags["addr:suburb"], tags["addr:city"]].filter((part) => part !== undefined && part !== "").join(", ");
  return tags["addr:street"] === undefined || text === "" ? null : text.slice(0, 300);
};

export type JudgedAnchor = { name: string; metadata: AnchorRecord & { label: string } };

/** An element as an anchor of a place; null for one that is further away than was asked, whatever the vendor says. */
export const judgeAnchor = (element: MapElement, place: Point & Pick<ScopedPlace, "slug" | "name">, radiusKm: number): JudgedAnchor | null => {
  const distance = kmBetween(place, element.point);
  // A way's centre may lie a little outside of the circle that it touches.
  if (distance > radiusKm * 1.2) return null;
  const name = (element.tags["name:en"] !== undefined && element.tags.name === undefined ? element.tags["name:en"] : (element.tags.name ?? "")).trim();
  const doubts = doubtsOf(element, name);
  const { osm_type: type, osm_id: id, kind } = element;
  const label = PLACE_KINDS[kind]?.label ?? kind;
  return {
    name: name === "" ? `(unnamed ${label})` : name.slice(0, 200),
    metadata: {
      status: doubts.length === 0 ? "found" : "doubtful",
      dedupe_key: `anchor:${place.slug}:${type}/${id}`,
      kind,
      label,
      place: { slug: place.slug, name: place.name },
      lat: element.point.lat,
      lon: element.point.lon,
      osm: { type, id },
      distance_km: Math.round(distance * 100) / 100,
      address: addressOf(element.tags),
      doubts,
      attribution: OSM_ATTRIBUTION,
      source_url: `https://www.openstreetmap.org/${type}/${id}`,
    },
  };
};

/**
 * Which anchors are kept: of each kind the nearest, in turns, so that thirty restaurants do not push out the one hospital. Doubtful
 * ones only get what room is left.
 */
export const selectAnchors = (anchors: readonly JudgedAnchor[], most: number): JudgedAnchor[] => {
  const inTurns = (some: readonly JudgedAnchor[]): JudgedAnchor[] => {
    const ranks = new Map<string, number>();
    return some
      .toSorted((a, b) => a.metadata.distance_km - b.metadata.distance_km || (a.metadata.dedupe_key < b.metadata.dedupe_key ? -1 : 1))
      .map((anchor) => {
        const rank = ranks.get(anchor.metadata.kind) ?? 0;
        ranks.set(anchor.metadata.kind, rank + 1);
        return { anchor, rank };
      })
      .toSorted((a, b) => a.rank - b.rank || a.anchor.metadata.distance_km - b.anchor.metadata.distance_km)
      .map(({ anchor }) => anchor);
  };
  // One that stands on the map twice, as a point and as an outline, is one place.
  const seen = new Set<string>();
  const once = inTurns(anchors.filter(({ metadata }) => metadata.status === "found")).filter(({ name, metadata }) => {
    const key = `${metadata.kind} ${slugOf(name)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return [...once, ...inTurns(anchors.filter(({ metadata }) => metadata.status !== "found"))].slice(0, most);
};
