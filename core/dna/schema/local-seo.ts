import { z } from "zod";
import { isHostName } from "../../web/host-names.ts";
import { count, text, words } from "./primitives.ts";

/** What local pages are tied to: places that people of the area know. */
export const scoutSettingsSchema = z.looseObject({
  anchor_entities: words(50).describe("Kinds of places near which the trade is needed, e.g. courthouse, hospital"),
  geo_scope: z.looseObject({ cities: words(100), suburbs: words(500) }),
  radius_km: z.number().positive().max(200).describe("Around each place of geo_scope"),
  max_anchors: count(1, 200).describe("Kept for each place"),
});

/** Where pages go. The address and password of a WordPress are the project's secrets, never part of the DNA. */
export const publishingSchema = z.looseObject({
  target: z.enum(["none", "wordpress", "hosted"]).describe("hosted: served by Apex on a host name of the project's own"),
  host: z.string().max(253).refine(isHostName, "must be a host name such as pages.example.com").optional().describe("hosted: where pages live. A name below the service's own, or one of the business's that was verified; else one is made of the project's id"),
  status: z.enum(["draft", "publish"]).describe("draft: a person looks at each page before the world does"),
  post_type: z.enum(["page", "post"]),
  path_template: text(200).regex(/^\/[^\s?#]*$/, "must be a path such as /{service}/{place}").describe("Places: {service}, {place}, {anchor}"),
  per_day: count(1, 200).describe("At most so many pages a day"),
});

export const localSeoSchema = z.looseObject({
  enabled: z.boolean(),
  scout_settings: scoutSettingsSchema,
  pages: z.looseObject({
    max_pages: count(1, 5000),
    min_words: count(100, 5000),
    /** A page that the critic gives less is written again, or left out. */
    min_score: count(0, 100),
    max_drafts: count(1, 10).describe("A page that the critic has refused so often goes to a person"),
  }),
  publishing: publishingSchema,
});
