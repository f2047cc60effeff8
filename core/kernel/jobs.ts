import { z } from "zod";
import type { Clock } from "../clock.ts";
import { describeError } from "../errors.ts";
import { logger } from "../log.ts";
import { systemActor } from "../memory/actor.ts";
import type { Memory, TenantMemory } from "../memory/memory.ts";
import type { NewRun, Run } from "../memory/runs.store.ts";
import type { Dispatcher } from "./dispatcher.ts";

const log = logger("jobs");

/** A message only names the run: the row is the truth, and a message that says otherwise is nobody's. */
export const jobMessageSchema = z.object({
  tenant_id: z.string(),
  run_id: z.string(),
  /** How many attempts there had been when it was sent: once there are more, it has been overtaken. Absent: whatever there were. */
  attempts: z.number().int().optional(),
});
export type JobMessage = z.infer<typeof jobMessageSchema>;

/** The queue has lost a run that is still queued so long after it was due. */
export const QUEUE_PATIENCE_MS = 30_000;
/** An attempt that has not said for so long that it lives is taken for dead. A live one says it three times as often. */
const CLAIM_MS = 90_000;

/** Cloudflare's queues hold a message back for 12 hours at most; what waits longer is left to the sweep, rather than begun too early. */
const LONGEST_DELAY_MS = 43_200_000;

export interface JobsTools {
  memory: Memory;
  queue: Pick<Queue<JobMessage>, "send">;
  dispatcher: Dispatcher;
  clock: Clock;
  /** Told of each run that has begun or ended an attempt, for those who watch its project. */
  changed?: (run: Pick<Run, "tenant_id" | "project_id">) => void;
}

export const createJobs = ({ memory, queue, dispatcher, clock, changed = () => undefined }: JobsTools) => {
  /** Best effort: what the queue does not take, the sweep finds in the table. */
  const enqueue = async (run: Pick<Run, "id" | "tenant_id"> & { attempts?: number }, delayMs = 0): Promise<void> => {
    if (delayMs > LONGEST_DELAY_MS) return;
    try {
      await queue.send({ tenant_id: run.tenant_id, run_id: run.id, attempts: run.attempts }, { delaySeconds: Math.ceil(delayMs / 1000) });
    } catch (error) {
      log.error("queue did not take a run; the sweep will", { run_id: run.id, error: describeError(error) });
    }
  };

  /** Claims and runs one attempt. @returns the run as it is afterwards, or null when there was nothing to do */
  const execute = async (message: JobMessage): Promise<Run | null> => {
    const store = memory.for(message.tenant_id, systemActor("jobs", message.run_id));
    const run = await store.runs.claim(message.run_id, CLAIM_MS, message.attempts);
    if (!run) return null;
    changed(run);
    const started = clock.now();
    const heartbeat = setInterval(() => {
      store.runs.extendClaim(run, CLAIM_MS).catch((error: unknown) => log.warn("claim not extended", { run_id: run.id, error: describeError(error) }));
    }, CLAIM_MS / 3);
    const { outcome, progress } = await dispatcher.execute(run, store).finally(() => clearInterval(heartbeat));
    if (!(await store.runs.finish(run, outcome, progress))) return null;
    changed(run);
    log.info("run attempt ended", { run_id: run.id, tenant_id: run.tenant_id, project_id: run.project_id, task: run.task, action: run.action, attempt: run.attempts, status: outcome.status, duration_ms: clock.now() - started });
    if (outcome.status === "queued") await enqueue(run, outcome.next_due_at - clock.now());
    else if (run.parent_id !== null) {
      const parent = await store.runs.wake(run.parent_id);
      if (parent) await enqueue(parent);
    }
    return store.runs.get(run.id);
  };

  return {
    enqueue,
    execute,

    /** Whether the queue takes messages. This one names no run: its consumer finds nothing to do. */
    async ping(): Promise<void> {
      await queue.send({ tenant_id: "health", run_id: "health" });
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
  };
};

export type Jobs = ReturnType<typeof createJobs>;
