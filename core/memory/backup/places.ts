/*
 * Where backups lie in their bucket, whose lifecycle rule removes each object 35 days after it was written (scripts/lib/release/provision.ts):
 *
 *   d1/{database}/{day}/{table}/{page}.ndjson.gz   rows, oldest first
 *   d1/{database}/{day}/manifest.json              written last: without it there is no backup
 *   objects/{key}                                  a copy of the same key in STORAGE
 *   erased/{tenant}/{entity}, erased/{tenant}/all  whoever is not to come back
 */

export const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const databaseFolder = (database: string): string => `d1/${database}/`;
export const pageKey = (database: string, day: string, table: string, page: number): string => `${databaseFolder(database)}${day}/${table}/${String(page).padStart(6, "0")}.ndjson.gz`;
export const manifestKey = (database: string, day: string): string => `${databaseFolder(database)}${day}/manifest.json`;

export const OBJECTS = "objects/";
export const ERASED = "erased/";
export const erasedKey = (tenantId: string, entityId: string): string => `${ERASED}${tenantId}/${entityId}`;
/** Instead of an entity's id. */
export const WHOLE_TENANT = "all";
