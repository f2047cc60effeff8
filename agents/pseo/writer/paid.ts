import { z } from "zod";
import type { PageRef } from "../page-content.ts";
import { type ContentBucket, contentFolder, type StoredContent } from "../page-content.ts";

const storedSchema = z.object({ version: z.string(), sha256: z.string(), words: z.number().int() });
const keyOf = (page: PageRef, inputs: string): string => `${contentFolder(page)}paid/${inputs}.json`;

/** The version that was written from the same inputs before, by this run or another; null when there is none. */
export const alreadyPaid = async (storage: Pick<ContentBucket, "get">, page: PageRef, inputs: string): Promise<StoredContent | null> => {
  const found = await storage.get(keyOf(page, inputs));
  return found === null ? null : (storedSchema.safeParse(await found.json()).data ?? null);
};

export const rememberPaid = async (storage: Pick<ContentBucket, "put">, page: PageRef, inputs: string, stored: StoredContent): Promise<void> => {
  await storage.put(keyOf(page, inputs), JSON.stringify(stored), { httpMetadata: { contentType: "application/json" } });
};
