import { emptyFolder, folderOf } from "../tenant-storage.ts";
import { erasedKey, OBJECTS, WHOLE_TENANT } from "./places.ts";

/**
 * Erasing where backups are concerned: copies of a folder go at once, and a mark (ids only) says who is not to come back with rows that were backed up
 * before. Rows and marks are gone for good when the bucket's rule removes them.
 */
export const createErasedMarks = ({ backups }: { backups: R2Bucket }) => {
  const forget = async (tenantId: string, entityId: string, folders: readonly string[]): Promise<number> => {
    await backups.put(erasedKey(tenantId, entityId), "");
    let deleted = 0;
    for (const folder of folders) deleted += await emptyFolder(backups, `${OBJECTS}${folder}`);
    return deleted;
  };
  return {
    /** @param folders of the person's, in storage. @returns how many copies there were */
    forget,
    forgetTenant: async (tenantId: string): Promise<number> => forget(tenantId, WHOLE_TENANT, [folderOf(tenantId)]),
  };
};

export type ErasedMarks = ReturnType<typeof createErasedMarks>;
