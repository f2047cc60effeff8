import "../../test/support/database.ts";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { env } from "cloudflare:workers";
import { z } from "zod";
import { createDnaLoader } from "../dna/loader.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory } from "../memory/memory.ts";
import type { Run } from "../memory/runs.store.ts";
import { type Agent, later, systemAction } from "./agent.ts";
import { createDispatcher } from "./dispatcher.ts";
import { createJobs, type JobMessage } from "./jobs.ts";

type Tools = Record<string, never>;
type Jobs = ReturnType<typeof createJobs>;

/** A house whose batches and calls stay at work until the test lets them end, with a queue that the test delivers from. */
export const house = () => {
  let now = Date.now();
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const tally = newTally();
  const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock });
  const sent: { queue: string; message: JobMessage }[] = [];
  const gates = new Map<string, { open: () => void; opened: Promise<void> }>();
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const hold = async (runId: string): Promise<void> => {
    begun.push(runId);
    for (const look of waiting) look();
    await gates.get(runId)?.opened;
  };
  const agent: Agent<Tools> = {
    task: "worker",
    defaultAction: "batch",
    urgent: ["ring", "call"],
    soon: ["post"],
    actions: {
      batch: systemAction(z.object({}), async ({ runId }) => hold(runId)),
      call: systemAction(z.object({}), async ({ runId }) => hold(runId)),
      post: systemAction(z.object({}), async ({ runId }) => hold(runId)),
      wait: systemAction(z.object({}), async () => Promise.resolve(later(3_600_000))),
      ring: systemAction(z.object({}), async () => Promise.resolve("rung")),
    },
  };
  const dispatcher = createDispatcher({ agents: new Map([[agent.task, agent]]), dna: createDnaLoader({ bucket: env.STORAGE }), tools: {}, clock, report: async () => Promise.resolve(), random: () => 0.5 });
  let isOut = false;
  const queueOf = (queue: string) => ({
    send: async (message: JobMessage) => (isOut ? Promise.reject(new Error("the queue is out")) : Promise.resolve((sent.push({ queue, message }), { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }))),
  });
  const jobs: Jobs = createJobs({ memory, dispatcher, clock, queues: { urgent: queueOf("urgent"), bulk: queueOf("bulk") } });

  const close = (runId: string): void => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    gates.set(runId, { open, opened });
  };
  const tenant = async () => {
    const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: "req_1" });
    const store = memory.for(user.tenant_id, { ...systemActor("test"), request_id: "req_1" });
    const submit = async (action = "batch"): Promise<Run> => {
      // Ids of one millisecond are in no order.
      now += 1;
      const run = await jobs.submit(store, { project_id: null, task: "worker", action, params: {} });
      close(run.id);
      return run;
    };
    return { id: user.tenant_id, store, submit };
  };
  /** Gives everything that was sent to the consumer. What stays at work is left so. */
  const deliver = (): Promise<unknown>[] => sent.splice(0).map(async ({ message }) => jobs.execute(message));
  const until = async (runs: number): Promise<void> => {
    while (begun.length < runs) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { tally, queue: (state: "out" | "back") => void (isOut = state === "out"), memory, jobs, sent, begun, tenant, deliver, until, open: (runId: string) => gates.get(runId)?.open(), later: (ms: number) => void (now += ms) };
};

/** Runs the deliveries of a house until nothing is sent any more. */
export const settle = async ({ sent, deliver }: Pick<ReturnType<typeof house>, "sent" | "deliver">): Promise<void> => {
  while (sent.length > 0) await Promise.all(deliver());
};
