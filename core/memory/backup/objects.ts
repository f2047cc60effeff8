import { z } from "zod";
import { type Clock, dayOf } from "../../clock.ts";
import type { Database } from "../database.ts";
import { markOf } from "./marks.ts";
import { OBJECTS } from "./places.ts";

export interface ObjectBackupTools {
  db: Database;
  storage: R2Bucket;
  backups: R2Bucket;
  clock: Clock;
}

/** Well before the bucket's own rule removes a copy: while an object is there, so is one. What is gone from storage is gone from here by that rule. */
const REFRESH_AFTER_MS = 25 * 86_400_000;
const LISTED_AT_ONCE = 200;

/** What is made again from elsewhere, or for a week only. */
const isPassing = (key: string): boolean => key.startsWith("shared/") || /^[^/]+\/exports\//.test(key);

const positionSchema = z.object({ day: z.string(), after: z.string(), done: z.boolean(), copied: z.number(), kept_day: z.string() });

/** Copies of the keys in (after, last], by key. */
const copiesBetween = async ({ backups }: ObjectBackupTools, after: string, last: string): Promise<Map<string, R2Object>> => {
  const copies = new Map<string, R2Object>();
  for (let from = `${OBJECTS}${after}`; ; ) {
    const page = await backups.list({ prefix: OBJECTS, startAfter: from, limit: 1000 });
    for (const object of page.objects) copies.set(object.key.slice(OBJECTS.length), object);
    const furthest = page.objects.at(-1)?.key;
    if (furthest === undefined || !page.truncated || furthest >= `${OBJECTS}${last}`) return copies;
    from = furthest;
  }
};

const copy = async ({ storage, backups }: ObjectBackupTools, key: string): Promise<boolean> => {
  const object = await storage.get(key);
  // Erased since it was listed.
  if (object === null) return false;
  const { httpMetadata, customMetadata } = object;
  await backups.put(`${OBJECTS}${key}`, object.body, { ...(httpMetadata ? { httpMetadata } : {}), customMetadata: { ...customMetadata, etag: object.etag } });
  return true;
};

/**
 * Takes the day's walk through storage further: whatever has no copy, has changed, or has a copy that will not live long any more is copied.
 * @param most how many objects are copied at most; the next walk goes on there
 * @returns whether the day's walk is done
 */
export const backUpObjects = async (tools: ObjectBackupTools, most: number): Promise<boolean> => {
  const mark = markOf(tools.db, "backup_objects", positionSchema);
  const day = dayOf(tools.clock.now());
  const found = await mark.read();
  const position = found?.value.day === day ? found.value : { day, after: "", done: false, copied: 0, kept_day: found?.value.kept_day ?? day };
  if (position.done) return true;
  const page = await tools.storage.list({ limit: LISTED_AT_ONCE, ...(position.after === "" ? {} : { startAfter: position.after }) });
  const last = page.objects.at(-1)?.key ?? position.after;
  const copies = page.objects.length === 0 ? new Map<string, R2Object>() : await copiesBetween(tools, position.after, last);
  const freshFrom = tools.clock.now() - REFRESH_AFTER_MS;
  let copied = 0;
  let after = position.after;
  for (const { key, etag } of page.objects) {
    const known = copies.get(key);
    const isFresh = known !== undefined && known.customMetadata?.["etag"] === etag && known.uploaded.getTime() > freshFrom;
    if (!isFresh && !isPassing(key)) {
      if (copied >= most) break;
      if (await copy(tools, key)) copied += 1;
    }
    after = key;
  }
  const done = after === last && !page.truncated;
  await mark.move(found?.text ?? null, { day, after, done, copied: position.copied + copied, kept_day: done ? day : position.kept_day });
  return done;
};

/**
 * Copies back what storage has no more, a number of objects at a time; what is there stays as it is, since it is newer or the same.
 * @param after the last key of an earlier step; "" to begin
 * @returns `after` to go on with; null at the end
 */
export const restoreObjects = async ({ storage, backups }: Pick<ObjectBackupTools, "storage" | "backups">, after: string): Promise<{ restored: number; after: string | null }> => {
  const page = await backups.list({ prefix: OBJECTS, limit: LISTED_AT_ONCE, ...(after === "" ? {} : { startAfter: `${OBJECTS}${after}` }) });
  let restored = 0;
  for (const { key } of page.objects) {
    const original = key.slice(OBJECTS.length);
    if ((await storage.head(original)) !== null) continue;
    const object = await backups.get(key);
    if (object === null) continue;
    const { etag: _, ...customMetadata } = object.customMetadata ?? {};
    await storage.put(original, object.body, { ...(object.httpMetadata ? { httpMetadata: object.httpMetadata } : {}), customMetadata });
    restored += 1;
  }
  const last = page.objects.at(-1)?.key;
  return { restored, after: page.truncated && last !== undefined ? last.slice(OBJECTS.length) : null };
};
