import { desc, sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** How an attempt failed. */
export interface RunTry {
  /** Which it was, from 1. */
  attempt: number;
  at: number;
  code: string;
  /** As in the run's `error`: no words of a bug's. */
  message: string;
  /** Where in our code, innermost first; null where nobody was left to say. */
  trace: string | null;
}

/** A job: its input, its claim and its outcome. The queue's message only names it. */
export const runs = sqliteTable(
  "runs",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    /** As the caller named it. No foreign key: onboarding is a run that makes its project. The dispatcher checks whose it is. */
    project_id: text(),
    task: text().notNull(),
    action: text(),
    params: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    status: text({ enum: ["queued", "running", "succeeded", "failed", "dead"] }).notNull(),
    /** Grows at every claim and fences the writes of an older one. */
    attempts: integer().notNull(),
    /** Attempts in a row that failed or died. What ends "more to do" is none of them. */
    failures: integer().notNull().default(0),
    /** What its attempts have spent on models, in micro-dollars; its parts have their own. */
    cost_micros: integer().notNull().default(0),
    /** While open: when the sweep must look at it again (next attempt, or the claim's expiry). */
    next_due_at: integer(),
    /** Since when it waits for another of the tenant's runs to end; then nothing is due before one has. */
    parked_at: integer(),
    /**
     * It goes on once fewer than so many of the tenant's are at work; of those that wait, the ones with the larger number first. Of no meaning
     * while `parked_at` is null. The default is a batch's: what was set aside before there was this column is all of batches.
     */
    parked_most: integer().notNull().default(4),
    /** When somebody called it off; its attempt at that time may still have been at work. */
    canceled_at: integer(),
    /** The request that asked for it: one search shows all that came of it. */
    request_id: text(),
    /** Same key in a tenant, same run. */
    idempotency_key: text(),
    parent_id: text(),
    progress: text({ mode: "json" }).$type<{ done: number; total: number; label: string; steps?: "parts" }>().notNull(),
    result: text({ mode: "json" }).$type<unknown>(),
    error: text({ mode: "json" }).$type<{ code: string; message: string } | null>(),
    /** Of its attempts that failed, or whose claimant died, the last ten. Goes with what it was given when a person is erased. */
    tries: text({ mode: "json" }).$type<RunTry[] | null>(),
    created_at: integer().notNull(),
    started_at: integer(),
    finished_at: integer(),
  },
  (t) => [
    index("runs_tenant").on(t.tenant_id, t.id),
    index("runs_task").on(t.project_id, t.task, t.id),
    index("runs_parent").on(t.parent_id, t.status).where(sql`parent_id IS NOT NULL`),
    index("runs_parked").on(t.tenant_id, desc(t.parked_most), t.id).where(sql`parked_at IS NOT NULL`),
    index("runs_running").on(t.tenant_id).where(sql`status = 'running'`),
    index("runs_died").on(t.finished_at).where(sql`status = 'dead'`),
    index("runs_dead").on(t.tenant_id, t.id).where(sql`status = 'dead'`),
    index("runs_due").on(t.next_due_at).where(sql`next_due_at IS NOT NULL`),
    uniqueIndex("runs_idempotency").on(t.tenant_id, t.idempotency_key).where(sql`idempotency_key IS NOT NULL`),
  ],
);
