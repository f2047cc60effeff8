import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { z } from "zod";
import { createDnaLoader } from "../dna/loader.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory, type TenantMemory } from "../memory/memory.ts";
import type { Run } from "../memory/runs.store.ts";
import { type Agent, action, systemAction } from "./agent.ts";
import { createDispatcher } from "./dispatcher.ts";
import { createJobs, type JobMessage } from "./jobs.ts";

type Tools = Record<string, never>;

/** A house with one agent that does what the test says, and a clock and a queue that the test holds. */
export const atWork = async (work: (attempt: number) => unknown) => {
  let now = Date.now();
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: env.DB, clock });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store: TenantMemory = memory.for(user.tenant_id, systemActor("test"));
  const projectId = `p-${crypto.randomUUID()}`;
  await store.projects.create({ id: projectId, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  const performed: number[] = [];
  const worker: Agent<Tools> = {
    task: "worker",
    defaultAction: "work",
    urgent: ["work"],
    actions: {
      work: action(z.object({ n: z.number().default(1) }), async ({ attempt, project, dna, report }, { n }) => {
        performed.push(attempt);
        await report({ done: n, total: n, label: dna.identity.business_name });
        return { project: project.id, made: work(attempt) };
      }),
      as_told: action(z.object({}), async ({ attempt }) => {
        performed.push(attempt);
        return Promise.resolve(work(attempt));
      }),
      before_dna: systemAction(z.object({}), async ({ projectId: named }) => Promise.resolve({ named })),
    },
  };
  const queued: { queue: string; message: JobMessage; delaySeconds: number }[] = [];
  let queueIsDown = false;
  const queueOf = (queue: string): Pick<Queue<JobMessage>, "send"> => ({
    send: async (message, options) => {
      if (queueIsDown) throw new Error("queue is down");
      queued.push({ queue, message, delaySeconds: options?.delaySeconds ?? 0 });
      return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
    },
  });
  const dispatcher = createDispatcher({ agents: new Map([[worker.task, worker]]), dna: createDnaLoader({ bucket: env.STORAGE }), tools: {}, clock, report: async () => Promise.resolve(), random: () => 0.5 });
  const jobs = createJobs({
    memory,
    dispatcher,
    clock,
    queues: { urgent: queueOf("urgent"), bulk: queueOf("bulk") },
  });
  return {
    store, memory, jobs, queued, performed, projectId,
    later: (ms: number) => void (now += ms),
    breakQueue: () => void (queueIsDown = true),
    submit: async (over: Partial<{ action: string; project_id: string; idempotency_key: string }> = {}): Promise<Run> => jobs.submit(store, { project_id: projectId, task: "worker", action: "work", params: {}, ...over }),
    execute: async (run: Run): Promise<Run | null> => jobs.execute({ tenant_id: run.tenant_id, run_id: run.id }),
  };
};
