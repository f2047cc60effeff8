import { z } from "zod";
import type { Clock } from "../clock.ts";
import { describeError } from "../errors.ts";
import { logger } from "../log.ts";
import { systemActor } from "../memory/actor.ts";
import type { Memory, TenantMemory } from "../memory/memory.ts";
import { CANCELED, type NewRun, type QueuedRun, type Run } from "../memory/runs.store.ts";
import { type Activity, figuresOf, withActivity } from "../observe/activity.ts";
import type { Measure } from "../observe/measure.ts";
import { BROWSER_SECOND_MICROS } from "../usage/prices.data.ts";
import type { Pace } from "./agent.ts";
import type { Dispatcher } from "./dispatcher.ts";

const log = logger("jobs");

/** A message only names the run: the row is the truth, and a message that says otherwise is nobody's. */
export const jobMessageSchema = z.object({
  tenant_id: z.string(),
  run_id: z.string(),
  /** How many attempts there had been when it was sent: once there are more, it has been overtaken. Absent: whatever there were. */
  attempts: z.number().int().optional(),
  /** Whether nobody waits for it: fewer of those are at work at a time. */
  bulk: z.boolean().optional(),
  /** Whether it only is to happen soon: it goes with what somebody waits for, and leaves places for that. */
  soon: z.boolean().optional(),
});
export type JobMessage = z.infer<typeof jobMessageSchema>;

/** The queue has lost a run that is still queued so long after it was due. */
export const QUEUE_PATIENCE_MS = 30_000;
/** An attempt that has not said for so long that it lives is taken for dead. A live one says it three times as often. */
const CLAIM_MS = 90_000;
/** Cloudflare's queues hold a message back for 12 hours at most; what waits longer is left to the sweep, rather than begun too early. */
const LONGEST_DELAY_MS = 43_200_000;
/**
 * A tenant's run begins while fewer of the tenant's are at work than this, whichever they are: other tenants' turn comes sooner for it, and the
 * tenant's own batch (4) keeps none of its urgent runs from beginning. Sixteen are eight of the at most 250 consumers that Cloudflare adds while a queue
 * grows (developers.cloudflare.com/queues/configuration/consumer-concurrency; a batch has two messages), and fewer than the twenty places that the
 * vendors' desks have for urgent work (vendor-limits.data.ts): no tenant alone takes all of either. What is to happen soon
 * begins while fewer than eight are: a batch at work leaves it four places, and both together leave eight to what somebody waits for.
 */
const AT_ONCE = { urgent: 16, soon: 8, bulk: 4 } as const satisfies Record<Pace, number>;

const FLAGS: Record<Pace, Pick<JobMessage, "bulk" | "soon">> = { urgent: {}, soon: { soon: true }, bulk: { bulk: true } };
const paceOf = ({ bulk, soon }: JobMessage): Pace => (bulk === true ? "bulk" : soon === true ? "soon" : "urgent");

/** A run that is to be queued; by its task and action it is known whether somebody waits for it. `attempts`: as in its message. */
export type Enqueued = Omit<QueuedRun, "attempts"> & Partial<Pick<QueuedRun, "attempts">>;

export interface JobsTools {
  memory: Memory;
  /** Apart, so that what somebody waits for never stands behind a batch. */
  queues: Record<"urgent" | "bulk", Pick<Queue<JobMessage>, "send">>;
  dispatcher: Dispatcher;
  clock: Clock;
  measure?: Measure;
  /** Told of each run that has begun or ended an attempt, for those who watch its project. */
  changed?: (run: Pick<Run, "tenant_id" | "project_id">) => void;
}

export const createJobs = ({ memory, queues, dispatcher, clock, measure = () => undefined, changed = () => undefined }: JobsTools) => {
  const messageOf = ({ id, tenant_id, attempts, task, action }: Enqueued): JobMessage => ({ tenant_id, run_id: id, attempts, ...FLAGS[dispatcher.paceOf(task, action)] });

  /** Best effort: what the queue does not take, the sweep finds in the table. */
  const enqueue = async (run: Enqueued, delayMs = 0): Promise<void> => {
    if (delayMs > LONGEST_DELAY_MS) return;
    const message = messageOf(run);
    try {
      await queues[message.bulk === true ? "bulk" : "urgent"].send(message, { delaySeconds: Math.ceil(delayMs / 1000) });
    } catch (error) {
      log.error("queue did not take a run; the sweep will", { run_id: run.id, error: describeError(error) });
    }
  };

  /** Takes a run for one attempt, or sets it aside. A place that becomes free between the two is asked for once more; after that the sweep has it. */
  const claimOrPark = async (store: TenantMemory, message: JobMessage): Promise<Run | null> => {
    const { run_id, attempts } = message;
    const most = AT_ONCE[paceOf(message)];
    const claim = async () => store.runs.claim(run_id, CLAIM_MS, { attempts, most });
    const run = await claim();
    if (run || (await store.runs.park(run_id, most, attempts))) return run;
    return claim();
  };

  /** A run has ended, for now or for good: whoever waits for that goes on. */
  const after = async (store: TenantMemory, run: Run, { over, canceled, othersWait }: { over: boolean; canceled: boolean; othersWait: boolean }): Promise<void> => {
    // Parts that it began after it had been called off.
    if (canceled && over) await store.runs.cancel(run.id);
    if (over && run.parent_id !== null) {
      const parent = await store.runs.wake(run.parent_id);
      if (parent) await enqueue(parent);
    }
    if (!othersWait) return;
    for (const next of await store.runs.unpark(1, QUEUE_PATIENCE_MS)) await enqueue(next);
  };

  /** In the ledger of whoever the run is for, by begun seconds of the attempt. */
  const bookBrowser = async (store: TenantMemory, run: Run, ms: number): Promise<void> => {
    if (ms === 0) return;
    const quantity = Math.ceil(ms / 1000);
    await store.usage
      .addUsed(run.project_id, [{ kind: "browser_seconds", detail: run.task, quantity, cost_micros: quantity * BROWSER_SECOND_MICROS }])
      .catch((error: unknown) => log.error("browser time not booked", { run_id: run.id, tenant_id: run.tenant_id, seconds: quantity, error: describeError(error) }));
  };

  /** What of a run's input a search for a lead or call should find. */
  const idsIn = ({ lead_id, call_id }: Record<string, unknown>) => ({ ...(typeof lead_id === "string" ? { lead_id } : {}), ...(typeof call_id === "string" ? { call_id } : {}) });

  const attempt = async (store: TenantMemory, run: Run, activity: Activity): Promise<Run | null> => {
    changed(run);
    const started = clock.now();
    const calledOff = new AbortController();
    const heartbeat = setInterval(() => {
      store.runs
        .extendClaim(run, CLAIM_MS)
        .then((isCanceled) => (isCanceled ? calledOff.abort() : undefined))
        .catch((error: unknown) => log.warn("claim not extended", { run_id: run.id, error: describeError(error) }));
    }, CLAIM_MS / 3);
    const work = run.canceled_at === null ? dispatcher.execute(run, store, calledOff.signal) : Promise.resolve({ outcome: { status: "failed" as const, error: CANCELED }, progress: run.progress });
    const { outcome, progress } = await work.finally(() => clearInterval(heartbeat));
    await bookBrowser(store, run, activity.browserMs);
    const finished = await store.runs.finish(run, outcome, progress);
    if (!finished) return null;
    const { run: ended, othersWait } = finished;
    changed(run);
    if (ended.status === "queued" && outcome.status === "queued") {
      // Parts that were over before it had begun to wait found nobody to wake.
      const woken = outcome.error === null ? await store.runs.wake(run.id, started) : null;
      await enqueue(woken ?? run, woken ? 0 : outcome.next_due_at - clock.now());
    }
    await after(store, run, { over: ended.status !== "queued", canceled: ended.canceled_at !== null, othersWait });
    const durationMs = clock.now() - started;
    log.info("run attempt ended", {
      request_id: run.request_id, run_id: run.id, parent_id: run.parent_id, tenant_id: run.tenant_id, project_id: run.project_id, task: run.task, action: run.action, attempt: run.attempts, status: ended.status,
      duration_ms: durationMs, ...idsIn(run.params), ...figuresOf(activity),
    });
    measure({ kind: "job", name: `${run.task}/${run.action ?? ""}`, outcome: ended.status, tenantId: run.tenant_id, durationMs, activity });
    return ended;
  };

  /** Claims and runs one attempt. @returns the run as the attempt left it, or null when there was nothing to do */
  const execute = async (message: JobMessage): Promise<Run | null> =>
    withActivity(async (activity) => {
      activity.bulk = message.bulk === true;
      const claimant = memory.for(message.tenant_id, systemActor("jobs", message.run_id));
      const run = await claimOrPark(claimant, message);
      // What it writes and begins bears the name of the request that all of it came from.
      if (run !== null) activity.requestId = run.request_id ?? run.id;
      return run === null ? null : attempt(memory.for(run.tenant_id, systemActor("jobs", run.request_id ?? run.id)), run, activity);
    });

  return {
    enqueue,
    execute,

    /** One attempt here and now, as the queue's consumer would make it: one that finds no room is set aside. @returns as `execute` */
    attemptNow: async (run: Enqueued): Promise<Run | null> => execute(messageOf(run)),

    /** Whether the queues take messages. These name no run: their consumer finds nothing to do. */
    async ping(): Promise<void> {
      await Promise.all(Object.values(queues).map(async (queue) => queue.send({ tenant_id: "health", run_id: "health" })));
    },

    /** Writes the run, then queues it. With an idempotency key that is known, the earlier run is returned and nothing is queued. */
    async submit(store: TenantMemory, input: NewRun): Promise<Run> {
      const { run, created } = await store.runs.create(input, QUEUE_PATIENCE_MS);
      if (created) {
        changed(run);
        await enqueue(run);
      }
      return run;
    },

    /** Calls a run and its parts off, and wakes what waited for it. */
    async cancel(store: TenantMemory, run: Run): Promise<{ ended: number; told: number }> {
      const counts = await store.runs.cancel(run.id);
      changed(run);
      if (counts.ended > 0) await after(store, run, { over: true, canceled: false, othersWait: true });
      return counts;
    },

    /** For the sweep: lets runs go on that were set aside, where whoever should have said so has died. */
    async resumeParked(): Promise<void> {
      for (const tenantId of await memory.directory.parkedTenants()) {
        const store = memory.for(tenantId, systemActor("sweep"));
        for (const run of await store.runs.unpark(AT_ONCE.urgent, QUEUE_PATIENCE_MS)) await enqueue(run);
      }
    },
  };
};

export type Jobs = ReturnType<typeof createJobs>;
