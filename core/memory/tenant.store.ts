import { and, eq, isNull, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { AppError } from "../errors.ts";
import { auditIfChanged, auditRow, insertIf, type Scope } from "./database.ts";
import { newRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { audit, exports, runs, tenants } from "./schema.ts";
import { exportedTables, removableTables } from "./tenant-tables.ts";

export type Export = typeof exports.$inferSelect;

const ROWS_A_PAGE = 200;
const ROWS_A_DELETE = 500;
const EXPORT_KEPT_MS = 7 * 86_400_000;

/** The tenant as a whole: taking everything along, and removing everything. */
export const createTenantStore = (scope: Scope) => {
  const { db, d1, tenantId, clock } = scope;
  const isOpen = and(eq(tenants.id, tenantId), isNull(tenants.deleted_at));

  return {
    /** What the account is called; "" once it is being deleted. */
    name: async (): Promise<string> => (await db.select({ name: tenants.name }).from(tenants).where(isOpen).get())?.name ?? "",

    /** Opens an archive and the run that makes it, in one batch. */
    async openExport(dueInMs: number): Promise<{ opened: Export; run: QueuedRun }> {
      const now = clock.now();
      const row: Export = { id: newId("exp", now), tenant_id: tenantId, run_id: newId("run", now), created_at: now, size_bytes: null, expires_at: now + EXPORT_KEPT_MS };
      const run = newRun(scope, row.run_id, { project_id: null, task: "privacy", action: "export", params: { export_id: row.id } }, dueInMs);
      await db.batch([
        db.insert(exports).values(row),
        db.insert(runs).values(run),
        db.insert(audit).values(auditRow(scope, "export.requested", `export:${row.id}`)),
      ]);
      return { opened: row, run: queuedOf(run) };
    },
    findExport: async (id: string): Promise<Export | undefined> => db.select().from(exports).where(and(eq(exports.id, id), eq(exports.tenant_id, tenantId))).get(),
    async finishExport(id: string, sizeBytes: number): Promise<void> {
      await db.update(exports).set({ size_bytes: sizeBytes }).where(and(eq(exports.id, id), eq(exports.tenant_id, tenantId)));
    },
    async dropExport(id: string): Promise<void> {
      await db.batch([db.delete(exports).where(and(eq(exports.id, id), eq(exports.tenant_id, tenantId))), auditIfChanged(scope, "export.expired", `export:${id}`)]);
    },

    /** A page of one table's rows as they are stored, without what is secret in them. @param after the last rowid that was given; 0 to begin */
    async rowsOf(table: string, after: number): Promise<{ rows: Record<string, unknown>[]; last: number | null }> {
      const known = exportedTables().find((one) => one.name === table);
      if (!known) throw new Error(`${table} is not a table that is exported`);
      // Names come from the schema, never from outside.
      const columns = known.columns.map((column) => `"${column}"`).join(", ");
      const { results } = await d1.prepare(`SELECT rowid AS "_rowid", ${columns} FROM "${known.name}" WHERE tenant_id = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ${ROWS_A_PAGE}`).bind(tenantId, after).all();
      return { rows: results.map(({ _rowid: _, ...row }) => row), last: results.length === 0 ? null : Number(results.at(-1)?._rowid) };
    },

    /**
     * Closes the tenant for everybody and opens the run that removes all of it.
     * @param name the tenant's own, typed again by whoever means it
     * @throws AppError 422 when it is another
     */
    async beginDeletion(name: string, dueInMs: number): Promise<QueuedRun | null> {
      const tenant = await db.select({ name: tenants.name }).from(tenants).where(isOpen).get();
      if (tenant?.name !== name) throw new AppError({ code: "not_confirmed", status: 422, message: "Nothing was deleted.", errors: [{ path: "name", message: "must be the account's name" }] });
      const id = newId("run", clock.now());
      const run = newRun(scope, id, { project_id: null, task: "privacy", action: "delete_tenant", params: {} }, dueInMs);
      const [closed] = await db.batch([
        db.update(tenants).set({ deleted_at: clock.now() }).where(isOpen).returning({ id: tenants.id }),
        insertIf(db, runs, run, sql`changes() > 0`),
        auditIfChanged(scope, "tenant.deletion_requested", `tenant:${tenantId}`, { run_id: id }),
      ]);
      return closed.length > 0 ? queuedOf(run) : null;
    },

    /** Removes the tenant once more, after it came back with a backup from before its removal. Nothing when it is being removed already, or is not there. */
    async deleteAgain(dueInMs: number): Promise<void> {
      const id = newId("run", clock.now());
      await db.batch([
        db.update(tenants).set({ deleted_at: clock.now() }).where(isOpen),
        insertIf(db, runs, newRun(scope, id, { project_id: null, task: "privacy", action: "delete_tenant", params: {} }, dueInMs), sql`changes() > 0`),
        auditIfChanged(scope, "tenant.deletion_requested", `tenant:${tenantId}`, { run_id: id }),
      ]);
    },

    /** Whether the tenant's own request to be removed is on record: what a run's row says is not enough to remove everything. */
    async isBeingDeleted(): Promise<boolean> {
      return (await db.$count(tenants, and(eq(tenants.id, tenantId), sql`${tenants.deleted_at} IS NOT NULL`))) > 0;
    },

    /** Runs at work that could still write something, our own apart. */
    async busyRuns(except: string): Promise<number> {
      return db.$count(runs, and(eq(runs.tenant_id, tenantId), eq(runs.status, "running"), sql`${runs.id} <> ${except}`));
    },

    /** Removes every row but the audit log, and the run that does it. @returns rows removed, by table */
    async removeRows(except: string): Promise<Record<string, number>> {
      const removed: Record<string, number> = {};
      for (const { name, table, tenantId: column } of removableTables()) {
        const kept = name === "runs" ? sql` AND id <> ${except}` : sql``;
        for (let gone = ROWS_A_DELETE; gone === ROWS_A_DELETE; ) {
          const { meta } = await db.delete(table).where(sql`rowid IN (SELECT rowid FROM ${table} WHERE ${eq(column, tenantId)}${kept} LIMIT ${ROWS_A_DELETE})`);
          gone = meta.changes;
          removed[name] = (removed[name] ?? 0) + gone;
        }
      }
      return removed;
    },

    /** What stays is an id that once was a tenant. */
    async finishDeletion(removed: Record<string, number>): Promise<void> {
      await db.batch([db.update(tenants).set({ name: "" }).where(eq(tenants.id, tenantId)), db.insert(audit).values(auditRow(scope, "tenant.deleted", `tenant:${tenantId}`, removed))]);
    },
  };
};
