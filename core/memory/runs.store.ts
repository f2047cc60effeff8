import { chunked } from "../chunked.ts";
import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditIfChanged, auditRow, fieldNames, listed, matching, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { audit, live_watches, runs } from "./schema.ts";

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
  | { status: "queued"; error: { code: string; message: string } | null; next_due_at: number; trace?: string | null; /** Absent: where there is an error. One that has not is taken up again as often as it likes. */ failed?: false }
  | { status: "failed" | "dead"; error: { code: string; message: string }; trace?: string | null };

type RunRow = typeof runs.$inferInsert & QueuedRun;

/** The row of a run that is to be queued. `dueInMs`: when the sweep should look, if no queue has brought it by then. */
export const newRun = ({ tenantId, clock, actor }: Pick<Scope, "tenantId" | "clock" | "actor">, id: string, input: NewRun, dueInMs: number): RunRow => {
  const now = clock.now();
  return { ...input, id, tenant_id: tenantId, status: "queued", attempts: 0, failures: 0, cost_micros: 0, request_id: actor.request_id, next_due_at: now + dueInMs, progress: { done: 0, total: 0, label: "" }, created_at: now };
};

/** A row binds some sixteen parameters, of which D1 takes 100 a statement. */
const ROWS_A_STATEMENT = 5;

/** The error of an attempt whose claimant was heard of no more, and of a run that had only such to the end: it may be what kills them. */
export const CLAIMANT_DIED = { code: "claimant_died", message: "Whoever was at it died before it had ended." };

/** The error of a run that was called off. */
export const CANCELED = { code: "canceled", message: "Somebody called it off." };

/** What a queue's message is made of. */
export type QueuedRun = Pick<Run, "id" | "tenant_id" | "attempts" | "task" | "action">;
export const queuedOf = ({ id, tenant_id, attempts, task, action }: QueuedRun): QueuedRun => ({ id, tenant_id, attempts, task, action });
const queued = { id: runs.id, tenant_id: runs.tenant_id, attempts: runs.attempts, task: runs.task, action: runs.action };

/** Of a run that fails on and on, the last say what it fails of. */
const TRIES_KEPT = 10;

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

  /** How many of the tenant's runs a live claimant has. */
  const atWork = (now: number) => sql`(SELECT count(*) FROM runs AS other WHERE other.tenant_id = ${tenantId} AND other.status = 'running' AND other.next_due_at > ${now})`;

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
    async createParts(parentId: string, parts: (Omit<NewRun, "parent_id" | "idempotency_key"> & { idempotency_key: string })[], dueInMs: number): Promise<QueuedRun[]> {
      const created: QueuedRun[] = [];
      for (const some of chunked(parts, ROWS_A_STATEMENT)) {
        const rows = some.map((part) => newRun(scope, newId("run", clock.now()), { ...part, parent_id: parentId }, dueInMs));
        const [inserted] = await db.batch([
          db.insert(runs).values(rows).onConflictDoNothing().returning(queued),
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
        .returning(queued);
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
            // A project's runs of one task have an index of their own: hunts are few among all that a business does in a day.
            matching(runs.tenant_id, tenantId, filter.project_id === undefined || filter.task === undefined),
            filter.project_id === undefined ? undefined : eq(runs.project_id, filter.project_id),
            filter.task === undefined ? undefined : eq(runs.task, filter.task),
            // Spelled out, so that SQLite recognises the index of the dead.
            filter.status === undefined ? undefined : filter.status === "dead" ? sql`status = 'dead'` : eq(runs.status, filter.status),
            page.cursor === undefined ? undefined : lt(runs.id, page.cursor),
          ),
        )
        .orderBy(desc(runs.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Dead letters of a task or project, or all of them, the oldest first. */
    async deadOf(filter: { project_id?: string | undefined; task?: string | undefined; code?: string | undefined }, limit: number): Promise<QueuedRun[]> {
      return db
        .select(queued)
        .from(runs)
        .where(
          and(
            eq(runs.tenant_id, tenantId),
            sql`status = 'dead'`,
            filter.project_id === undefined ? undefined : eq(runs.project_id, filter.project_id),
            filter.task === undefined ? undefined : eq(runs.task, filter.task),
            filter.code === undefined ? undefined : sql`json_extract(${runs.error}, '$.code') = ${filter.code}`,
          ),
        )
        .orderBy(runs.id)
        .limit(limit)
        .all();
    },

    /** Those of these ids that are there; in no order. */
    async some(ids: readonly string[]): Promise<Run[]> {
      return db.select().from(runs).where(and(eq(runs.tenant_id, tenantId), sql`${runs.id} IN ${listed(ids)}`)).all();
    },

    /** The parts of each of these runs: ids of the first two hundred, and how many are open. Those that have none are left out. */
    async families(ids: readonly string[]): Promise<Map<string, { children: string[]; open: number }>> {
      const rows = await db
        .select({ parent_id: runs.parent_id, parts: sql<string>`json_group_array(${runs.id})`, open: sql<number>`sum(${runs.status} IN ('queued', 'running'))` })
        .from(runs)
        .where(and(eq(runs.tenant_id, tenantId), sql`${runs.parent_id} IN ${listed(ids)}`))
        .groupBy(runs.parent_id)
        .all();
      return new Map(rows.map(({ parent_id, parts, open }) => [parent_id ?? "", { children: (JSON.parse(parts) as string[]).toSorted().slice(0, 200), open }]));
    },

    /**
     * Takes the run for one attempt, if it is due and nobody else has it. `attempts` grows and fences the attempt:
     * a claimant that was thought dead cannot overwrite a newer one's outcome.
     * @param attempts of which the claimant has been told; with more than that, another one has been before
     * @param most how many of the tenant's runs may be at work, this one included; absent: any number
     * @returns null when it is running elsewhere, overtaken, over, or one too many
     */
    async claim(id: string, claimForMs: number, { attempts, most }: { attempts?: number | undefined; most?: number | undefined } = {}): Promise<Run | null> {
      const now = clock.now();
      const rows = await db
        .update(runs)
        .set({
          status: "running",
          attempts: sql`${runs.attempts} + 1`,
          // Whoever held it until now is dead.
          failures: sql`${runs.failures} + (${runs.status} = 'running')`,
          tries: sql`CASE WHEN ${runs.status} = 'running' THEN json_insert(coalesce(${runs.tries}, '[]'), '$[#]', json_object('attempt', ${runs.attempts}, 'at', ${now}, 'code', ${CLAIMANT_DIED.code}, 'message', ${CLAIMANT_DIED.message}, 'trace', NULL)) ELSE ${runs.tries} END`,
          started_at: sql`coalesce(${runs.started_at}, ${now})`,
          next_due_at: now + claimForMs,
          parked_at: null,
        })
        .where(and(own(id), attempts === undefined ? undefined : eq(runs.attempts, attempts), most === undefined ? undefined : sql`${atWork(now)} < ${most}`, sql`(${runs.status} = 'queued' OR (${runs.status} = 'running' AND ${runs.next_due_at} <= ${now}))`))
        .returning();
      return rows[0] ?? null;
    },

    /**
     * Sets a run aside while `most` others of the tenant are at work, so that a tenant's many stand in nobody else's way.
     * @returns whether it was; else there is room, or nothing to set aside
     */
    async park(id: string, most: number, attempts?: number): Promise<boolean> {
      const now = clock.now();
      const rows = await db
        .update(runs)
        .set({ parked_at: now, next_due_at: null })
        .where(and(own(id), eq(runs.status, "queued"), attempts === undefined ? undefined : eq(runs.attempts, attempts), sql`${atWork(now)} >= ${most}`))
        .returning({ id: runs.id });
      return rows.length > 0;
    },

    /** Lets those go on that were set aside first, as many as there is room for, but no more than `limit`. @returns what is to be queued */
    async unpark(most: number, limit: number, dueInMs: number): Promise<QueuedRun[]> {
      const now = clock.now();
      return db
        .update(runs)
        .set({ parked_at: null, next_due_at: now + dueInMs })
        .where(sql`${runs.id} IN (SELECT id FROM runs WHERE tenant_id = ${tenantId} AND parked_at IS NOT NULL ORDER BY id LIMIT max(0, min(${limit}, ${most} - ${atWork(now)})))`)
        .returning(queued);
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

    /** Says that the attempt is still at work; changes nothing once a newer one has taken over. @returns whether it was called off */
    async extendClaim(run: Pick<Run, "id" | "attempts">, claimForMs: number): Promise<boolean> {
      const [row] = await db
        .update(runs)
        .set({ next_due_at: clock.now() + claimForMs })
        .where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running")))
        .returning({ canceled_at: runs.canceled_at });
      return (row?.canceled_at ?? null) !== null;
    },

    /**
     * Writes down how far an attempt is, if somebody watches its project: then it is a change like any other (schema/live.ts). While
     * nobody does, nothing is written. No audit: the work's own steps have theirs.
     * @returns whether it was
     */
    async noteProgress(run: Pick<Run, "id" | "attempts">, progress: Run["progress"]): Promise<boolean> {
      const isWatched = sql`EXISTS (SELECT 1 FROM ${live_watches} WHERE ${live_watches.project_id} = ${runs.project_id} AND ${live_watches.tenant_id} = ${runs.tenant_id} AND ${live_watches.active} = 1)`;
      const rows = await db.update(runs).set({ progress }).where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running"), isWatched)).returning({ id: runs.id });
      return rows.length > 0;
    },

    /**
     * Ends the attempt. One that would be taken up again ends for good where the run was called off meanwhile.
     * @returns what has become of the run, and whether any of the tenant's were set aside and wait; null when a newer attempt has taken over
     */
    async finish(run: Pick<Run, "id" | "attempts" | "tries">, outcome: RunOutcome, progress: Run["progress"]): Promise<{ run: Run; othersWait: boolean } | null> {
      const now = clock.now();
      const isCanceled = sql`${runs.canceled_at} IS NOT NULL`;
      const again = outcome.status === "queued";
      const error = outcome.status === "succeeded" ? null : outcome.error;
      const counted = again && outcome.failed === false ? sql`${runs.failures}` : sql`${runs.failures} + 1`;
      const failures = error === null ? 0 : counted;
      // The claim has read what there were, and this is written only while it holds.
      const has = outcome.status === "succeeded" || outcome.error === null || (outcome.status === "queued" && outcome.failed === false) ? [] : [{ attempt: run.attempts, at: now, ...outcome.error, trace: outcome.trace ?? null }];
      const tries = has.length === 0 ? undefined : [...(run.tries ?? []), ...has].slice(-TRIES_KEPT);
      const end = { progress, failures, tries, result: outcome.status === "succeeded" ? outcome.result : null };
      const change = again
        ? {
            ...end,
            status: sql`CASE WHEN ${isCanceled} THEN 'failed' ELSE 'queued' END`,
            error: sql`CASE WHEN ${isCanceled} THEN ${JSON.stringify(CANCELED)} ELSE ${error === null ? null : JSON.stringify(error)} END`,
            next_due_at: sql`CASE WHEN ${isCanceled} THEN NULL ELSE ${outcome.next_due_at} END`,
            finished_at: sql`CASE WHEN ${isCanceled} THEN ${now} ELSE NULL END`,
          }
        : { ...end, status: outcome.status, error, next_due_at: null, finished_at: now };
      // In one request, since every job pays for it. A run is set aside only while this one still counts as at work, so none is missed.
      const [[ended], parked] = await db.batch([
        db.update(runs).set(change).where(and(own(run.id), eq(runs.attempts, run.attempts), eq(runs.status, "running"))).returning(),
        db.select({ id: runs.id }).from(runs).where(and(eq(runs.tenant_id, tenantId), sql`${runs.parked_at} IS NOT NULL`)).limit(1),
      ]);
      return ended === undefined ? null : { run: ended, othersWait: parked.length > 0 };
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
