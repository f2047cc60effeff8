import { z } from "zod";
import { isSelector } from "../../web/select.ts";
import { count, repetitionSchema, text, words } from "./primitives.ts";

const selector = text(200).min(1).refine(isSelector, "must be a selector of tags, classes, ids and attributes, e.g. .post h2 a");
const path = text(120).min(1).regex(/^(?:\.|[^.\s]+(?:\.[^.\s]+)*)$/u, "must be a dotted path, e.g. data.posts");

/** Why a platform may be read by a machine. Without it nothing is read. */
const permissionSchema = z.looseObject({
  by: z.enum(["terms", "written_consent", "own_account", "own_site"]).describe("terms: the platform's terms allow it; written_consent: its operator does, in writing; own_account: an agreement of the owner's own, such as an API or data licence; own_site: the site is the owner's"),
  statement: text(500).min(10).describe("Who allows what, since when, and where that is written"),
  until: z.iso.date().optional().describe("The last day on which it holds"),
});

const template = text(1000)
  .min(8)
  .regex(/^https?:\/\//i, "must begin with https:// or http://")
  .refine((url) => !/\{(?!keyword\}|place\}|page\})/.test(url), "may hold {keyword}, {place} and {page} only")
  .refine((url) => URL.canParse(url.replaceAll(/\{\w+\}/g, "1")) && !/^https?:\/\/[^/]*\{/i.test(url), "must be a web address whose host is written out");

const common = {
  permission: permissionSchema.optional(),
  first_page: count(0, 1).optional().describe("The number of the first page; 1 if not given"),
  language: text(12).optional(),
};

const fields = z.looseObject({ location: path.optional(), phone: path.optional(), posted_at: path.optional() });

export const sourceSchema = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("html_list"), url: template, ...common,
    render: z.boolean().optional().describe("true: the page is made by scripts and is opened in a browser"),
    selectors: z.looseObject({ item: selector, title: selector.optional(), link: selector.optional(), description: selector.optional(), location: selector.optional(), phone: selector.optional(), posted_at: selector.optional() }).optional().describe("Where things are; all but item are looked for inside of it. Left out: JSON-LD, then the model"),
    next: selector.optional().describe("The link to the next page, where the address has no {page}"),
    details: z.boolean().optional().describe("true: each post's own page is opened too"),
  }),
  z.looseObject({ kind: z.literal("rss"), url: template, ...common, fields: fields.optional().describe("Elements of an entry that hold more, e.g. location: category") }),
  z.looseObject({ kind: z.literal("json_feed"), url: template, ...common,
    fields: fields.extend({ items: path, title: path, link: path.optional(), description: path.optional(), next: path.optional() }).partial({ items: true, title: true }).optional().describe("Dotted paths; left out: JSON Feed 1.1"),
    link_template: text(500).regex(/^https?:\/\/[^/{]+\/.*\{link\}/, "must be a web address with {link} in its path").optional(),
  }),
  z.looseObject({ kind: z.literal("trademe_jobs"), ...common, url: template.optional() }),
  z.looseObject({ kind: z.literal("facebook_groups"), ...common, url: template.optional() }),
]);
export type Source = z.infer<typeof sourceSchema>;
export type SourceKind = Source["kind"];

/** Looking for people who say in public that they need the trade. */
export const sniperSchema = z.looseObject({
  enabled: z.boolean(),
  platforms: words(20).describe("Where to look, by the names of sources; trademe_jobs and facebook_groups need no source of that name"),
  keywords: words(100).describe("A find must contain the words of one of these"),
  negative_keywords: words(100).describe("… and none of these"),
  geo_filter: words(200).describe("Places; empty: anywhere"),
  schedule: repetitionSchema,
  max_pages: count(1, 50).describe("Pages of lists read of one platform in one go"),
  max_details: count(0, 200).default(20).describe("Posts' own pages opened of one platform in one go"),
  max_minutes: count(1, 240).default(30).describe("How long one hunt may take, waiting included"),
  max_usd: z.number().min(0).max(100).default(0.5).describe("What models may cost in one hunt, in US dollars by list prices; 0: no model is asked"),
  delay_s: count(0, 60).default(2).describe("Seconds between two requests to one host, where its robots.txt asks for no more; 0: for a site of one's own"),
  sources: z.record(text(60).regex(/^[a-z0-9_]+$/, "must be a name of small letters, digits and _"), sourceSchema).default({}).describe("Places to look in, by names of one's own"),
});
export type Sniper = z.infer<typeof sniperSchema>;
