import { type AnyColumn, eq, getTableColumns, type InferInsertModel, is, SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { drizzle } from "drizzle-orm/d1";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Clock } from "../clock.ts";
import { newId } from "../ids.ts";
import type { Actor } from "./actor.ts";
import type { Claims } from "./claims.ts";
import * as schema from "./schema.ts";

export const openDatabase = (d1: D1Database) => drizzle(d1, { schema });
export type Database = ReturnType<typeof openDatabase>;

/** What every store of a tenant is made from. */
export interface Scope {
  db: Database;
  d1: D1Database;
  clock: Clock;
  tenantId: string;
  actor: Actor;
  /** For names that are had once in a region. */
  claims: Claims;
  /** The region's other databases; none as a rule. */
  others: readonly Database[];
}

export interface Page<T> {
  items: T[];
  /** Pass it back as `cursor` to go on; null at the end. */
  next_cursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** The cursor is the last id shown: ids sort by time, so rows that are added meanwhile never shift a page. */
export const toPage = <T extends { id: string }>(rows: T[], limit: number): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? last.id : null };
};

/** An audit row of this scope, to be written in the same batch as what it records. `details` hold ids, never personal data. */
export const auditRow = (
  scope: Pick<Scope, "clock" | "tenantId" | "actor">,
  action: string,
  resource: string,
  details: Record<string, unknown> = {},
): typeof schema.audit.$inferInsert => {
  const at = scope.clock.now();
  return { id: newId("aud", at), tenant_id: scope.tenantId, at, ...scope.actor, action, resource, details };
};

/** A row of which some values may be left for the database to find. */
export type Insertable<Table extends SQLiteTable> = { [Column in keyof InferInsertModel<Table>]: InferInsertModel<Table>[Column] | SQL };
/** Which fields were changed, for an audit row. A caller may name a field after a person: what does not look like a field's name is not written down. */
export const fieldNames = (change: Record<string, unknown>): string[] => Object.keys(change).map((name) => (/^[a-z][a-z0-9_]{0,39}$/.test(name) ? name : "(other)"));

/**
 * Inserts a row, with a column's default where the row names none, if a condition holds when the statement's turn in the batch comes; a batch
 * is a transaction, so that what earlier statements did decides. (A raw `db.run` with parameters cannot be part of drizzle's D1 batch; this can.)
 */
export const insertIf = <Table extends SQLiteTable>(db: Database, table: Table, row: Insertable<Table>, condition: SQL) => {
  const columns = Object.entries<SQLiteColumn>(getTableColumns(table)).filter(([, column]) => column.generated === undefined);
  const given: Record<string, unknown> = row;
  const values = columns.map(([name, column]) => {
    const value = given[name] ?? column.default;
    return value === undefined || value === null ? sql`NULL` : is(value, SQL) ? value : sql`${sql.param(value, column)}`;
  });
  return db.insert(table).select(sql`SELECT ${sql.join(values, sql`, `)} WHERE ${condition}`);
};

/**
 * Inserts any number of rows by one statement and parameter; `condition` may ask about a row, which is `value` (JSON). Columns that are
 * not named are NULL.
 */
export const insertRowsIf = (db: Database, table: SQLiteTable, rows: readonly Record<string, string | number | null>[], condition: SQL) => {
  const columns = Object.entries<SQLiteColumn>(getTableColumns(table)).filter(([, column]) => column.generated === undefined);
  const values = columns.map(([name]) => sql`json_extract(value, ${sql.raw(`'$.${name}'`)})`);
  return db.insert(table).select(sql`SELECT ${sql.join(values, sql`, `)} FROM json_each(${JSON.stringify(rows)}) WHERE ${condition}`);
};

/** A batch of what was made up elsewhere. */
export const writeAll = async ({ db }: Pick<Scope, "db">, statements: BatchItem<"sqlite">[]): Promise<void> => {
  const [first, ...rest] = statements;
  if (first) await db.batch([first, ...rest]);
};

/**
 * An audit row for a statement that may have changed nothing: written only if the statement right before it in the batch
 * did. Triggers' own writes do not count (SQLite, `changes()`).
 */
export const auditIfChanged = (scope: Pick<Scope, "db" | "clock" | "tenantId" | "actor">, action: string, resource: string, details: Record<string, unknown> = {}) =>
  insertIf(scope.db, schema.audit, auditRow(scope, action, resource, details), sql`changes() > 0`);

/** Several of them, by one statement. */
export const auditRowsIfChanged = (scope: Pick<Scope, "db" | "clock" | "tenantId" | "actor">, notes: readonly { action: string; resource: string; details: Record<string, unknown> }[]) =>
  insertRowsIf(scope.db, schema.audit, notes.map(({ action, resource, details }) => ({ ...auditRow(scope, action, resource), details: JSON.stringify(details) })), sql`changes() > 0`);

/**
 * A filter of a list; none when `value` is undefined. With `byIndex` false the planner must not choose an index by it:
 * where a narrower one is at hand too (a project's, say), SQLite without statistics may else walk all of the tenant's rows.
 */
export const matching = (column: AnyColumn, value: string | undefined, byIndex: boolean): SQL | undefined => {
  if (value === undefined) return undefined;
  return byIndex ? eq(column, value) : sql`+${column} = ${value}`;
};

/** For `IN`: a list of ids as one JSON text, since D1 takes 100 parameters a statement. */
export const listed = (values: readonly string[]): SQL => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

/** A lead's metadata with a change laid over it (RFC 7396), by the database: what is not named stays. */
export const patched = (change: Record<string, unknown>): SQL => sql`json_patch(${schema.entities.metadata}, ${JSON.stringify(change)})`;
