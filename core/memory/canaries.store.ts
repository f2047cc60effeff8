import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import type { Call } from "./calls.store.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import type { Project } from "./projects.store.ts";
import { newRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { calls, entities, projects, runs } from "./schema.ts";

/** A canary is known by the time at which it was sent off; its lead and its check bear it. */
export const canaryKey = (sentAt: number): string => `canary:${sentAt}`;
/** One check a canary, and only one that was opened with it: whoever else asks for a check bears no such key. */
export const canaryCheckKey = (projectId: string, sentAt: number): string => `canary-check:${projectId}:${sentAt}`;

export const canaryCheckRun = (projectId: string, sentAt: number) => ({
  project_id: projectId,
  task: "lead_gen_manager",
  action: "canary_check",
  params: { sent_at: sentAt },
  idempotency_key: canaryCheckKey(projectId, sentAt),
});

export const createCanariesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string) => and(eq(projects.id, projectId), eq(projects.tenant_id, tenantId));

  return {
    /**
     * Takes a due canary: moves the project to its next one and, in the same batch, opens the run that sends it and the run
     * that judges it. So each day's canary is sent once, however many sweeps see it, and none is sent without being judged.
     * @param next when the one after is due; null when the DNA asks for no canary any more: then this one is dropped too
     * @param dueInMs when the sweep should look at the two runs, ms from now
     * @returns the run to queue; null when there is none, or another sweep was first
     */
    async take({ id, canary_due_at: due }: Pick<Project, "id" | "canary_due_at">, next: number | null, dueInMs: { send: number; check: number }): Promise<QueuedRun | null> {
      if (due === null) return null;
      const sentAt = clock.now();
      const move = db.update(projects).set({ canary_due_at: next }).where(and(own(id), eq(projects.canary_due_at, due)));
      if (next === null) {
        await move;
        return null;
      }
      const runId = newId("run", sentAt);
      const send = { ...newRun(scope, runId, { project_id: id, task: "lead_gen_manager", action: "canary", params: {} }, dueInMs.send), created_at: sentAt };
      const check = newRun(scope, newId("run", sentAt), canaryCheckRun(id, sentAt), dueInMs.check);
      const [, sent] = await db.batch([
        move,
        insertIf(db, runs, send, sql`changes() > 0`),
        insertIf(db, runs, check, sql`changes() > 0`),
        auditIfChanged(scope, "canary.sent", `project:${id}`, { run_id: runId, check_run_id: check.id }),
      ]);
      return sent.meta.changes > 0 ? queuedOf(send) : null;
    },

    /** One that cannot even be looked at makes room for the others. */
    async postpone({ id, canary_due_at: due }: Pick<Project, "id" | "canary_due_at">, until: number): Promise<void> {
      if (due !== null) await db.update(projects).set({ canary_due_at: until }).where(and(own(id), eq(projects.canary_due_at, due)));
    },

    /** The call of the canary that was sent at that time; undefined when it never got that far. */
    async callOf(projectId: string, sentAt: number): Promise<Call | undefined> {
      const row = await db
        .select({ call: calls })
        .from(entities)
        .innerJoin(calls, and(eq(calls.lead_id, entities.id), eq(calls.tenant_id, tenantId)))
        .where(and(eq(entities.project_id, projectId), eq(entities.dedupe_key, canaryKey(sentAt)), eq(sql`+${entities.tenant_id}`, tenantId)))
        .orderBy(calls.id)
        .limit(1)
        .get();
      return row?.call;
    },

    /** Keeps what was found of a canary, with its audit row; of one that is judged already, or older than that, nothing. */
    async judge(projectId: string, sentAt: number, { ok, detail, call_id }: { ok: boolean; detail: string; call_id: string | null }): Promise<void> {
      await db.batch([
        db
          .update(projects)
          .set({ canary_last_at: sentAt, canary_failed_at: ok ? null : sentAt, canary_detail: detail })
          .where(and(own(projectId), or(isNull(projects.canary_last_at), lt(projects.canary_last_at, sentAt)))),
        auditIfChanged(scope, ok ? "canary.passed" : "canary.failed", `project:${projectId}`, { sent_at: sentAt, call_id, detail }),
      ]);
    },
  };
};
