import { z } from "zod";
import { publishedSchema } from "./publisher/target.ts";

/*
 * What the stages of the page pipeline hand to each other. A page is an entity whose metadata says how far it has come; its text lies
 * in storage, an immutable version at a time, and the metadata names the current one.
 */

/** Where something that a page says comes from. */
const sourceSchema = z.object({
  /** As facts cite it within the page: `s1`, `s2`, … */
  ref: z.string().regex(/^s\d{1,3}$/),
  kind: z.enum(["dna", "passage", "anchor", "question"]),
  /** A path of the DNA, or the id of a passage or an entity. */
  id: z.string().max(200),
  /** The words of the source that the page rests on. */
  text: z.string().max(2000),
});

export const pageStatuses = [
  /** Chosen by the strategist, not written yet. */
  "planned",
  /** Written, not reviewed. */
  "written",
  /** The critic has refused it; the writer may try again. */
  "refused",
  /** Refused as often as it may be: a person decides. */
  "needs_person",
  /** The critic has passed it; it may be linked, illustrated and published. */
  "passed",
  /** Out in the world, on at least one target. */
  "published",
  /** Kept from the world by a person. */
  "held",
  /** Was published and is not any more. */
  "retired",
] as const;

const placeSchema = z.object({
  name: z.string().max(120),
  slug: z.string().max(120),
  city: z.string().max(120).nullable(),
  lat: z.number().min(-90).max(90).nullable(),
  lon: z.number().min(-180).max(180).nullable(),
});

const findingSchema = z.object({
  /** The rule's name, or `model`. */
  rule: z.string().max(60),
  severity: z.enum(["error", "warning"]),
  /** Of the body, from 1; null: of the page as a whole. */
  line: z.number().int().min(1).nullable(),
  message: z.string().max(500),
  suggestion: z.string().max(500).nullable(),
});

/** What the critic says of one version. */
const reviewSchema = z.object({
  score: z.number().min(0).max(100),
  passed: z.boolean(),
  findings: z.array(findingSchema).max(100),
  /** Of the content that was reviewed. */
  sha256: z.string(),
  reviewed_at: z.number().int(),
});

/** Metadata of an entity of type `page`. */
export const pageMetadataSchema = z.looseObject({
  status: z.enum(pageStatuses),
  /** `page:{service}/{place}/{intent}`: one page a combination. */
  dedupe_key: z.string().max(300),
  service: z.object({ name: z.string().max(120), slug: z.string().max(120) }),
  /** Null: the hub of a service, or of all (`service.slug` then is `hub`). */
  place: placeSchema.nullable(),
  intent: z.enum(["hub", "service", "emergency", "price", "near_anchor"]),
  primary_keyword: z.string().max(200),
  secondary_keywords: z.array(z.string().max(200)).max(20),
  /** Ids of anchors, passages and questions that say something true about the service in the place. */
  evidence: z.array(z.object({ kind: z.enum(["anchor", "passage", "question", "dna"]), id: z.string().max(200) })).max(50),
  demand: z.object({ volume: z.number().nullable(), competition: z.number().nullable(), source: z.enum(["estimated", "csv", "search_console"]) }),
  /** What ranks it among the others; greater is earlier. */
  expected_value: z.number(),
  /** Of the hosted target and of the canonical address: begins with a slash. */
  path: z.string().max(300),
  /** Null until it is written. */
  content: z
    .object({
      version: z.string(),
      sha256: z.string(),
      words: z.number().int(),
      written_at: z.number().int(),
      /** Digest of what it was written from: the same inputs are not paid for again. */
      inputs: z.string().optional(),
    })
    .nullable()
    // A patch by null takes the key away (RFC 7396).
    .default(null),
  review: reviewSchema.nullable().default(null),
  /** How often the writer has written it since it was planned or a person last decided. */
  drafts: z.number().int().min(0),
  /** How it stands on each target that it ever went to. */
  published: publishedSchema.optional(),
});

export type PageMetadata = z.infer<typeof pageMetadataSchema>;
export type PageStatus = (typeof pageStatuses)[number];
export type Finding = z.infer<typeof findingSchema>;
export type Review = z.infer<typeof reviewSchema>;

/** One version of a page's text, in storage (`agents/pseo/page-content.ts`). Without links to other pages, pictures and the frame: they are added when it is published. */
export const pageContentSchema = z.object({
  title: z.string().min(1).max(120),
  meta_description: z.string().min(1).max(320),
  h1: z.string().min(1).max(120),
  /** Sanitised; begins below the H1, with H2 as its highest heading. Each block stands on lines of its own. Facts carry `<span data-source="s1 s2">`, which is taken out on publishing. */
  body_html: z.string().max(100_000),
  /** Plain text. `source`: refs with a space between them; null where the answer rests on none. */
  faq: z.array(z.object({ question: z.string().max(300), answer: z.string().max(2000), source: z.string().nullable() })).max(20),
  json_ld: z.array(z.record(z.string(), z.unknown())).max(10),
  sources: z.array(sourceSchema).max(100),
});

export type PageContent = z.infer<typeof pageContentSchema>;
export type Source = z.infer<typeof sourceSchema>;
