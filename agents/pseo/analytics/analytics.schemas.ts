import { z } from "zod";

/** How a page looks from outside. */
export const liveStates = ["live", "changed", "missing", "blocked", "unknown"] as const;
export const indexStates = ["indexed", "not_indexed", "unknown"] as const;

/** Metadata `search` of a page: what Search Console says of the days before `at`. The strategist reads it. */
export const searchSchema = z.object({ clicks: z.number(), impressions: z.number(), position: z.number().nullable(), days: z.number().int(), at: z.number().int() });
export type SearchFigures = z.infer<typeof searchSchema>;

/** Metadata `audit` of a page. `null`: nobody can say. */
export const auditFiguresSchema = z.object({
  live: z.enum(liveStates),
  indexed: z.enum(indexStates),
  /** When the index was last asked for this page. */
  inspected_at: z.number().int().nullable(),
  views: z.number().int().nullable(),
  leads: z.number().int(),
  calls: z.number().int(),
  won: z.number().int(),
  days: z.number().int(),
  at: z.number().int(),
});
export type AuditFigures = z.infer<typeof auditFiguresSchema>;

const adviceKinds = ["repair", "rewrite", "merge", "retire", "new_page"] as const;

/** What should be done about a page, or for want of one. */
const adviceSchema = z.object({
  kind: z.enum(adviceKinds),
  page_id: z.string().nullable(),
  /** For a merge: the page that it is to be merged into. */
  into_page_id: z.string().nullable(),
  query: z.string().nullable(),
  reason: z.string(),
  /** What it rests on: the figures, and the thresholds that they were held against. */
  figures: z.record(z.string(), z.number()),
  thresholds: z.record(z.string(), z.number()),
});
export type Recommendation = z.infer<typeof adviceSchema>;

/** Metadata of an entity of type `recommendation`. `done`: what it rested on is no longer so. A person may set it to `dismissed`, which stays. */
export const recommendationSchema = adviceSchema.extend({ status: z.enum(["open", "done", "dismissed"]), at: z.number().int(), dedupe_key: z.string() });
