import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Clock, dayOf } from "../../clock.ts";
import type { Database } from "../database.ts";
import { markOf } from "./marks.ts";
import { type Manifest, packRows } from "./page-format.ts";
import { sweep_marks, tenants } from "../schema.ts";
import { manifestKey, pageKey } from "./places.ts";
import { backedUpTables } from "./tables.ts";

export interface BackupTools {
  db: Database;
  d1: D1Database;
  /** The database's name in the bucket. */
  name: string;
  backups: R2Bucket;
  clock: Clock;
}

/** Some hundred kB as a rule; a row may have 2 MB, and an isolate 128. */
const ROWS_A_PAGE = 200;

const positionSchema = z.object({
  day: z.string(),
  started_at: z.number(),
  /** Index into the tables; past the last: the day's backup is done. */
  table: z.number(),
  page: z.number(),
  /** The last rowid that was read of the table. */
  after: z.number(),
  tables: z.array(z.object({ name: z.string(), pages: z.number(), rows: z.number() })),
  /** The last day that has a finished backup; before the first, the day on which it was begun. Alerts judge by it (core/memory/operations.store.ts). */
  kept_day: z.string(),
});
type Position = z.infer<typeof positionSchema>;

const rowsOf = async ({ d1 }: BackupTools, { name, columns }: (typeof backedUpTables)[number], after: number): Promise<Record<string, unknown>[]> => {
  // Names come from the schema, never from outside.
  const listed = columns.map((column) => `"${column}"`).join(", ");
  const { results } = await d1.prepare(`SELECT rowid AS "_rowid", ${listed} FROM "${name}" WHERE rowid > ?1 ORDER BY rowid LIMIT ${ROWS_A_PAGE}`).bind(after).all();
  return results;
};

/** Wrangler's own table. */
const newestMigration = async ({ d1 }: BackupTools): Promise<string | null> => d1.prepare("SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1").first<string>("name");

/** Writes the page at `position`. @returns where to go on */
const writePage = async (tools: BackupTools, position: Position): Promise<Position> => {
  const table = backedUpTables[position.table];
  if (table === undefined) return position;
  const rows = await rowsOf(tools, table, position.after);
  if (rows.length > 0) await tools.backups.put(pageKey(tools.name, position.day, table.name, position.page), await packRows(rows));
  const counted = position.tables.at(position.table) ?? { name: table.name, pages: 0, rows: 0 };
  const now = { name: table.name, pages: counted.pages + (rows.length > 0 ? 1 : 0), rows: counted.rows + rows.length };
  const tables = [...position.tables.slice(0, position.table), now];
  return rows.length < ROWS_A_PAGE ? { ...position, table: position.table + 1, page: 0, after: 0, tables } : { ...position, page: position.page + 1, after: Number(rows.at(-1)?.["_rowid"]), tables };
};

const finish = async (tools: BackupTools, { day, started_at, tables }: Position): Promise<void> => {
  const manifest: Manifest = { database: tools.name, day, started_at, finished_at: tools.clock.now(), migration: await newestMigration(tools), tables };
  await tools.backups.put(manifestKey(tools.name, day), JSON.stringify(manifest), { httpMetadata: { contentType: "application/json" } });
};

/** One that is empty, or half restored, may be here to take a backup in: it is not backed up. */
const mayBegin = async ({ db }: BackupTools): Promise<boolean> => (await db.$count(tenants)) > 0 && (await db.$count(sweep_marks, eq(sweep_marks.name, "restore"))) === 0;

/** Not over a backup of this day that is finished, of the database that this one was restored from. */
const isDone = async ({ backups, name }: BackupTools, day: string): Promise<boolean> => (await backups.head(manifestKey(name, day))) !== null;

/**
 * Takes the day's backup of one database a number of pages further, from where it stopped; one that the day's end broke off is left, and the new day's
 * begun. Not a snapshot: each page is as of its own moment, and since children are read before their parents, no row is there without what it points at
 * (restore.ts passes over the few whose parent was removed in between). Time Travel has the snapshots; this outlives the database.
 * @returns whether the day's backup is done
 */
export const backUpDatabase = async (tools: BackupTools, pages: number): Promise<boolean> => {
  const mark = markOf(tools.db, "backup", positionSchema);
  const day = dayOf(tools.clock.now());
  for (let written = 0; written < pages; written += 1) {
    const found = await mark.read();
    if (found?.value.day !== day && !(await mayBegin(tools))) return true;
    const position: Position = found?.value.day === day ? found.value : { day, started_at: tools.clock.now(), table: 0, page: 0, after: 0, tables: [], kept_day: found?.value.kept_day ?? day };
    if (found?.value.day !== day && (await isDone(tools, day))) {
      await mark.move(found?.text ?? null, { ...position, table: backedUpTables.length, kept_day: day });
      return true;
    }
    if (position.table >= backedUpTables.length) return true;
    const next = await writePage(tools, position);
    const isLast = next.table >= backedUpTables.length;
    if (isLast) await finish(tools, next);
    // Whoever lost the race has written what the other has, a moment older or newer.
    if (!(await mark.move(found?.text ?? null, isLast ? { ...next, kept_day: day } : next))) return false;
  }
  return false;
};
