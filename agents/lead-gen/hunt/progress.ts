import { z } from "zod";
import { folderOf, emptyFolder, type StorageBucket } from "../../../core/memory/tenant-storage.ts";

/*
 * How far a hunt has come, in the tenant's own folder in R2: whoever takes the run up again goes on with the page that was not read yet.
 * A page whose finds were saved and that was not noted is read again, and its finds join themselves.
 */

/** Why a source is read no further. */
export const stops = [
  "end", "nothing_new", "page_budget", "time_budget", "no_permission", "unknown_source", "no_address", "robots", "busy", "forbidden", "login_wall", "captcha", "unreachable", "refused", "no_browser", "not_a_list",
] as const;
export type Stop = (typeof stops)[number];

const searchSchema = z.object({ address: z.string(), page: z.number().int() });

export const sourceProgressSchema = z.object({
  name: z.string(),
  /** Searches, the next page of each; null: not begun. */
  waiting: z.array(searchSchema).nullable(),
  pages_read: z.number().int(),
  details_read: z.number().int(),
  /** Posts on its pages, each once. */
  found: z.number().int(),
  created: z.array(z.string()),
  joined: z.array(z.string()),
  /** How many were dropped, by why. */
  dropped: z.record(z.string(), z.number().int()),
  problems: z.array(z.object({ url: z.string(), problem: z.string() })),
  /** Pages that only a model could have read, which was not there or had no money left. */
  unread_pages: z.number().int(),
  /** Hashes of what was found and of pages that were read. */
  seen: z.array(z.string()),
  /** Before then the site wants to be left alone, ms. */
  not_before: z.number().nullable(),
  /** How often in a row it did not answer, or asked for patience. */
  setbacks: z.number().int(),
  stop: z.enum(stops).nullable(),
  /** What the owner can do, where the source is not read. */
  advice: z.string().nullable(),
});
export type SourceProgress = z.infer<typeof sourceProgressSchema>;

export const huntProgressSchema = z.object({
  started_at: z.number(),
  /** Of models, in micro-dollars, by list prices. */
  spent_micros: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  /** What a model said and the page does not. */
  made_up: z.number(),
  /** How often the model did not answer. */
  failures: z.number().int(),
  sources: z.array(sourceProgressSchema),
});
export type HuntProgress = z.infer<typeof huntProgressSchema>;

export const newSource = (name: string): SourceProgress => ({
  name, waiting: null, pages_read: 0, details_read: 0, found: 0, created: [], joined: [], dropped: {}, problems: [], unread_pages: 0, seen: [], not_before: null, setbacks: 0, stop: null, advice: null,
});

export type ProgressBucket = StorageBucket & Pick<R2Bucket, "get" | "put">;

export const createProgressStore = (bucket: ProgressBucket, { tenant_id, run_id }: { tenant_id: string; run_id: string }) => {
  const folder = folderOf(tenant_id, "runs", run_id);
  const key = `${folder}hunt.json`;
  return {
    async load(): Promise<HuntProgress | null> {
      const kept = await bucket.get(key);
      const parsed = kept === null ? null : huntProgressSchema.safeParse(await kept.json());
      return parsed?.success === true ? parsed.data : null;
    },
    async save(progress: HuntProgress): Promise<void> {
      await bucket.put(key, JSON.stringify(progress), { httpMetadata: { contentType: "application/json" } });
    },
    async clear(): Promise<void> {
      await emptyFolder(bucket, folder);
    },
  };
};
