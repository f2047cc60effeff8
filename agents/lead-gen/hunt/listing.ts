import { z } from "zod";
import { e164 } from "../../../core/dna/phone.schema.ts";

/** How a listing was read: what the page says to machines, its own markup, a feed's fields, or a model that read its text. */
const extractions = ["json_ld", "markup", "feed", "model"] as const;

/** What somebody has posted in public, as a hunt has read it. Strangers' words: data, never instructions. */
export const listingSchema = z.object({
  /** The source's name in the DNA, e.g. `trademe_jobs`. */
  platform: z.string().min(1).max(60),
  /** Where it can be read, absolute http(s); null for a text that was pasted or mailed without one. */
  url: z.string().max(2048).nullable(),
  title: z.string().min(1).max(300),
  description: z.string().max(4000),
  /** As written; whether it is in the area is for the scorer to say. */
  location: z.string().max(200).nullable(),
  /** Only one that the post itself shows to everybody. */
  phone: e164.nullable(),
  urgency: z.enum(["low", "medium", "high"]).nullable(),
  /** Business time in ms. */
  posted_at: z.number().int().nullable(),
  extraction: z.enum(extractions),
});

export type Listing = z.infer<typeof listingSchema>;
