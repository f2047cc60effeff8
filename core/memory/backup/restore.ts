import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { AppError, conflict, describeError, notFound } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { Actor } from "../actor.ts";
import type { Database } from "../database.ts";
import { calls, tenants } from "../schema.ts";
import { disarming, isOpenCall, restoredAudit } from "./disarm.ts";
import { markOf } from "./marks.ts";
import { type Manifest, manifestSchema, type Row, unpackRows } from "./page-format.ts";
import { databaseFolder, DAY, ERASED, manifestKey, pageKey } from "./places.ts";
import { type BackedUpTable, backedUpTables } from "./tables.ts";

const log = logger("restore");

export interface RestoreTools {
  db: Database;
  d1: D1Database;
  /** Whose backup: the database's name in the bucket. */
  name: string;
  backups: R2Bucket;
  clock: Clock;
  actor: Actor;
  /** Takes out again whoever was erased after the backup (erased.ts). */
  eraseAgain: (tenantId: string, entityId: string) => Promise<void>;
  /** The object that holds the call lives on without the database: it must ring nobody for it either. */
  giveUpCall: (call: { tenant_id: string; project_id: string; call_id: string }) => Promise<void>;
}

const countsSchema = z.object({ rows: z.number(), left_out: z.number() });
const positionSchema = countsSchema.extend({
  day: z.string(),
  /** Index into the tables, parents first; past the last: the rows are there, and what is due is to be taken out of them. */
  table: z.number(),
  page: z.number(),
  /** Then: the last key of those who were erased since that was looked at. */
  erased: z.string(),
  /** Then: the last call whose object has let go of it. */
  given_up: z.string(),
});

type Position = z.infer<typeof positionSchema>;
export type RestoreProgress = Position & { tables: number; done: boolean };

const markOfRestore = (db: Database) => markOf(db, "restore", positionSchema);

const parentsFirst: readonly BackedUpTable[] = backedUpTables.toReversed();
const STATEMENT_CHARACTERS = 400_000;

/** @throws AppError 404 when there is no finished backup of that day */
const readManifest = async (backups: R2Bucket, name: string, day: string): Promise<Manifest> => {
  const object = DAY.test(day) ? await backups.get(manifestKey(name, day)) : null;
  if (object === null) throw notFound("backup");
  return manifestSchema.parse(await object.json());
};

/** Finished backups of a database, newest first. */
export const listBackups = async (backups: R2Bucket, name: string): Promise<Manifest[]> => {
  const { delimitedPrefixes } = await backups.list({ prefix: databaseFolder(name), delimiter: "/" });
  const days = delimitedPrefixes.map((prefix) => prefix.slice(databaseFolder(name).length, -1)).toSorted().toReversed();
  const found = await Promise.all(days.map(async (day) => readManifest(backups, name, day).catch(() => null)));
  return found.filter((manifest) => manifest !== null);
};

/**
 * Rows go as one JSON text, since D1 binds 100 parameters at most. A column that the schema has no more is left out; one that it has since gets its
 * default. Rowids are given anew, in the same order, which is all that anything reads out of them.
 */
const inserting = ({ d1 }: RestoreTools, { name, columns }: BackedUpTable, rows: readonly Row[]): D1PreparedStatement => {
  const [first = {}] = rows;
  const present = columns.filter((column) => column in first);
  const into = present.map((column) => `"${column}"`).join(", ");
  const values = present.map((column) => `json_extract(value, '$.${column}')`).join(", ");
  return d1.prepare(`INSERT INTO "${name}" (${into}) SELECT ${values} FROM json_each(?1)`).bind(JSON.stringify(rows));
};

/** Rows as several statements' worth: a parameter may have 2 MB. */
const chunked = (rows: readonly Row[]): Row[][] => {
  const chunks: Row[][] = [];
  let size = Infinity;
  for (const row of rows) {
    const length = JSON.stringify(row).length;
    if (size + length > STATEMENT_CHARACTERS) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(row);
    size += length;
  }
  return chunks;
};

/**
 * Writes a page and moves the mark in one transaction, so that a page is there once, whenever it is broken off. Where a row cannot be (its parent
 * was removed while the backup was taken, or its name given to another), the rows of the page are written one by one, and that one is left out.
 */
const writePage = async (tools: RestoreTools, table: BackedUpTable, rows: readonly Row[], move: (leftOut: number) => D1PreparedStatement): Promise<number> => {
  try {
    await tools.d1.batch([...chunked(rows).map((some) => inserting(tools, table, some)), move(0)]);
    return 0;
  } catch (error) {
    if (!/constraint/i.test(describeError(error))) throw error;
  }
  let leftOut = 0;
  for (const row of rows) {
    try {
      await tools.d1.batch([inserting(tools, table, [row])]);
    } catch (error) {
      const words = describeError(error);
      if (!/constraint/i.test(words)) throw error;
      leftOut += 1;
      log.warn("a row of the backup is left out", { table: table.name, rowid: row["_rowid"], error: words });
    }
  }
  await tools.d1.batch([move(leftOut)]);
  return leftOut;
};

const ERASED_A_STEP = 100;
const CLOCK_SLACK_MS = 600_000;

/** Those who were erased since the backup was begun, from the marks that erasing leaves. */
const forgetErased = async ({ db, backups, eraseAgain }: RestoreTools, position: Position, since: number): Promise<{ position: Position; done: boolean }> => {
  const page = await backups.list({ prefix: ERASED, startAfter: position.erased, limit: ERASED_A_STEP });
  for (const { key, uploaded } of page.objects) {
    const [tenantId, entityId] = key.slice(ERASED.length).split("/");
    // The bucket's clock and ours may differ by a little; erasing once more than needed does nothing.
    if (tenantId !== undefined && entityId !== undefined && uploaded.getTime() >= since - CLOCK_SLACK_MS) await eraseAgain(tenantId, entityId);
  }
  const next = { ...position, erased: page.objects.at(-1)?.key ?? position.erased };
  await markOfRestore(db).moving(next);
  return { position: next, done: !page.truncated };
};

const CALLS_A_STEP = 100;

/** Objects let go of every call that was open, before its row is ended. */
const giveUpCalls = async ({ db, giveUpCall }: RestoreTools, position: Position): Promise<{ position: Position; done: boolean }> => {
  const open = await db
    .select({ call_id: calls.id, tenant_id: calls.tenant_id, project_id: calls.project_id })
    .from(calls)
    .where(sql`${calls.id} > ${position.given_up} AND ${isOpenCall}`)
    .orderBy(calls.id)
    .limit(CALLS_A_STEP)
    .all();
  await Promise.all(open.map(giveUpCall));
  const next = { ...position, given_up: open.at(-1)?.call_id ?? position.given_up };
  await markOfRestore(db).moving(next);
  return { position: next, done: open.length < CALLS_A_STEP };
};

/** @throws AppError 409 */
const begin = async ({ db }: RestoreTools, day: string): Promise<Position> => {
  if ((await db.$count(tenants)) > 0) throw conflict("not_empty", "Only an empty database is restored into. This one has tenants.");
  const position: Position = { day, table: 0, page: 0, rows: 0, left_out: 0, erased: ERASED, given_up: "" };
  if (!(await markOfRestore(db).move(null, position))) throw conflict("restore_under_way", "Another restore has just begun.");
  return position;
};

/** Takes the restore one page, or one table, further. @throws AppError 409 when a page of the backup is not there */
const stepOf = async (tools: RestoreTools, manifest: Manifest, position: Position): Promise<Position> => {
  const { db, d1, backups, name } = tools;
  const table = parentsFirst[position.table];
  const { pages } = manifest.tables.find((one) => one.name === table?.name) ?? { pages: 0 };
  if (table === undefined || position.page >= pages) {
    const next = { ...position, table: position.table + 1, page: 0 };
    await markOfRestore(db).moving(next);
    return next;
  }
  const object = await backups.get(pageKey(name, position.day, table.name, position.page));
  if (object === null) throw new AppError({ code: "backup_incomplete", status: 409, message: `Page ${position.page} of ${table.name} is missing in the backup of ${position.day}.` });
  const rows = await unpackRows(object.body);
  const after = (leftOut: number): Position => ({ ...position, page: position.page + 1, rows: position.rows + rows.length - leftOut, left_out: position.left_out + leftOut });
  const leftOut = await writePage(tools, table, rows, (count) => d1.prepare("UPDATE sweep_marks SET position = ?1 WHERE name = 'restore'").bind(JSON.stringify(after(count))));
  return after(leftOut);
};

/**
 * Brings a database back from its backup of a day, a number of pages further each time it is asked; a first call begins, and is refused unless the
 * database is empty. The service must be closed meanwhile (APEX_MAINTENANCE): half a database would ring people. It ends with one transaction
 * that takes what was due out of the rows (disarm.ts).
 * @throws AppError 404 for a day without a finished backup, 409 when the database holds somebody's data or another day is being restored
 */
export const restoreDatabase = async (tools: RestoreTools, day: string, pages: number): Promise<RestoreProgress> => {
  const { db, backups, name } = tools;
  const mark = markOfRestore(db);
  const manifest = await readManifest(backups, name, day);
  let position = (await mark.read())?.value ?? (await begin(tools, day));
  if (position.day !== day) throw conflict("restore_under_way", `The backup of ${position.day} is being restored.`);
  for (let steps = 0; steps < pages && position.table < parentsFirst.length; steps += 1) position = await stepOf(tools, manifest, position);
  const progress = (at: Position, done: boolean): RestoreProgress => ({ ...at, tables: parentsFirst.length, done });
  if (position.table < parentsFirst.length) return progress(position, false);

  const forgotten = await forgetErased(tools, position, manifest.started_at);
  if (!forgotten.done) return progress(forgotten.position, false);
  const givenUp = await giveUpCalls(tools, forgotten.position);
  if (!givenUp.done) return progress(givenUp.position, false);
  const restored = (await db.select({ id: tenants.id }).from(tenants).where(sql`${tenants.deleted_at} IS NULL`).all()).map(({ id }) => id);
  await db.batch([...disarming(tools), restoredAudit({ ...tools, day }, restored), mark.removing()]);
  log.info("restored", { database: name, day, rows: position.rows, left_out: position.left_out });
  return progress(position, true);
};
