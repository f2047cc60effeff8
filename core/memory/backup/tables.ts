import { getTableColumns, getTableName, is } from "drizzle-orm";
import { type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../schema.ts";
import { childrenFirst } from "../tenant-tables.ts";

/*
 * What a backup holds: every table there is, tables of tomorrow included, but for those that must not come back or mean nothing
 * elsewhere.
 */

const NOT_BACKED_UP = new Set([
  // Credentials that end by themselves: one that was ended meanwhile would open the door again.
  "sessions", "mailed_tokens", "login_failures",
  // Of minutes and hours only.
  "idempotency", "leases", "model_answers", "live_watches", "live_changes", "service_minutes", "alerts",
  // Of archives in storage, which are not kept twice.
  "exports",
  // How far walks have come, this one's too.
  "sweep_marks",
  // Counted anew from leads and calls: triggers mark every hour of theirs as they come back.
  "figures", "figure_marks",
]);

export interface BackedUpTable {
  name: string;
  /** Those that are stored; what the database computes is left to it. */
  columns: string[];
}

const backedUp = Object.values(schema).flatMap((value) => (is(value, SQLiteTable) && !NOT_BACKED_UP.has(getTableName(value)) ? [{ name: getTableName(value), table: value }] : []));

const described = ({ name, table }: { name: string; table: SQLiteTable }): BackedUpTable => ({
  name,
  columns: (Object.values(getTableColumns(table)) as SQLiteColumn[]).filter((column) => column.generated === undefined).map((column) => column.name),
});

/** Children before parents: whatever a row points at is still there when its turn comes, and in the backup. Restored the other way round. */
const sorted = childrenFirst(backedUp).map(described);
const isAudit = ({ name }: BackedUpTable): boolean => name === "audit";
/** Restored last: triggers of other tables would tell them of every row, and a lead that comes back is not one that has come. */
const isTold = ({ name }: BackedUpTable): boolean => name.startsWith("webhook_endpoint") || name.startsWith("webhook_deliver");
/** The audit log last: its seals name rows of it without a foreign key. */
export const backedUpTables: readonly BackedUpTable[] = [...sorted.filter(isTold), ...sorted.filter((table) => !isAudit(table) && !isTold(table)), ...sorted.filter(isAudit)];
