import { z } from "zod";

/*
 * How far a project's pipeline has come: one entity of type `pipeline` a project, of key `pipeline`, so that two cannot run at once. It
 * is moved by compare-and-set only; where the pages are is in the pages.
 */

/** In this order. `learn` has the brand brain follow the DNA, where it lags; `pages` is writing, reviewing and writing again, a page at a time. */
export const phases = ["learn", "scout", "plan", "pages", "link", "illustrate", "publish", "measure", "done"] as const;
export type Phase = (typeof phases)[number];

export const pipelineSchema = z.looseObject({
  status: z.enum(["running", "paused", "over"]),
  dedupe_key: z.literal("pipeline"),
  /** The run that drives it. */
  run_id: z.string(),
  phase: z.enum(phases),
  /** Grows with each move, so that an attempt that was thought dead moves nothing back. */
  revision: z.number().int(),
  started_at: z.number(),
  /** Pages of this run, best first, lie in storage; so many there are. Null: not chosen yet. */
  total: z.number().int().nullable(),
  /** How many of them have been taken up. */
  taken: z.number().int(),
  /** Those that are being written or reviewed now. */
  active: z.array(z.string()).max(200),
  /** Whether no more of them are taken up, since the money for them is spent. */
  spent: z.boolean(),
  /** How those that are over came out. */
  outcomes: z.record(z.string(), z.number()),
  /** A part that failed for good, which stopped the run: it is tried again when the run is. */
  stuck: z.string().nullable(),
});
export type Pipeline = z.infer<typeof pipelineSchema>;

const names = z.array(z.string().trim().min(1).max(120)).max(500);

export const managerParams = z.object({
  services: names.optional().describe("Names or slugs of services of the DNA; default: all"),
  places: names.optional().describe("Names or slugs of places of the DNA; default: all"),
  max_pages: z.number().int().min(1).max(5000).optional().describe("At most so many pages; the DNA's pages.max_pages holds too"),
  max_usd: z.number().min(0).max(100_000).optional().describe("US dollars for models: it begins no further page when they are spent, and does not begin at all when they cannot be enough for one"),
  publish: z.boolean().optional().describe("Whether pages that pass go out; default: if the DNA says where"),
  keywords_csv: z.string().max(200_000).optional(),
});
export type ManagerParams = z.infer<typeof managerParams>;
