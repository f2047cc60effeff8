import { z } from "zod";

/*
 * What the scout leaves behind: a `place` for each suburb or city of the DNA, and `anchor`s around it. Both are public map data, kept
 * with where they come from. A person approves or rejects one by setting its `status` (PATCH /api/entities/{id}).
 */

export const placeStatuses = ["located", "doubtful", "not_found", "approved", "rejected"] as const;
const anchorStatuses = ["found", "doubtful", "approved", "rejected", "gone"] as const;

/** What Google Places said of a place, where it was asked. Of its own it lets nothing be kept but ids. */
const googleFindingsSchema = z.object({
  at: z.number().int(),
  /** The run that asked. */
  run_id: z.string(),
  /** Questions that it paid for. */
  requests: z.number().int(),
  /** Its ids of anchors of the map that it knows too, by their `dedupe_key`. */
  confirmed: z.record(z.string(), z.string()),
  /** Those of them that it says have closed for good. */
  closed: z.array(z.string()),
  /** Place ids of what it knows and the map does not, by kind. */
  missing: z.record(z.string(), z.array(z.string())),
  /** Why it was not asked for all. */
  problem: z.string().nullable(),
});
export type GoogleFindings = z.infer<typeof googleFindingsSchema>;

export const placeRecordSchema = z.looseObject({
  status: z.enum(placeStatuses),
  /** `place:{slug}`. */
  dedupe_key: z.string(),
  slug: z.string().max(120),
  city: z.string().max(120).nullable(),
  lat: z.number().min(-90).max(90).nullable(),
  lon: z.number().min(-180).max(180).nullable(),
  /** Why a person should look at it. */
  doubts: z.array(z.string()).default([]),
  /** Entities of type `anchor`, nearest first. */
  anchor_ids: z.array(z.string()).max(400).default([]),
  /** What kept the answer from being whole; null: nothing. */
  partial: z.string().nullable().default(null),
  google: googleFindingsSchema.optional(),
});
export type PlaceRecord = z.infer<typeof placeRecordSchema>;

export const anchorRecordSchema = z.looseObject({
  status: z.enum(anchorStatuses),
  /** `anchor:{place slug}:{osm type}/{osm id}`: near two suburbs it is an anchor of each. */
  dedupe_key: z.string(),
  /** Of `PLACE_KINDS`. */
  kind: z.string(),
  place: z.object({ slug: z.string(), name: z.string() }),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  osm: z.object({ type: z.enum(["node", "way", "relation"]), id: z.number().int() }),
  /** Google's id of it, where Google was asked and knows it. */
  google_place_id: z.string().max(300).optional(),
  /** As the crow flies, from the suburb's own point. */
  distance_km: z.number().min(0),
  address: z.string().max(300).nullable(),
  doubts: z.array(z.string()).default([]),
  attribution: z.string(),
  source_url: z.string(),
});
export type AnchorRecord = z.infer<typeof anchorRecordSchema>;

/** Whether later stages may rest on it: what is doubtful waits for a person. */
export const isUsablePlace = ({ status }: Pick<PlaceRecord, "status">): boolean => status === "located" || status === "approved";
export const isUsableAnchor = ({ status }: Pick<AnchorRecord, "status">): boolean => status === "found" || status === "approved";
