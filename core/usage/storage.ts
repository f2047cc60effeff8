import type { TenantMemory } from "../memory/memory.ts";
import { folderOf } from "../memory/tenant-storage.ts";
import { vendorError } from "../errors.ts";
import { storageDayMicros } from "./prices.ts";

/** A thousand objects each; R2 is asked for no more on behalf of one tenant in one sweep. */
const MOST_PAGES = 200;

export interface StorageTools {
  memory: Pick<TenantMemory, "tenantId" | "usage">;
  bucket: Pick<R2Bucket, "list">;
}

/**
 * Books what a tenant has stored on a day (`2026-11-26`): the bytes that lie there when it is looked, and a day's price of them. Looked at
 * again, the day's figure is the newer one, not the sum.
 * @throws AppError `storage_not_counted` for a tenant that has more than two hundred thousand objects
 */
export const meterStorage = async ({ memory, bucket }: StorageTools, day: string): Promise<{ objects: number; bytes: number }> => {
  const found = { objects: 0, bytes: 0 };
  let cursor: string | undefined;
  for (let pages = 0; ; pages++) {
    if (pages >= MOST_PAGES) throw vendorError("storage_not_counted", "There is more than one look can count.", { retryable: false });
    const page = await bucket.list({ prefix: folderOf(memory.tenantId), limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    found.objects += page.objects.length;
    found.bytes += page.objects.reduce((sum, object) => sum + object.size, 0);
    if (!page.truncated) break;
    cursor = page.cursor;
  }
  if (found.bytes > 0) await memory.usage.setOfDay(day, { kind: "storage_bytes", detail: "", quantity: found.bytes, cost_micros: storageDayMicros(found.bytes) });
  return found;
};
