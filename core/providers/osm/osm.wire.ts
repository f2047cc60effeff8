import { z } from "zod";

/* What Nominatim and Overpass answer, as far as it is used. Both are written by strangers: texts are bounded. */

const degrees = (most: number) => z.coerce.number().min(-most).max(most);
const tagText = z.string().transform((text) => text.slice(0, 255));

/** One of `GET /search?format=jsonv2&addressdetails=1`. Numbers come as texts. */
const nominatimPlaceSchema = z.object({
  osm_type: z.enum(["node", "way", "relation"]),
  osm_id: z.number().int().positive(),
  lat: degrees(90),
  lon: degrees(180),
  category: z.string(),
  type: z.string(),
  name: tagText.default(""),
  display_name: z.string().transform((text) => text.slice(0, 500)),
  address: z.record(z.string(), z.string()).default({}),
  importance: z.number().default(0),
});
export const nominatimAnswerSchema = z.array(nominatimPlaceSchema).max(50);
export type NominatimPlace = z.infer<typeof nominatimPlaceSchema>;

/** Overpass gives ways and relations a `center` where `out center` asked for it; one without geometry has none. */
export const overpassElementSchema = z.object({
  type: z.enum(["node", "way", "relation"]),
  id: z.number().int().positive(),
  lat: degrees(90).optional(),
  lon: degrees(180).optional(),
  center: z.object({ lat: degrees(90), lon: degrees(180) }).optional(),
  tags: z.record(z.string(), tagText).default({}),
});
export type OverpassElement = z.infer<typeof overpassElementSchema>;

export const overpassAnswerSchema = z.object({
  elements: z.array(z.unknown()).max(20_000),
  /** Here, and not in the status, is told that it ran out of time or memory; the elements are then some, or none. */
  remark: z.string().optional(),
});

/** What must stand beside everything that is shown of it (ODbL, osm.org/copyright). */
export const OSM_ATTRIBUTION = "© OpenStreetMap contributors";
