import type { Scope } from "./database.ts";
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
  | { status: "queued"; error: { code: string; message: string } | null; next_due_at: number; trace?: string | null; /** Absent: where there is an error. One that has not is taken up again as often as it likes. */ failed?: false }
  | { status: "failed" | "dead"; error: { code: string; message: string }; trace?: string | null };

type RunRow = typeof runs.$inferInsert & QueuedRun;

/** The row of a run that is to be queued. `dueInMs`: when the sweep should look, if no queue has brought it by then. */
export const newRun = ({ tenantId, clock, actor }: Pick<Scope, "tenantId" | "clock" | "actor">, id: string, input: NewRun, dueInMs: number): RunRow => {
  const now = clock.now();
  return { ...input, id, tenant_id: tenantId, status: "queued", attempts: 0, failures: 0, cost_micros: 0, request_id: actor.request_id, next_due_at: now + dueInMs, progress: { done: 0, total: 0, label: "" }, created_at: now };
};

/** The error of an attempt whose claimant was heard of no more, and of a run that had only such to the end: it may be what kills them. */
export const CLAIMANT_DIED = { code: "claimant_died", message: "Whoever was at it died before it had ended." };

/** The error of a run that was called off. */
export const CANCELED = { code: "canceled", message: "Somebody called it off." };

/** What a queue's message is made of. */
export type QueuedRun = Pick<Run, "id" | "tenant_id" | "attempts" | "task" | "action">;
export const queuedOf = ({ id, tenant_id, attempts, task, action }: QueuedRun): QueuedRun => ({ id, tenant_id, attempts, task, action });
export const queuedColumns = { id: runs.id, tenant_id: runs.tenant_id, attempts: runs.attempts, task: runs.task, action: runs.action };
