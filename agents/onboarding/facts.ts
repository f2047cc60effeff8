import { z } from "zod";
import { hoursSchema } from "../../core/dna/hours.ts";

/** How a fact was found: `given` by whoever asked, read by code from what the page says to machines or to people, or by the model. */
const originSchema = z.enum(["given", "json-ld", "link", "markup", "model"]);
export type FactOrigin = z.infer<typeof originSchema>;

/** What a value rests on. */
const evidence = {
  origin: originSchema,
  /** The page that says so; null for what was given. */
  source_url: z.string().nullable(),
  /** 0 to 1. */
  confidence: z.number(),
};
const textSchema = z.object({ text: z.string(), ...evidence });
const serviceSchema = z.object({ name: z.string(), price_from: z.number().nullable().describe("In the country's currency"), ...evidence });
const placeSchema = z.object({ name: z.string(), kind: z.enum(["city", "suburb"]), ...evidence });

/** What a website says of its business; null or empty: it does not say. */
export const factsSchema = z.object({
  /** As the site names itself: only compared with what was given. */
  name: textSchema.nullable(),
  language: textSchema.nullable(),
  phone: textSchema.nullable(),
  /** Further phones that the site shows: asked about, never used. */
  other_phones: z.array(textSchema),
  email: textSchema.nullable(),
  address: textSchema.nullable(),
  hours: z.object({ hours: hoursSchema, ...evidence }).nullable(),
  services: z.array(serviceSchema),
  places: z.array(placeSchema),
  differentiators: z.array(textSchema),
});

export type Evidence = Pick<z.infer<typeof textSchema>, keyof typeof evidence>;
export type Facts = z.infer<typeof factsSchema>;
export type FoundService = z.infer<typeof serviceSchema>;
export type FoundPlace = z.infer<typeof placeSchema>;
export type FoundText = z.infer<typeof textSchema>;
export type OpeningHours = z.infer<typeof hoursSchema>;

export const NO_FACTS: Facts = { name: null, language: null, phone: null, email: null, address: null, hours: null, services: [], places: [], differentiators: [], other_phones: [] };

/** Confidence by how a value was found: what is said to machines is meant; a model may have misread. */
export const CONFIDENCE: Record<FactOrigin, number> = { given: 1, "json-ld": 0.95, link: 0.9, markup: 0.85, model: 0.7 };
