import { z } from "zod";
import { count } from "./primitives.ts";

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
