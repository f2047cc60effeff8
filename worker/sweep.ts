import { startCall } from "../agents/lead-gen/start-call.ts";
import { describeError } from "../core/errors.ts";
import { QUEUE_PATIENCE_MS } from "../core/kernel/jobs.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import { keepHouse } from "./housekeeping.ts";
import type { Services } from "./services.ts";

const log = logger("sweep");

const BATCH = 100;
/** A duty that cannot even be looked at makes room for the others. */
const PUT_OFF_MS = 60_000;
const DAY_MS = 86_400_000;

type DueCall = Awaited<ReturnType<Services["memory"]["directory"]["dueCalls"]>>[number];

const lookAfterCall = async ({ memory, dna, bridgeCalls, clock }: Services, due: DueCall): Promise<void> => {
  const store = memory.for(due.tenant_id, systemActor("sweep"));
  try {
    if (await bridgeCalls.poke({ tenant_id: due.tenant_id, project_id: due.project_id, call_id: due.id })) return;
    // The object has never heard of it: the Worker died between storing the duty and handing it over.
    const call = await store.calls.get(due.id);
    const project = await store.projects.get(call.project_id);
    await startCall({ memory: store, bridgeCalls }, { project_id: project.id, lead_id: due.lead_id, dna: await dna.load(project) });
    log.warn("lost duty handed over", { call_id: due.id, lead_id: due.lead_id, tenant_id: due.tenant_id });
  } catch (error) {
    log.error("duty not looked after", { call_id: due.id, lead_id: due.lead_id, tenant_id: due.tenant_id, error: describeError(error) });
    await store.calls.postpone(due.id, clock.now() + PUT_OFF_MS);
  }
};

/**
 * Every minute (every 5 s locally): wakes each duty without an outcome whose time has passed, and queues again what a
 * queue has lost. Nothing depends on it while all goes well.
 */
export const sweep = async (services: Services): Promise<void> => {
  const { memory, jobs } = services;
  const calls = await memory.directory.dueCalls(BATCH);
  await Promise.all(calls.map(async (due) => lookAfterCall(services, due)));
  const runs = await memory.directory.takeDueRuns(BATCH, QUEUE_PATIENCE_MS);
  await Promise.all(runs.map(async (run) => jobs.enqueue(run)));
  await memory.directory.forgetOld({ idempotencyMs: DAY_MS, loginFailureMs: DAY_MS });
  await keepHouse(services);
};
