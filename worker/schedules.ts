import { describeError } from "../core/errors.ts";
import { QUEUE_PATIENCE_MS } from "../core/kernel/jobs.ts";
import { logger } from "../core/log.ts";
import { listOfReachable } from "../core/memory/across.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { Schedule } from "../core/memory/schedules.store.ts";
import { nextDue, runOfSlot, slotKey } from "../core/schedule/jobs.ts";
import type { Services } from "./services.ts";

const log = logger("schedule");

const SLOTS_A_SWEEP = 50;
/** A slot that cannot even be looked at makes room for the others. */
const PUT_OFF_MS = 600_000;

type Tools = Pick<Services, "memory" | "dna" | "jobs" | "clock">;

const takeSlot = async ({ memory, dna, jobs, clock }: Tools, { closed, ...due }: Schedule & { closed: boolean }): Promise<void> => {
  const store = memory.for(due.tenant_id, systemActor("schedule"));
  try {
    const project = await store.projects.get(due.project_id);
    const next = nextDue(due.job, project.id, await dna.load(project), clock.now());
    // One that still is at it is not overtaken by the next.
    const before = due.last_at === null ? undefined : await store.runs.withKey(slotKey(project.id, due.job, due.last_at));
    const isBusy = before?.status === "queued" || before?.status === "running";
    const run = await store.schedules.take(due, next, closed || isBusy ? null : runOfSlot(project.id, due.job, due.due_at), QUEUE_PATIENCE_MS);
    if (run !== null) await jobs.enqueue({ id: run, tenant_id: due.tenant_id });
    else if (isBusy) log.warn("slot passed over: the one before is not over", { project_id: project.id, tenant_id: due.tenant_id, job: due.job });
  } catch (error) {
    log.error("slot not taken", { project_id: due.project_id, tenant_id: due.tenant_id, job: due.job, error: describeError(error) });
    await store.schedules.postpone(due, clock.now() + PUT_OFF_MS);
  }
};

/**
 * Begins what is due by projects' schedules, each slot once. Slots that were missed while no sweep ran are made good by one run; those of a
 * tenant that is suspended are passed over.
 */
export const runSchedules = async (services: Tools): Promise<void> => {
  const due = await listOfReachable(services.memory.housekeepings, async (one) => one.dueSlots(SLOTS_A_SWEEP));
  await Promise.all(due.map(async (slot) => takeSlot(services, slot)));
};
