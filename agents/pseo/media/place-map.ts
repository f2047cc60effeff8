import { kmBetween } from "../../../core/providers/osm/distance.ts";

/*
 * Where things lie on a map: around its centre the earth is flat enough (below 0.1 % at 100 km) for kilometres east and north.
 */

export interface MapPoint {
  name: string;
  lat: number;
  lon: number;
}

export interface MapSpec {
  place: MapPoint;
  /** Nearest first. */
  anchors: readonly MapPoint[];
}

export const MAP_SIZE = { width: 960, height: 720 } as const;
/** More would hide each other. */
export const MOST_ANCHORS = 8;
/** Left free at the edges for what is written there, in px. */
const MARGIN = { top: 64, right: 64, bottom: 84, left: 64 } as const;

export interface Spot {
  name: string;
  x: number;
  y: number;
  distance_km: number;
}

export interface MapLayout {
  centre: { x: number; y: number };
  px_per_km: number;
  place: string;
  anchors: Spot[];
  /** Radii in km, inside out. */
  rings: number[];
  scale_km: number;
}

/** 1, 2 or 5 times a power of ten, the largest that is not larger. */
export const roundLength = (km: number): number => {
  const power = 10 ** Math.floor(Math.log10(km));
  return ([5, 2, 1].find((step) => step * power <= km * 1.000001) ?? 1) * power;
};

const offsetKm = (from: MapPoint, to: MapPoint): { east: number; north: number } => {
  const distance = kmBetween(from, to);
  const [phi, dLon] = [(from.lat * Math.PI) / 180, ((((to.lon - from.lon + 540) % 360) - 180) * Math.PI) / 180];
  const toPhi = (to.lat * Math.PI) / 180;
  const bearing = Math.atan2(Math.sin(dLon) * Math.cos(toPhi), Math.cos(phi) * Math.sin(toPhi) - Math.sin(phi) * Math.cos(toPhi) * Math.cos(dLon));
  return { east: distance * Math.sin(bearing), north: distance * Math.cos(bearing) };
};

/** The place in the middle of what is shown, as large as fits, north up. Nearest anchors first, `MOST_ANCHORS` at most. */
export const layOut = ({ place, anchors }: MapSpec): MapLayout => {
  const shown = anchors
    .map((anchor) => ({ ...anchor, ...offsetKm(place, anchor), distance_km: kmBetween(place, anchor) }))
    .sort((a, b) => a.distance_km - b.distance_km || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ANCHORS);
  const wide = MAP_SIZE.width - MARGIN.left - MARGIN.right;
  const high = MAP_SIZE.height - MARGIN.top - MARGIN.bottom;
  const [easts, norths] = [[0, ...shown.map((one) => one.east)], [0, ...shown.map((one) => one.north)]];
  const span = (values: number[]): number => Math.max(...values) - Math.min(...values);
  // A neighbour next door still gets a map of some hundred metres.
  const px_per_km = Math.min(wide / Math.max(span(easts), 0.4), high / Math.max(span(norths), 0.3)) * 0.86;
  const middle = (values: number[]): number => (Math.max(...values) + Math.min(...values)) / 2;
  const centre = { x: MARGIN.left + wide / 2 - middle(easts) * px_per_km, y: MARGIN.top + high / 2 + middle(norths) * px_per_km };
  const furthest = Math.max(...shown.map((one) => one.distance_km), 0.1);
  const step = roundLength(furthest / 1.9);
  return {
    centre, px_per_km,
    place: place.name,
    anchors: shown.map(({ name, east, north, distance_km }) => ({ name, distance_km, x: centre.x + east * px_per_km, y: centre.y - north * px_per_km })),
    rings: Array.from({ length: Math.min(5, Math.ceil(furthest / step)) }, (_, at) => step * (at + 1)),
    scale_km: roundLength(180 / px_per_km),
  };
};
