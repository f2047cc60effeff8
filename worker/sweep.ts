import { judgeableAfterMs } from "../agents/lead-gen/canary.ts";
import { startCall } from "../agents/lead-gen/start-call.ts";
import { nextCanaryAt } from "../core/dna/canary.ts";
import { describeError } from "../core/errors.ts";
import { QUEUE_PATIENCE_MS } from "../core/kernel/jobs.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import { figuresOf, withActivity } from "../core/observe/activity.ts";
import type { Project } from "../core/memory/projects.store.ts";
import { attempt } from "./attempt.ts";
import { runSchedules } from "./schedules.ts";
import { sayAlive } from "./heartbeat.ts";
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
    // Whoever called in heard nothing from us: they are rung back.
    if (call.direction === "inbound") {
      await store.incomingCalls.lost(call.id);
      const { metadata } = await store.entities.get(due.lead_id);
      if (typeof metadata.phone !== "string") return;
    }
    // Whom a hunt has found has asked for nothing: no call of theirs is exempt from quiet hours.
    const asked = call.direction === "outbound" && call.source === "sniper" ? {} : { asked_at: call.received_at };
    const loaded = await dna.load(project);
    // By the name of the request that it came from, which Twilio's callbacks will bear.
    await withActivity(async () => startCall({ memory: store, bridgeCalls }, { project, lead_id: due.lead_id, dna: loaded, ...asked }), call.request_id);
    log.warn("lost duty handed over", { request_id: call.request_id, call_id: due.id, lead_id: due.lead_id, tenant_id: due.tenant_id });
  } catch (error) {
    log.error("duty not looked after", { call_id: due.id, lead_id: due.lead_id, tenant_id: due.tenant_id, error: describeError(error) });
    await store.duties.putOff(due.id, clock.now() + PUT_OFF_MS);
  }
};

const sendOffCanary = async ({ memory, dna, jobs, clock }: Services, project: Project): Promise<void> => {
  const { canaries } = memory.for(project.tenant_id, systemActor("sweep"));
  try {
    const loaded = await dna.load(project);
    const dueInMs = { send: QUEUE_PATIENCE_MS, check: judgeableAfterMs(loaded.modules.lead_gen.canary) };
    const run = await canaries.take(project, nextCanaryAt(loaded, clock.now()), dueInMs);
    if (run !== null) await jobs.enqueue(run);
  } catch (error) {
    log.error("canary not sent off", { tenant_id: project.tenant_id, project_id: project.id, error: describeError(error) });
    await canaries.postpone(project, clock.now() + PUT_OFF_MS);
  }
};

const lookAfterCalls = async (services: Services): Promise<void> => {
  const calls = await services.memory.directory.dueCalls(BATCH);
  await Promise.all(calls.map(async (due) => lookAfterCall(services, due)));
};

const queueRunsAgain = async ({ memory, jobs }: Services): Promise<void> => {
  const runs = await memory.directory.takeDueRuns(BATCH, QUEUE_PATIENCE_MS);
  await Promise.all(runs.map(async (run) => jobs.enqueue(run)));
};

const resumeParked = async ({ jobs }: Services): Promise<void> => jobs.resumeParked();

const sendOffCanaries = async (services: Services): Promise<void> => {
  const canaries = await services.memory.directory.dueCanaries(BATCH);
  await Promise.all(canaries.map(async (project) => sendOffCanary(services, project)));
};

const forgetOld = async ({ memory }: Services): Promise<void> => memory.directory.forgetOld({ idempotencyMs: DAY_MS, loginFailureMs: DAY_MS });

/**
 * Every minute (every 5 s locally): wakes each duty without an outcome whose time has passed, and queues again what a
 * queue has lost. Nothing depends on it while all goes well, but for what is repeated: it sends each day's canaries off, and begins
 * what projects' schedules ask for. A step that fails keeps no other from its turn.
 * At its end somebody outside is told that it came to its end, where the operator wants that.
 */
export const sweep = async (services: Services): Promise<void> => {
  await withActivity(async (activity) => {
    const began = Date.now();
    for (const [name, step] of Object.entries({ lookAfterCalls, queueRunsAgain, resumeParked, sendOffCanaries, runSchedules, forgetOld })) await attempt(name, async () => step(services));
    await keepHouse(services);
    const durationMs = Date.now() - began;
    // The ids that its steps have noted are each of one of many.
    log.info("sweep ended", { duration_ms: durationMs, ...figuresOf({ ...activity, about: {} }) });
    services.measure({ kind: "sweep", name: "sweep", outcome: "done", tenantId: "", durationMs, activity });
  });
  await sayAlive(services);
};
