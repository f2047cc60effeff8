import { z } from "zod";
import { emptyFolder, folderOf, type StorageBucket } from "../../../core/memory/tenant-storage.ts";

/** How far an import has come. */
const importProgressSchema = z.object({ next: z.number().int(), created: z.number().int(), joined: z.number().int(), unchanged: z.number().int() });
export type ImportProgress = z.infer<typeof importProgressSchema>;

export type UploadBucket = StorageBucket & Pick<R2Bucket, "get" | "put">;

/** An import's file and how far it is, in its run's own folder in R2; gone once it is over. */
export const createUpload = (bucket: UploadBucket, { tenant_id, run_id }: { tenant_id: string; run_id: string }) => {
  const folder = folderOf(tenant_id, "runs", run_id);
  return {
    async keep(csv: string): Promise<void> {
      await bucket.put(`${folder}leads.csv`, csv, { httpMetadata: { contentType: "text/csv; charset=utf-8" } });
    },
    file: async (): Promise<string | null> => (await bucket.get(`${folder}leads.csv`))?.text() ?? null,
    async progress(): Promise<ImportProgress> {
      const kept = await bucket.get(`${folder}import.json`);
      return kept === null ? { next: 0, created: 0, joined: 0, unchanged: 0 } : importProgressSchema.parse(await kept.json());
    },
    async save(progress: ImportProgress): Promise<void> {
      await bucket.put(`${folder}import.json`, JSON.stringify(progress), { httpMetadata: { contentType: "application/json" } });
    },
    async clear(): Promise<void> {
      await emptyFolder(bucket, folder);
    },
  };
};
