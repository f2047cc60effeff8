import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditIfChanged, listed, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { runs } from "./schema.ts";

export type Run = typeof runs.$inferSelect;
export type RunStatus = Run["status"];

export interface NewRun {
  project_id: string | null;
  task: string;
  action: string | null;
  params: Record<string, unknown>;
  /** Same key in a tenant: the run that is already there is returned. */
  idempotency_key?: string;
  /** The run that it is a part of, which is woken once all its parts are over. */
  parent_id?: string;
}

/** What whoever waits for a run wants to know. */
export type RunSummary = Pick<Run, "id" | "status" | "error" | "finished_at">;

export type RunOutcome =
  | { status: "succeeded"; result: unknown }
  /** It is taken up again: after a failure, or (`error` null) because there is more to do. */
  | { status: "queued"; error: { code: string; message: string } | null; next_due_at: number }
  | { status: "failed" | "dead"; error: { code: string; message: string } };

/** The row of a run that is to be queued. `dueInMs`: when the sweep should look, if no queue has brought it by then. */
export const newRun = ({ tenantId, clock }: Pick<Scope, "tenantId" | "clock">, id: string, input: NewRun, dueInMs: number): typeof runs.$inferInsert => {
  const now = clock.now();
  return { ...input, id, tenant_id: tenantId, status: "queued", attempts: 0, failures: 0, cost_micros: 0, next_due_at: now + dueInMs, progress: { done: 0, total: 0, label: "" }, created_at: now };
};

/** A row binds a dozen parameters, of which D1 takes 100 a statement. */
const ROWS_A_STATEMENT = 6;

/** Of one run; nothing has more. */
const MOST_PARTS = 1000;

export const createRunsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(runs.id, id), eq(runs.tenant_id, tenantId));
  const find = async (id: string): Promise<Run | undefined> => db.select().from(runs).where(own(id)).get();
  const get = async (id: string): Promise<Run> => {
    const run = await find(id);
    if (!run) throw notFound("run");
    return run;
  };

  const withKey = async (key: string): Promise<Run | undefined> =>
    db
      .select()
      .from(runs)
      .where(and(eq(runs.tenant_id, tenantId), eq(runs.idempotency_key, key)))
      .get();

  return {
    find,
    get,
    /** The run that was asked for under an idempotency key. */
    withKey,

    /** The runs that were asked for under some of these idempotency keys, by key. */
    async withKeys(keys: readonly string[]): Promise<Map<string, RunSummary>> {
      if (keys.length === 0) return new Map();
      const rows = await db
        .select({ id: runs.id, status: runs.status, error: runs.error, finished_at: runs.finished_at, key: runs.idempotency_key })
        .from(runs)
        .where(and(eq(runs.tenant_id, tenantId), sql`${runs.idempotency_key} IN ${listed(keys)}`))
        .all();
      return new Map(rows.map(({ key, ...run }) => [key ?? "", run]));
    },

    /** Written before anything is queued: the queue's message only names the row. */
    async create(input: NewRun, dueInMs: number): Promise<{ run: Run; created: boolean }> {
      const row = newRun(scope, newId("run", clock.now()), input, dueInMs);
      const [[run]] = await db.batch([
        db.insert(runs).values(row).onConflictDoNothing().returning(),
        auditIfChanged(scope, "run.queued", `run:${row.id}`, { task: row.task, action: row.action }),
      ]);
      if (run) return { run, created: true };
      const existing = await withKey(input.idempotency_key ?? "");
      if (!existing) throw new Error("a run was neither stored nor found under its idempotency key");
      return { run: existing, created: false };
    },

    /**
     * Writes the parts of a run, at once and each only once: one whose idempotency key is known is left as it is.
     * @returns those that are new
     */
    async createParts(parentId: string, parts: (Omit<NewRun, "parent_id" | "idempotency_key"> & { idempotency_key: string })[], dueInMs: number): Promise<Pick<Run, "id" | "tenant_id">[]> {
      const created: Pick<Run, "id" | "tenant_id">[] = [];
      for (let at = 0; at < parts.length; at += ROWS_A_STATEMENT) {
        const rows = parts.slice(at, at + ROWS_A_STATEMENT).map((part) => newRun(scope, newId("run", clock.now()), { ...part, parent_id: parentId }, dueInMs));
        const [inserted] = await db.batch([
          db.insert(runs).values(rows).onConflictDoNothing().returning({ id: runs.id, tenant_id: runs.tenant_id }),
          auditIfChanged(scope, "run.parts_queued", `run:${parentId}`, { task: rows[0]?.task, parts: rows.length }),
        ]);
        created.push(...inserted);
      }
      return created;
    },

    /** Brings a waiting run forward whose parts are all over. @returns null when it is not waiting, or has parts that are open */
    async wake(id: string): Promise<Pick<Run, "id" | "tenant_id" | "attempts"> | null> {
      const rows = await db
        .update(runs)
        .set({ next_due_at: clock.now() })
        .where(and(own(id), eq(runs.status, "queued"), sql`NOT EXISTS (SELECT 1 FROM runs AS part WHERE part.parent_id = ${id} AND part.status IN ('queued', 'running'))`))
        .returning({ id: runs.id, tenant_id: runs.tenant_id, attempts: runs.attempts });
      return rows[0] ?? null;
    },

    /** How many parts of a run there are, by their status. */
    async partsOf(id: string): Promise<Partial<Record<RunStatus, number>>> {
      const rows = await db.select({ status: runs.status, parts: sql<number>`count(*)` }).from(runs).where(and(eq(runs.parent_id, id), eq(runs.tenant_id, tenantId))).groupBy(runs.status).all();
      return Object.fromEntries(rows.map(({ status, parts }) => [status, parts]));
    },

    /** The parts of a run, oldest first, with what came of each. */
    async parts(id: string): Promise<Pick<Run, "id" | "task" | "action" | "idempotency_key" | "status" | "result" | "error">[]> {
      return db
        .select({ id: runs.id, task: runs.task, action: runs.action, idempotency_key: runs.idempotency_key, status: runs.status, result: runs.result, error: runs.error })
        .from(runs)
        .where(and(eq(runs.parent_id, id), eq(runs.tenant_id, tenantId)))
        .orderBy(runs.id)
        .limit(MOST_PARTS)
        .all();
    },

    async list(filter: { project_id?: string | undefined; task?: string | undefined; status?: RunStatus | undefined }, page: PageRequest): Promise<Page<Run>> {
      const rows = await db
        .select()
        .from(runs)
        .where(
          and(
            eq(runs.tenant_id, tenantId),
            filter.project_id === undefined ? undefined : eq(runs.project_id, filter.project_id),
            filter.task === undefined ? undefined : eq(runs.task, filter.task),
            filter.status === undefined ? undefined : eq(runs.status, filter.status),
            page.cursor === undefined ? undefined : lt(runs.id, page.cursor),
          ),
        )
        .orderBy(desc(runs.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Those of these ids that are there; in no order. */
    async some(ids: readonly string[]): Promise<Run[]> {
      return db.select().from(runs).where(and(eq(runs.tenant_id, tenantId), sql`${runs.id} IN ${listed(ids)}`)).all();
    },

    async children(id: string): Promise<string[]> {
      const rows = await db.select({ id: runs.id }).from(runs).where(and(eq(runs.parent_id, id), eq(runs.tenant_id, tenantId))).limit(200).all();
      return rows.map((row) => row.id);
    },

    /**
     * Takes the run for one attempt, if it is due and nobody else has it. `attempts` grows and fences the attempt:
     * a claimant that was thought dead cannot overwrite a newer one's outcome.
     * @param attempts of which the claimant has been told; with more than that, another one has been before
     * @returns null when it is running elsewhere, overtaken, or over
     */
    async claim(id: string, claimForMs: number, attempts?: number): Promise<Run | null> {
      const now = clock.now();
      const rows = await db
        .update(runs)
        .set({
          status: "running",
          attempts: sql`${runs.attempts} + 1`,
          // Whoever held it until now is dead.
          failures: sql`${runs.failures} + (${runs.status} = 'running')`,
          started_at: sql`coalesce(${runs.started_at}, ${now})`,
          next_due_at: now + claimForMs,
        })
        .where(and(own(id), attempts === undefined ? undefined : eq(runs.attempts, attempts), sql`(${runs.status} = 'queued' OR (${runs.status} = 'running' AND ${runs.next_due_at} <= ${now}))`))
        .returning();
      return rows[0] ?? null;
    },

    /** Says that the attempt is still at work; changes nothing once a newer one has taken over. */
    async extendClaim(run: Pick<Run, "id" | "attempts">, claimForMs: number): Promise<void> {
      await db
        .update(runs)
        .set({ next_due_at: clock.now() + claimForMs })
        .where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running")));
    },

    /** Ends the attempt. @returns false when a newer attempt has taken over */
    async finish(run: Pick<Run, "id" | "attempts">, outcome: RunOutcome, progress: Run["progress"]): Promise<boolean> {
      const over = outcome.status !== "queued";
      const rows = await db
        .update(runs)
        .set({
          status: outcome.status,
          result: outcome.status === "succeeded" ? outcome.result : null,
          error: outcome.status === "succeeded" ? null : outcome.error,
          failures: outcome.status === "succeeded" || outcome.error === null ? 0 : sql`${runs.failures} + 1`,
          next_due_at: outcome.status === "queued" ? outcome.next_due_at : null,
          finished_at: over ? clock.now() : null,
          progress,
        })
        .where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running")))
        .returning({ id: runs.id });
      return rows.length > 0;
    },

    /** Puts a failed or dead run back with its original input. @returns false when it is neither */
    async requeue(id: string, dueInMs: number): Promise<boolean> {
      const [rows] = await db.batch([
        db
          .update(runs)
          .set({ status: "queued", error: null, failures: 0, finished_at: null, next_due_at: clock.now() + dueInMs })
          .where(and(own(id), inArray(runs.status, ["failed", "dead"])))
          .returning({ id: runs.id }),
        auditIfChanged(scope, "run.retried", `run:${id}`),
      ]);
      return rows.length > 0;
    },
  };
};
