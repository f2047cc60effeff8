import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { chunked } from "../chunked.ts";
import { newId } from "../ids.ts";
import { auditIfChanged, auditRow, fieldNames, type Scope } from "./database.ts";
import { createRunAttempts } from "./runs.attempts.ts";
import { createRunLookups } from "./runs.lookups.ts";
import { CANCELED, newRun, type NewRun, queuedColumns, type QueuedRun, type Run } from "./runs.row.ts";
import { audit, runs } from "./schema.ts";

export * from "./runs.row.ts";

/** A row binds some sixteen parameters, of which D1 takes 100 a statement. */
const ROWS_A_STATEMENT = 5;

export const createRunsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(runs.id, id), eq(runs.tenant_id, tenantId));
  const lookups = createRunLookups(scope);

  return {
    ...lookups,
    ...createRunAttempts(scope),

    /** Written before anything is queued: the queue's message only names the row. */
    async create(input: NewRun, dueInMs: number): Promise<{ run: Run; created: boolean }> {
      const row = newRun(scope, newId("run", clock.now()), input, dueInMs);
      const [[run]] = await db.batch([
        db.insert(runs).values(row).onConflictDoNothing().returning(),
        auditIfChanged(scope, "run.queued", `run:${row.id}`, { task: row.task, action: row.action }),
      ]);
      if (run) return { run, created: true };
      const existing = await lookups.withKey(input.idempotency_key ?? "");
      if (!existing) throw new Error("a run was neither stored nor found under its idempotency key");
      return { run: existing, created: false };
    },

    /**
     * Writes the parts of a run, at once and each only once: one whose idempotency key is known is left as it is.
     * @returns those that are new
     */
    async createParts(parentId: string, parts: (Omit<NewRun, "parent_id" | "idempotency_key"> & { idempotency_key: string })[], dueInMs: number): Promise<QueuedRun[]> {
      const created: QueuedRun[] = [];
      for (const some of chunked(parts, ROWS_A_STATEMENT)) {
        const rows = some.map((part) => newRun(scope, newId("run", clock.now()), { ...part, parent_id: parentId }, dueInMs));
        const [inserted] = await db.batch([
          db.insert(runs).values(rows).onConflictDoNothing().returning(queuedColumns),
          auditIfChanged(scope, "run.parts_queued", `run:${parentId}`, { task: rows[0]?.task, parts: rows.length }),
        ]);
        created.push(...inserted);
      }
      return created;
    },

    /**
     * Brings a waiting run forward whose parts are all over. @returns null when it is not waiting, or has parts that are open
     * @param since ms: only if one of them has ended from then on
     */
    async wake(id: string, since?: number): Promise<QueuedRun | null> {
      const recent = since === undefined ? undefined : sql`EXISTS (SELECT 1 FROM runs AS part WHERE part.parent_id = ${id} AND part.finished_at >= ${since})`;
      const rows = await db
        .update(runs)
        .set({ next_due_at: clock.now(), parked_at: null })
        .where(and(own(id), eq(runs.status, "queued"), sql`NOT EXISTS (SELECT 1 FROM runs AS part WHERE part.parent_id = ${id} AND part.status IN ('queued', 'running'))`, recent))
        .returning(queuedColumns);
      return rows[0] ?? null;
    },

    /**
     * Calls a run off, and all that are parts of it: what waits ends `failed` with the code `canceled`, what is at work is told so.
     * What is over stays as it is. Safe to repeat.
     * @returns how many waited, and how many are at work still
     */
    async cancel(id: string): Promise<{ ended: number; told: number }> {
      const now = clock.now();
      const inTree = sql`${runs.id} IN (
        WITH RECURSIVE tree(id) AS (SELECT id FROM runs WHERE id = ${id} AND tenant_id = ${tenantId} UNION ALL SELECT part.id FROM runs AS part JOIN tree ON part.parent_id = tree.id AND part.tenant_id = ${tenantId})
        SELECT id FROM tree)`;
      const [ended, told] = await db.batch([
        db.update(runs).set({ status: "failed", error: CANCELED, canceled_at: now, parked_at: null, next_due_at: null, finished_at: now }).where(and(inTree, eq(runs.status, "queued"))).returning({ id: runs.id }),
        db.update(runs).set({ canceled_at: now }).where(and(inTree, eq(runs.status, "running"), isNull(runs.canceled_at))).returning({ id: runs.id }),
        db.insert(audit).values(auditRow(scope, "run.canceled", `run:${id}`)),
      ]);
      return { ended: ended.length, told: told.length };
    },

    /**
     * Puts a failed or dead run back.
     * @param params in place of its original input; checked by the caller
     * @returns false when it is neither
     */
    async requeue(id: string, dueInMs: number, params?: Record<string, unknown>): Promise<boolean> {
      const [rows] = await db.batch([
        db
          .update(runs)
          .set({ status: "queued", error: null, failures: 0, finished_at: null, canceled_at: null, next_due_at: clock.now() + dueInMs, ...(params === undefined ? {} : { params }) })
          .where(and(own(id), inArray(runs.status, ["failed", "dead"])))
          .returning({ id: runs.id }),
        auditIfChanged(scope, "run.retried", `run:${id}`, params === undefined ? {} : { edited: fieldNames(params) }),
      ]);
      return rows.length > 0;
    },
  };
};
