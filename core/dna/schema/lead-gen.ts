import { z } from "zod";
import { count, repetitionSchema, text, words } from "./primitives.ts";

/** The names of a form's own fields, where Apex would not guess what they mean. */
export const formMappingSchema = z.looseObject({
  name: text(120).optional(),
  phone: text(120).optional(),
  email: text(120).optional(),
  message: text(120).optional(),
  service: text(120).optional(),
  place: text(120).optional(),
});

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

/** Writing to customers of old, by SMS, within what the consent gate lets through. */
export const reactivationSchema = z.looseObject({
  enabled: z.boolean(),
  inactive_months: count(1, 120).describe("Who was in touch since is left alone"),
  cooldown_months: count(1, 120).describe("Between two messages to the same person"),
  daily_limit: count(1, 500),
  message_template: text(480).min(1).describe("Places: {name}, {business}, {service}"),
  schedule: repetitionSchema,
});

const weight = z.number().min(-100).max(100);

/** What a lead is worth looking at first: the sum of the weights of what is true of it, from 0 to 100. */
export const scoringSchema = z.looseObject({
  weights: z
    .looseObject({
      emergency: weight.describe("asks for a service that is an emergency"),
      urgent_words: weight.describe("writes that it cannot wait"),
      service_match: weight.describe("names a service of the list"),
      in_area: weight.describe("is in a place of modules.local_seo.scout_settings.geo_scope"),
      reachable: weight.describe("left a phone that can be rung"),
      described: weight.describe("described the matter in a sentence or more"),
      returning: weight.describe("was a customer before"),
      price_shopper: weight.describe("asks for nothing but the price"),
      spam_signs: weight.describe("looks like an advertisement or a robot"),
    })
    .catchall(weight),
  hot_from: count(0, 100),
  warm_from: count(0, 100),
});
