import type { z } from "zod";
import { type ContentBucket, contentFolder, type PageRef } from "./page-content.ts";

/**
 * What a model was paid for about a page, by a name made of all that it was asked: asked for again, by this run or another, it is read
 * instead. It is paid for twice only if we die between its answer and its being kept.
 * @param name letters, digits and dashes
 */
export const paidOnce = async <T>(storage: ContentBucket, page: PageRef, name: string, schema: z.ZodType<T>, work: () => Promise<T>): Promise<{ value: T; paid: boolean }> => {
  const key = `${contentFolder(page)}paid/${name}.json`;
  const kept = await storage.get(key);
  // Of an older release: asked for anew.
  const known = kept === null ? null : schema.safeParse(await kept.json());
  if (known?.success === true) return { value: known.data, paid: false };
  const value = await work();
  await storage.put(key, JSON.stringify(value), { httpMetadata: { contentType: "application/json" } });
  return { value, paid: true };
};
