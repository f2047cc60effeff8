import { z } from "zod";
import { count, repetitionSchema, words } from "./primitives.ts";

/** Looking for people who say in public that they need the trade. */
export const sniperSchema = z.looseObject({
  enabled: z.boolean(),
  platforms: words(20).describe("Where to look, by the names of the sources that Apex has"),
  keywords: words(100).describe("A find must contain one of these"),
  negative_keywords: words(100).describe("… and none of these"),
  geo_filter: words(200).describe("Places; empty: anywhere"),
  schedule: repetitionSchema,
  max_pages: count(1, 50).describe("Pages read of one platform in one go"),
});
