import { z } from "zod";
import { folderOf } from "../../../core/memory/tenant-storage.ts";

/*
 * How far a hunt has come, in the tenant's own folder in R2: whoever takes the run up again goes on with the page that was not read yet.
 * A page whose finds were saved and that was not noted is read again, and its finds join themselves. Once it is over it is the hunt's
 * record: what was found and why it was left out. Retention takes it away (`forgetHunts`).
 */

/** Why a source is read no further. */
const stops = [
  "end", "nothing_new", "page_budget", "time_budget", "no_permission", "unknown_source", "no_address", "robots", "busy", "forbidden", "login_wall", "captcha", "unreachable", "refused", "no_browser", "not_a_list",
] as const;
export type Stop = (typeof stops)[number];

/** Posts that are named among those that were left out, of each source: who wants to mend their keywords needs examples, not all. */
export const MOST_LEFT_OUT = 40;
const leftOutSchema = z.object({ title: z.string(), url: z.string().nullable(), reason: z.string() });

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
  /** Some of them. */
  left_out: z.array(leftOutSchema).default([]),
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

const huntProgressSchema = z.object({
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
  name, waiting: null, pages_read: 0, details_read: 0, found: 0, created: [], joined: [], dropped: {}, left_out: [], problems: [], unread_pages: 0, seen: [], not_before: null, setbacks: 0, stop: null, advice: null,
});

export type ProgressBucket = Pick<R2Bucket, "get" | "put">;

const folderOfHunts = (tenantId: string): string => folderOf(tenantId, "hunts");

export const createProgressStore = (bucket: ProgressBucket, { tenant_id, run_id }: { tenant_id: string; run_id: string }) => {
  const key = `${folderOfHunts(tenant_id)}${run_id}.json`;
  const save = async (progress: HuntProgress): Promise<void> => {
    await bucket.put(key, JSON.stringify(progress), { httpMetadata: { contentType: "application/json" } });
  };
  return {
    async load(): Promise<HuntProgress | null> {
      const kept = await bucket.get(key);
      const parsed = kept === null ? null : huntProgressSchema.safeParse(await kept.json());
      return parsed?.success === true ? parsed.data : null;
    },
    save,
    /** The hunt is over: what only going on needs is dropped. An attempt that comes again finds every source at its end. */
    async close(progress: HuntProgress): Promise<void> {
      await save({ ...progress, sources: progress.sources.map((source) => ({ ...source, waiting: source.waiting && [], seen: [] })) });
    },
  };
};

/**
 * Deletes the records of hunts that began before then, the oldest first: they name what strangers posted and nobody kept. Ids of runs sort by time.
 * @param firstKept the least id of a run that began later
 * @returns how many there were
 */
export const forgetHunts = async (bucket: Pick<R2Bucket, "list" | "delete">, tenantId: string, firstKept: string): Promise<number> => {
  const prefix = folderOfHunts(tenantId);
  for (let deleted = 0; ; ) {
    const { objects } = await bucket.list({ prefix, limit: 1000 });
    const old = objects.flatMap(({ key }) => (key < `${prefix}${firstKept}` ? [key] : []));
    if (old.length === 0) return deleted;
    await bucket.delete(old);
    deleted += old.length;
  }
};
