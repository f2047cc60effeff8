/*
 * Whatever a tenant has in R2 lies under `{tenant_id}/`. This is the only way to list or delete by prefix, and it cannot leave
 * that folder.
 */

export type StorageBucket = Pick<R2Bucket, "list" | "delete">;

const SEGMENT = /^[A-Za-z0-9_.-]{1,200}$/;

/** `{tenant_id}/a/b/`. @throws Error for a segment that could reach elsewhere; ids are ours, so that is a bug */
export const folderOf = (tenantId: string, ...segments: string[]): string => {
  for (const segment of [tenantId, ...segments]) if (!SEGMENT.test(segment) || /^\.+$/.test(segment)) throw new Error(`not a folder's name: ${segment}`);
  return [tenantId, ...segments, ""].join("/");
};

/** Whether a key lies in the tenant's folder: asked wherever a key comes from outside the code (a row, a message). */
export const belongsTo = (tenantId: string, key: string): boolean => key.startsWith(folderOf(tenantId)) && !key.split("/").includes("..");

/** Deletes every object under a folder, 1,000 at a time (R2's limit). Safe to repeat. @returns how many there were */
export const emptyFolder = async (bucket: StorageBucket, folder: string): Promise<number> => {
  let deleted = 0;
  for (;;) {
    // Always from the start: what was listed is gone by the next time.
    const { objects } = await bucket.list({ prefix: folder, limit: 1000 });
    if (objects.length === 0) return deleted;
    await bucket.delete(objects.map((object) => object.key));
    deleted += objects.length;
  }
};
