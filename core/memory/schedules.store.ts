import { and, eq, type SQL, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import type { ScheduledJob } from "../schedule/scheduled-job.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { newRun, type NewRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { runs, schedules } from "./schema.ts";

export type Schedule = Pick<typeof schedules.$inferSelect, "project_id" | "tenant_id" | "job" | "due_at" | "last_at">;

/** When each job is due next, ms; null: it is not asked for. */
export type Dues = Partial<Record<ScheduledJob, number | null>>;

/**
 * Statements that make a project's schedules what they should be, for the batch that changes what they should be. A slot that is due
 * already is not taken away by a later one; a job that is not asked for any more has none.
 */
export const followDues = ({ db, tenantId, clock }: Pick<Scope, "db" | "tenantId" | "clock">, projectId: string, dues: Dues, condition: SQL) =>
  (Object.entries(dues) as [ScheduledJob, number | null][]).map(([job, due_at]) =>
    due_at === null
      ? db.delete(schedules).where(and(eq(schedules.project_id, projectId), eq(schedules.job, job), eq(schedules.tenant_id, tenantId), condition))
      : insertIf(db, schedules, { project_id: projectId, tenant_id: tenantId, job, due_at, last_at: null }, condition).onConflictDoUpdate({
          target: [schedules.project_id, schedules.job],
          set: { due_at: sql`CASE WHEN ${schedules.due_at} <= ${clock.now()} THEN ${schedules.due_at} ELSE excluded.due_at END` },
          setWhere: eq(schedules.tenant_id, tenantId),
        }),
  );

export const createSchedulesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = ({ project_id, job }: Pick<Schedule, "project_id" | "job">) => and(eq(schedules.project_id, project_id), eq(schedules.job, job), eq(schedules.tenant_id, tenantId));

  return {
    /**
     * Takes a slot: moves the job to its next one and, in the same batch, opens the slot's run. So each slot has one run, however many
     * sweeps see it; what was missed in between has none.
     * @param next when the job is due next; null: it is not asked for any more, and this slot is dropped too
     * @param run of the slot; null: it is passed over
     * @returns the run to queue; null when there is none, or another sweep was first
     */
    async take(due: Schedule, next: number | null, run: (NewRun & { idempotency_key: string }) | null, dueInMs: number): Promise<QueuedRun | null> {
      const atSlot = and(own(due), eq(schedules.due_at, due.due_at));
      if (next === null) {
        await db.delete(schedules).where(atSlot);
        return null;
      }
      const id = newId("run", clock.now());
      const move = db.update(schedules).set({ due_at: next, ...(run === null ? {} : { last_at: due.due_at }) }).where(atSlot);
      if (run === null) {
        await move;
        return null;
      }
      const slotRun = newRun(scope, id, run, dueInMs);
      const [, opened] = await db.batch([
        move,
        insertIf(db, runs, slotRun, sql`changes() > 0`).onConflictDoNothing(),
        auditIfChanged(scope, "schedule.due", `project:${due.project_id}`, { job: due.job, slot: due.due_at, run_id: id }),
      ]);
      return opened.meta.changes > 0 ? queuedOf(slotRun) : null;
    },

    /** One that cannot even be looked at makes room for the others. */
    async postpone(due: Schedule, until: number): Promise<void> {
      await db.update(schedules).set({ due_at: until }).where(and(own(due), eq(schedules.due_at, due.due_at)));
    },

    /** Makes a project's schedules what its DNA says, where they are not. */
    async follow(projectId: string, dues: Dues): Promise<void> {
      const [first, ...others] = followDues(scope, projectId, dues, sql`1`);
      if (first !== undefined) await db.batch([first, ...others]);
    },

    async ofProject(projectId: string): Promise<Schedule[]> {
      return db.select().from(schedules).where(and(eq(schedules.project_id, projectId), eq(schedules.tenant_id, tenantId))).orderBy(schedules.job).all();
    },
  };
};
