import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { monthOf } from "../clock.ts";
import { createDnaLoader } from "../dna/loader.ts";
import { AppError, vendorError } from "../errors.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory, type TenantMemory } from "../memory/memory.ts";
import type { Run } from "../memory/runs.store.ts";
import { inBrowser, nobodyWaits } from "../observe/activity.ts";
import { vendorBusy } from "../providers/pace.ts";
import { type Agent, action, later, systemAction } from "./agent.ts";
import { createDispatcher } from "./dispatcher.ts";
import { createJobs, type JobMessage } from "./jobs.ts";
import { startParts } from "./parts.ts";

type Tools = Record<string, never>;

/** A house with one agent that does what the test says, and a clock and a queue that the test holds. */
const atWork = async (work: (attempt: number) => unknown) => {
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

/** A run that waits, and its parts. */
const withParts = async (keys: string[], work: (attempt: number) => unknown) => {
  const house = await atWork(work);
  const whole = await house.submit({ action: "as_told" });
  await house.execute(whole);
  const tools = { enqueue: house.jobs.enqueue };
  const start = async (again: string[]) => startParts({ runId: whole.id, projectId: house.projectId, memory: house.store, tools }, again.map((key) => ({ task: "worker", action: "as_told", params: {}, key })));
  await start(keys);
  const parts = await Promise.all(keys.map(async (key) => house.store.runs.withKey(key)));
  return { ...house, whole, start, parts: parts.filter((part) => part !== undefined) };
};

describe("an attempt that had a browser", () => {
  it("books it on its project by begun seconds, also when it has failed", async () => {
    const house = await atWork(async () => inBrowser(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new AppError({ code: "no", status: 422, message: "no" });
    }));
    expect(await house.execute(await house.submit({ action: "as_told" }))).toMatchObject({ status: "failed" });
    const rows = await house.store.usage.ofMonth(monthOf(Date.now()), house.projectId);
    expect(rows.map(({ kind, detail, quantity, cost_micros }) => [kind, detail, quantity, cost_micros])).toEqual([["browser_seconds", "worker", 1, 25]]);
  });
});

describe("a run's parts", () => {
  it("are stored and queued once each, however often they are asked for, and name the run", async () => {
    const keys = Array.from({ length: 20 }, (_, n) => `part-${n}`);
    const house = await withParts(keys, () => later(3_600_000));
    expect(await house.start(keys)).toBe(0);
    expect(house.parts).toHaveLength(20);
    expect(new Set(house.parts.map((part) => part.parent_id))).toEqual(new Set([house.whole.id]));
    // The whole, its next attempt, and twenty parts.
    expect(house.queued).toHaveLength(22);
    expect(await house.store.runs.partsOf(house.whole.id)).toEqual({ queued: 20 });
  });

  it("wake it once the last of them is over, and not before", async () => {
    let asked = 0;
    const house = await withParts(["one", "two"], () => ((asked += 1) === 1 ? later(3_600_000) : "done"));
    const woken = () => house.queued.filter(({ message, delaySeconds }) => message.run_id === house.whole.id && message.attempts === 1 && delaySeconds === 0);
    const [one, two] = house.parts;
    if (!one || !two) throw new Error("two parts were asked for");
    await house.execute(one);
    expect(woken()).toEqual([]);
    await house.execute(two);
    expect(woken()).toHaveLength(1);
    expect(await house.execute(house.whole)).toMatchObject({ status: "succeeded", attempts: 2 });
  });

  it("that were over before it had begun to wait wake it all the same", async () => {
    const tools: { begin: () => Promise<void> } = { begin: async () => Promise.resolve() };
    let asked = 0;
    const house = await atWork(async () => {
      const isFirst = (asked += 1) === 1;
      if (isFirst) await tools.begin();
      return isFirst ? later(3_600_000) : "done";
    });
    const whole = await house.submit({ action: "as_told" });
    tools.begin = async () => {
      const part = { task: "worker", action: "as_told", params: {}, key: "quick" };
      await startParts({ runId: whole.id, projectId: house.projectId, memory: house.store, tools: { enqueue: house.jobs.enqueue } }, [part]);
      const run = await house.store.runs.withKey("quick");
      if (run) await house.execute(run);
    };
    expect(await house.execute(whole)).toMatchObject({ status: "queued", attempts: 1 });
    expect(house.queued.at(-1)).toMatchObject({ message: { run_id: whole.id, attempts: 1 }, delaySeconds: 0 });
    expect(await house.execute(whole)).toMatchObject({ status: "succeeded" });
  });
});

describe("a run", () => {
  it("is stored, queued, run once and remembered with its result and progress", async () => {
    const house = await atWork(() => "done");
    const run = await house.submit();
    expect(house.queued).toEqual([{ queue: "urgent", message: { tenant_id: run.tenant_id, run_id: run.id, attempts: 0 }, delaySeconds: 0 }]);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", attempts: 1, result: { project: house.projectId, made: "done" }, progress: { done: 1, total: 1, label: "Acme" } });
    expect(await house.execute(run)).toBeNull();
    expect(house.performed).toEqual([1]);
  });

  it("knows whether it is a batch's, which gives way at vendors", async () => {
    const house = await atWork(() => nobodyWaits());
    const [urgent, bulk] = [await house.submit(), await house.submit({ action: "as_told" })];
    for (const { message } of house.queued) await house.jobs.execute(message);
    expect([(await house.store.runs.get(urgent.id)).result, (await house.store.runs.get(bulk.id)).result]).toEqual([{ project: house.projectId, made: false }, true]);
  });

  it("is not run by two consumers at the same time", async () => {
    const house = await atWork(() => null);
    const run = await house.submit();
    await Promise.all([house.execute(run), house.execute(run), house.execute(run)]);
    expect(house.performed).toEqual([1]);
  });

  it("is taken over when its consumer has died, and the dead one's late outcome counts for nothing", async () => {
    const house = await atWork(() => "new");
    const run = await house.submit();
    const dead = await house.store.runs.claim(run.id, 60_000);
    house.later(60_001);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", attempts: 2 });
    expect(dead && (await house.store.runs.finish(dead, { status: "succeeded", result: "old" }, run.progress))).toBeNull();
    expect((await house.store.runs.get(run.id)).result).toMatchObject({ made: "new" });
  });

  it("is queued again with growing delays while retrying can help, and is a dead letter in the end", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    const delays: number[] = [];
    for (let last = await house.execute(run); last?.status === "queued"; last = await house.execute(run)) delays.push(house.queued.at(-1)?.delaySeconds ?? 0);
    expect(delays).toEqual([4, 8, 16, 32, 64]);
    expect(await house.store.runs.get(run.id)).toMatchObject({ status: "dead", attempts: 6, error: { code: "model_busy" } });
  });

  it("whose turn at a vendor has not come waits as often as it takes, which is no failure, and forgets none", async () => {
    const house = await atWork((attempt) => {
      if (attempt === 1) throw vendorError("model_busy", "The model is busy.", { retryable: true });
      if (attempt < 20) throw vendorBusy("gemini", 20_000);
      return "done";
    });
    const run = await house.submit();
    await house.execute(run);
    for (let attempt = 2; attempt < 20; attempt += 1) expect(await house.execute(run)).toMatchObject({ status: "queued", failures: 1, error: { code: "vendor_busy" } });
    expect(house.queued.at(-1)?.delaySeconds).toBe(20);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", failures: 0 });
  });

  it("waits as long as the vendor says", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true, retryAfterMs: 21_000 });
    });
    await house.execute(await house.submit());
    expect(house.queued.at(-1)?.delaySeconds).toBe(21);
  });

  it("waits for what comes back by itself, and is left to the sweep where that is further off than a queue can hold", async () => {
    let hours = 5;
    const house = await atWork(() => {
      throw new AppError({ code: "budget_exhausted", status: 429, message: "no", retryable: true, retryAfterMs: hours * 3_600_000 });
    });
    const run = await house.submit();
    expect(await house.execute(run)).toMatchObject({ status: "queued", error: { code: "budget_exhausted" } });
    expect(house.queued.at(-1)?.delaySeconds).toBe(5 * 3600);
    hours = 20;
    await house.execute(run);
    expect(house.queued).toHaveLength(2);
    house.later(20 * 3_600_000);
    expect(await house.memory.directory.takeDueRuns(1000, 30_000)).toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 2, task: "worker", action: "work" });
  });

  it.each([
    ["dead at once when no retry can help", () => vendorError("blocked", "The model refused.", { retryable: false }), "dead"],
    ["failed when the caller got it wrong", () => new AppError({ code: "lead_not_found", status: 404, message: "no" }), "failed"],
    ["queued again after a bug or an outage, which look alike", () => new TypeError("oops"), "queued"],
  ])("is %s", async (_, error, status) => {
    const house = await atWork(() => {
      throw error();
    });
    const run = await house.execute(await house.submit());
    expect(run?.status).toBe(status);
    // What broke inside is for the log.
    if (status === "queued") expect(JSON.stringify(run?.error)).not.toContain("oops");
  });

  it("that has more to do is taken up again as often as it likes, which is no failure", async () => {
    const house = await atWork((attempt) => (attempt < 20 ? later(60_000) : "all of it"));
    const run = await house.submit({ action: "as_told" });
    let last = await house.execute(run);
    expect(last).toMatchObject({ status: "queued", error: null, failures: 0 });
    expect(house.queued.at(-1)).toEqual({ queue: "bulk", message: { tenant_id: run.tenant_id, run_id: run.id, attempts: 1, bulk: true }, delaySeconds: 60 });
    while (last?.status === "queued") last = await house.execute(run);
    expect(last).toMatchObject({ status: "succeeded", attempts: 20, result: "all of it" });
  });

  it("forgets its failures with each piece that it gets done", async () => {
    const house = await atWork((attempt) => {
      if (attempt % 5 !== 0) throw vendorError("model_busy", "The model is busy.", { retryable: true });
      return attempt < 20 ? later(0) : "done";
    });
    const run = await house.submit({ action: "as_told" });
    let last = await house.execute(run);
    while (last?.status === "queued") last = await house.execute(run);
    expect(last).toMatchObject({ status: "succeeded", attempts: 20, failures: 0 });
  });

  /** Claims the run, and dies. */
  const dieAt = async (house: Awaited<ReturnType<typeof atWork>>, run: Run): Promise<void> => {
    expect(await house.store.runs.claim(run.id, 60_000)).not.toBeNull();
    house.later(60_001);
  };

  it("is a dead letter too when its consumers die one after the other, and kills no further one", async () => {
    const house = await atWork(() => "done");
    const run = await house.submit();
    for (let died = 0; died < 6; died += 1) await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({ status: "dead", error: { code: "claimant_died" }, next_due_at: null });
    expect(house.performed).toEqual([]);
    expect(await house.execute(run)).toBeNull();
    // Whoever has mended it may have it run again.
    expect(await house.store.runs.requeue(run.id, 0)).toBe(true);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", failures: 0 });
  });

  it("has as many attempts where some of its consumers die and others tell why they failed", async () => {
    const house = await atWork(() => {
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    for (let turn = 0; turn < 2; turn += 1) {
      await dieAt(house, run);
      expect(await house.execute(run)).toMatchObject({ status: "queued", failures: 2 * (turn + 1) });
    }
    await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({ status: "dead", failures: 6, error: { code: "model_busy" } });
  });

  it("remembers how its attempts failed and where, in nobody's words, the last ten; an erasure forgets it", async () => {
    const house = await atWork((attempt) => {
      if (attempt === 1) throw new TypeError("oops, +64211234567", { cause: new RangeError("also oops") });
      throw vendorError("model_busy", "The model is busy.", { retryable: true });
    });
    const run = await house.submit();
    await house.execute(run);
    await dieAt(house, run);
    expect(await house.execute(run)).toMatchObject({
      tries: [
        { attempt: 1, code: "internal", trace: expect.stringMatching(/^TypeError\n {2}at .*\n(.*\n)*caused by RangeError\n {2}at /) as string },
        { attempt: 2, code: "claimant_died", trace: null },
        { attempt: 3, code: "model_busy", message: "The model is busy.", trace: expect.stringMatching(/^AppError\n {2}at /) as string },
      ],
    });
    expect(JSON.stringify((await house.store.runs.get(run.id)).tries)).not.toMatch(/oops|\+64/);
    for (let more = 0; more < 3; more += 1) {
      await house.store.runs.requeue(run.id, 0);
      for (let last = await house.execute(run); last?.status === "queued"; last = await house.execute(run));
    }
    expect((await house.store.runs.get(run.id)).tries?.map(({ attempt }) => attempt)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    await house.store.erasure.scrubRun(run.id);
    expect(await house.store.runs.get(run.id)).toMatchObject({ error: null, tries: null });
  });

  it("that fails says so in the log with the request that it came from, and where", async () => {
    const house = await atWork(() => {
      throw new TypeError("oops");
    });
    const lines: Record<string, unknown>[] = [];
    vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(JSON.parse(String(line)) as Record<string, unknown>));
    const run = await house.submit();
    await house.execute(run);
    vi.restoreAllMocks();
    expect(lines.find(({ event }) => event === "run failed")).toMatchObject({ level: "error", request_id: run.id, run_id: run.id, error: "TypeError: oops", stack: expect.stringMatching(/^TypeError\n {2}at /) as string });
  });

  it("is not taken up by a message that another attempt has overtaken", async () => {
    const house = await atWork((attempt) => (attempt === 1 ? later(60_000) : "done"));
    const run = await house.submit({ action: "as_told" });
    await house.execute(run);
    expect(await house.jobs.execute({ tenant_id: run.tenant_id, run_id: run.id, attempts: 0 })).toBeNull();
    expect(await house.jobs.execute({ tenant_id: run.tenant_id, run_id: run.id, attempts: 1 })).toMatchObject({ status: "succeeded" });
    expect(house.performed).toEqual([1, 2]);
  });

  it("can be put back when it is over, with its original input", async () => {
    let fixed = false;
    const house = await atWork(() => {
      if (!fixed) throw vendorError("blocked", "no", { retryable: false });
      return "ok";
    });
    const run = await house.submit();
    expect(await house.store.runs.requeue(run.id, 0)).toBe(false);
    await house.execute(run);
    fixed = true;
    expect(await house.store.runs.requeue(run.id, 0)).toBe(true);
    expect(await house.execute(run)).toMatchObject({ status: "succeeded", error: null });
  });

  it("under an idempotency key is the same run again", async () => {
    const house = await atWork(() => null);
    const [one, two] = [await house.submit({ idempotency_key: "k" }), await house.submit({ idempotency_key: "k" })];
    expect(two.id).toBe(one.id);
    expect(house.queued).toHaveLength(1);
  });

  it("survives a queue that is down: the sweep's table still has it", async () => {
    const house = await atWork(() => null);
    house.breakQueue();
    const run = await house.submit();
    house.later(60_000);
    expect(await house.memory.directory.takeDueRuns(100, 30_000)).toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 0, task: "worker", action: "work" });
    expect(await house.memory.directory.takeDueRuns(100, 30_000)).not.toContainEqual({ id: run.id, tenant_id: run.tenant_id, attempts: 0, task: "worker", action: "work" });
  });

  it("of a project that is another tenant's fails as if there were none", async () => {
    const [house, other] = [await atWork(() => null), await atWork(() => null)];
    expect(await house.execute(await house.submit({ project_id: other.projectId }))).toMatchObject({ status: "failed", error: { code: "project_not_found" } });
    expect(house.performed).toEqual([]);
  });

  it("of a system agent needs no DNA", async () => {
    const house = await atWork(() => null);
    expect(await house.execute(await house.submit({ action: "before_dna" }))).toMatchObject({ status: "succeeded", result: { named: house.projectId } });
  });
});
