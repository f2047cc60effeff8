import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { createDnaLoader } from "../../core/dna/loader.ts";
import { createDnaEditor } from "../../core/dna/editor.ts";
import type { Agent } from "../../core/kernel/agent.ts";
import { createDispatcher } from "../../core/kernel/dispatcher.ts";
import { createJobs, type Enqueued, type JobMessage } from "../../core/kernel/jobs.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import type { Run } from "../../core/memory/runs.store.ts";
import type { AgentTools } from "../tools.ts";

export interface PipelineHouseOptions {
  agents: readonly Agent<AgentTools>[];
  /** Custom DNA. */
  dna: string;
  /** What the agents of the test use; what they do not name is not there. */
  tools?: Partial<AgentTools>;
  /** Asked before and after everything that the Worker under test does to the database or the storage, or queues; may throw. The test itself has its own way. */
  watch?: () => void;
  /** Through which the Worker under test reaches the database. */
  d1?: D1Database;
}

const watched = <T extends object>(target: T, watch: () => void, methods: readonly (keyof T)[]): T =>
  new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== "function") return value;
      const method = value as (...args: unknown[]) => unknown;
      if (!methods.includes(name as keyof T)) return method.bind(object);
      return async (...args: unknown[]) => {
        watch();
        const answer = await method.apply(object, args);
        watch();
        return answer;
      };
    },
  });

/** What runs one statement by itself is watched too; in a batch, D1 wants its own. */
const watchedDatabase = (d1: D1Database, watch: () => void): D1Database => {
  const genuine = new WeakMap<object, D1PreparedStatement>();
  const statementOf = (statement: D1PreparedStatement): D1PreparedStatement => {
    const proxy = new Proxy(watched(statement, watch, ["all", "run", "first", "raw"]), { get: (object, name) => (name === "bind" ? (...values: unknown[]) => statementOf(statement.bind(...values)) : (Reflect.get(object, name) as unknown)) });
    genuine.set(proxy, statement);
    return proxy;
  };
  const batch = async (statements: D1PreparedStatement[]) => {
    watch();
    const results = await d1.batch(statements.map((statement) => genuine.get(statement) ?? statement));
    watch();
    return results;
  };
  return new Proxy(d1, { get: (object, name) => (name === "prepare" ? (query: string) => statementOf(object.prepare(query)) : name === "batch" ? batch : (Reflect.get(object, name) as unknown)) });
};

const SWEEP_MS = 31_000;

/** A tenant with a project, some agents, and a queue and a clock that the test holds. */
export const pipelineHouse = async ({ agents, dna: yaml, tools: given = {}, watch = () => undefined, d1 = env.DB }: PipelineHouseOptions) => {
  let now = Date.now();
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const outside = createMemory({ d1: env.DB, clock });
  const { tenant_id } = await outside.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = outside.for(tenant_id, systemActor("test"));
  const projectId = `p-${crypto.randomUUID()}`;
  await store.projects.create({ id: projectId, name: "Harbour Plumbing", country: "NZ", keys: [{ source: "wordpress", key_hash: "x", key_sealed: "x" }] });
  const loader = createDnaLoader({ bucket: env.STORAGE });
  const editor = createDnaEditor({ bucket: env.STORAGE, loader, clock });
  const edit = async (text: string) => editor.edit(store, projectId, { layer: "custom", text: async () => Promise.resolve(text) });
  await edit(yaml);

  const queue: JobMessage[] = [];
  const storage = watched(env.STORAGE, watch, ["get", "put", "list", "delete"]);
  const enqueue = async (run: Enqueued, delayMs?: number): Promise<void> => {
    watch();
    await jobs.enqueue(run, delayMs);
    watch();
  };
  const tools = { clock, storage, enqueue, ...given } as AgentTools;
  const dispatcher = createDispatcher({ agents: new Map(agents.map((agent) => [agent.task, agent])), dna: loader, tools, clock, report: async () => Promise.resolve(), random: () => 0.5 });
  const memory = createMemory({ d1: watchedDatabase(d1, watch), clock });
  const send: Queue<JobMessage>["send"] = async (message, options) => {
    // What is for later, the sweep finds when it is due.
    if ((options?.delaySeconds ?? 0) === 0) queue.push(message);
    return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
  };
  const jobs = createJobs({ memory, dispatcher, clock, queues: { urgent: { send }, bulk: { send } } });

  const submit = async (task: string, params: Record<string, unknown> = {}, action: string | null = null): Promise<Run> => jobs.submit(store, { project_id: projectId, task, action, params });
  return {
    store, projectId, tenant_id, jobs, queue, submit, clock, edit,
    pass: (ms: number) => void (now += ms),
    execute: async (run: Pick<Run, "id" | "tenant_id">): Promise<Run | null> => jobs.execute({ tenant_id: run.tenant_id, run_id: run.id }),
    /** Does what the queue says, and what the sweep would find when time passes, until the run is over. */
    finish: async (run: Run, mostSteps = 500): Promise<Run> => {
      for (let step = 0; step < mostSteps; step += 1) {
        const message = queue.shift();
        if (message !== undefined) await jobs.execute(message);
        const current = await store.runs.get(run.id);
        if (current.status !== "queued" && current.status !== "running") return current;
        // The queue is empty: time passes, and the sweep finds what is due.
        if (message === undefined) {
          now = Math.max(now + SWEEP_MS, current.next_due_at ?? now) + 1;
          for (const due of await outside.directory.takeDueRuns(1000, SWEEP_MS)) if (due.tenant_id === tenant_id) await jobs.execute({ tenant_id, run_id: due.id });
        }
      }
      throw new Error(`run ${run.task} was not over after ${mostSteps} steps: ${JSON.stringify((await store.runs.get(run.id)).progress)}`);
    },
    /** Runs of the tenant that a sweep would find due now. */
    due: async (): Promise<string[]> => (await outside.directory.takeDueRuns(1000, SWEEP_MS)).filter((run) => run.tenant_id === tenant_id).map(({ id }) => id),
    entities: async (type: string) => {
      const all = [];
      for await (const rows of store.keyed.each(projectId, type)) all.push(...rows);
      return all;
    },
  };
};
export type PipelineHouse = Awaited<ReturnType<typeof pipelineHouse>>;
