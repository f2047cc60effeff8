import { z } from "zod";
import { isHostName } from "../../web/host-names.ts";
import { count, text, words } from "./primitives.ts";

/** What local pages are tied to: places that people of the area know. */
const scoutSettingsSchema = z.looseObject({
  anchor_entities: words(50).describe("Kinds of places near which the trade is needed, e.g. courthouse, hospital"),
  geo_scope: z.looseObject({ cities: words(100), suburbs: words(500) }),
  radius_km: z.number().positive().max(200).describe("Around each place of geo_scope"),
  max_anchors: count(1, 200).describe("Kept for each place"),
  google_places: z
    .looseObject({ enabled: z.boolean(), max_requests: count(1, 2000).describe("Questions a run, each of which costs money: one for each place and kind") })
    .describe("Asks Google too whether anchors of the map are still there. Nothing of its answers is kept but ids, and no page rests on it"),
});

/** Where pages go. The address and password of a WordPress are the project's secrets, never part of the DNA. */
const publishingSchema = z.looseObject({
  target: z.enum(["none", "wordpress", "hosted", "both"]).describe("hosted: served by Apex on a host name of the project's own; both: there too, naming WordPress as the original"),
  host: z.string().max(253).refine(isHostName, "must be a host name such as pages.example.com").optional().describe("hosted: where pages live. A name below the service's own, or one of the business's that was verified; else one is made of the project's id"),
  status: z.enum(["draft", "publish"]).describe("draft: a person looks at each page before the world does"),
  post_type: z.enum(["page", "post"]),
  path_template: text(200).regex(/^\/[^\s?#]*$/, "must be a path such as /{service}/{place}").describe("Places: {service}, {place}, {anchor}"),
  per_day: count(0, 200).describe("At most so many pages a day go out for the first time; 0: all at once"),
});

/** What the audit holds the figures of published pages against. */
const analyticsSchema = z.looseObject({
  days: count(7, 90).describe("How far back figures go"),
  young_days: count(1, 365).describe("A page that is out for less is given time"),
  min_impressions: count(1, 100_000).describe("Below it, figures of searches say nothing"),
  good_position: count(1, 20).describe("Up to it a page is well placed"),
  worst_position: count(2, 100).describe("Beyond it, another text will not do"),
  low_ctr: z.number().min(0).max(1).describe("Share of those who see a well placed page and choose it, below which its title is to blame"),
  retire_days: count(14, 1000).describe("A page that nobody has needed in so long may go"),
  retire_below: count(0, 1000).describe("Searches or views, up to which nobody has needed it"),
  merge_share: z.number().min(0.05).max(0.5).describe("Share of one query's searches that a second page takes, from which the two are in each other's way"),
  new_page_impressions: count(1, 100_000).describe("Searches from which a query deserves a page"),
  most_new_pages: count(0, 200),
});

export const localSeoSchema = z.looseObject({
  enabled: z.boolean(),
  scout_settings: scoutSettingsSchema,
  pages: z.looseObject({
    max_pages: count(1, 5000).describe("Pages that are kept in all"),
    min_words: count(100, 5000).describe("Least words of a page"),
    min_score: count(0, 100).describe("A page that the critic gives less is written again, or left out"),
    max_drafts: count(1, 10).describe("A page that the critic has refused so often goes to a person"),
  }),
  publishing: publishingSchema,
  analytics: analyticsSchema,
});
