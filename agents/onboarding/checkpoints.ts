import type { z } from "zod";
import { emptyFolder, folderOf, type StorageBucket } from "../../core/memory/tenant-storage.ts";

export type CheckpointBucket = StorageBucket & Pick<R2Bucket, "get" | "put">;

export interface Checkpoints {
  /** What the step found when it was done, or does it now and keeps it. A step is done again only if we died before it was kept. */
  step<T>(name: string, schema: z.ZodType<T>, work: () => Promise<T>): Promise<T>;
  /** The run is over: what its steps found is not needed any more. */
  clear(): Promise<void>;
}

/** Results of a run's steps, in the tenant's own folder: a run that is tried again goes on where it was. */
export const createCheckpoints = (bucket: CheckpointBucket, { tenant_id, run_id }: { tenant_id: string; run_id: string }): Checkpoints => {
  const folder = folderOf(tenant_id, "runs", run_id);
  return {
    async step(name, schema, work) {
      const key = `${folder}${name}.json`;
      const kept = await bucket.get(key);
      // Of an older release: done again.
      const known = kept === null ? null : schema.safeParse(await kept.json());
      if (known?.success === true) return known.data;
      const value = await work();
      await bucket.put(key, JSON.stringify(value), { httpMetadata: { contentType: "application/json" } });
      return value;
    },
    async clear() {
      await emptyFolder(bucket, folder);
    },
  };
};
