import { createDnaLoader } from "../dna/loader.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Run } from "../memory/runs.store.ts";
import { type Agent, systemAction } from "./agent.ts";
import { createDispatcher } from "./dispatcher.ts";
import { house, settle } from "./fairness.testing.ts";
import { startParts } from "./parts.ts";

type Tools = Record<string, never>;

describe("what somebody waits for", () => {
  it("goes by another queue than a batch; what is of no task that is known is nobody's wait", async () => {
    const { tenant, sent, jobs } = house();
    const { id, submit } = await tenant();
    const [ring, batch, post] = [await submit("ring"), await submit("batch"), await submit("post")];
    await jobs.enqueue({ id: "run_x", tenant_id: id, task: "forgotten", action: null });
    expect(sent.map(({ queue, message: { run_id, bulk, soon } }) => [queue, run_id, bulk, soon])).toEqual([
      ["urgent", ring.id, undefined, undefined],
      ["bulk", batch.id, true, undefined],
      ["urgent", post.id, undefined, true],
      ["bulk", "run_x", true, undefined],
    ]);
  });

  it("is not held up by the tenant's own batch", async () => {
    const { tenant, deliver, until, begun, open, sent } = house();
    const { submit, store } = await tenant();
    for (let i = 0; i < 6; i++) await submit();
    const atWork = deliver();
    await until(4);
    const ring = await submit("ring");
    await Promise.all(deliver());
    expect((await store.runs.get(ring.id)).status).toBe("succeeded");
    for (const id of begun) open(id);
    await Promise.all(atWork);
    expect(sent.length).toBeGreaterThan(0);
  });
});

describe("a tenant's batch", () => {
  it("has four runs at work at a time, and others overtake it; each that ends lets the next go on", async () => {
    const { tenant, deliver, until, begun, open, sent } = house();
    const [many, one] = [await tenant(), await tenant()];
    const runs: Run[] = [];
    for (let i = 0; i < 7; i++) runs.push(await many.submit());
    const theirs = await one.submit();
    const first = deliver();
    await until(5);
    // The other three came to the consumer and were set aside.
    const parked = async () => (await Promise.all(runs.map(async ({ id }) => many.store.runs.get(id)))).filter((run) => run.parked_at !== null).length;
    await vi.waitUntil(async () => (await parked()) === 3, { timeout: 20_000, interval: 10 });
    expect(begun).toContain(theirs.id);
    for (const { id } of runs) open(id);
    open(theirs.id);
    await Promise.all(first);
    await settle({ sent, deliver });
    expect((await Promise.all(runs.map(async ({ id }) => many.store.runs.get(id)))).map(({ status, attempts }) => [status, attempts])).toEqual(runs.map(() => ["succeeded", 1]));
  });

  it("goes on after a Worker died that should have said so: the sweep finds who waits, tenant by tenant", async () => {
    const { tenant, deliver, jobs, memory, open, sent, later: pass } = house();
    const { id, submit, store } = await tenant();
    // Four claimants that die.
    for (let i = 0; i < 4; i++) await store.runs.claim((await submit()).id, 60_000);
    sent.length = 0;
    const fifth = await submit();
    await Promise.all(deliver());
    expect((await store.runs.get(fifth.id)).parked_at).not.toBeNull();
    expect(await memory.directory.parkedTenants()).toContain(id);
    await jobs.resumeParked();
    expect(sent).toEqual([]);
    pass(60_001);
    await jobs.resumeParked();
    expect(sent.map(({ message }) => message.run_id)).toContain(fifth.id);
    open(fifth.id);
    await settle({ sent, deliver });
    expect((await store.runs.get(fifth.id)).status).toBe("succeeded");
  });
});

describe("an attempt", () => {
  it("asks the database twice, to begin and to end; once more where another of the tenant waits for it", async () => {
    const { tenant, jobs, tally, sent, deliver, open, begun, until } = house();
    const { submit, store } = await tenant();
    const trips = async (run: Run, bulk: boolean): Promise<[number, string | undefined]> => {
      const before = tally.trips;
      const ended = await jobs.execute({ tenant_id: run.tenant_id, run_id: run.id, bulk });
      return [tally.trips - before, ended?.status];
    };
    const batch = await submit();
    open(batch.id);
    expect([await trips(await submit("ring"), false), await trips(await submit("wait"), false), await trips(batch, true)]).toEqual([[2, "succeeded"], [3, "queued"], [2, "succeeded"]]);
    sent.length = 0;
    begun.length = 0;
    for (let n = 0; n < 4; n += 1) await submit();
    const atWork = deliver();
    await until(4);
    const fifth = await submit();
    await Promise.all(deliver());
    expect((await store.runs.get(fifth.id)).parked_at).not.toBeNull();
    expect(await trips(await submit("ring"), false)).toEqual([3, "succeeded"]);
    for (const id of [...begun, fifth.id]) open(id);
    await Promise.all(atWork);
    await settle({ sent, deliver });
    expect(await store.runs.get(fifth.id)).toMatchObject({ status: "succeeded" });
  });
});

describe("parts that no queue took", () => {
  it("are queued by the sweep once they are due, run, and wake the whole", async () => {
    const { tenant, jobs, memory, queue, sent, later: pass } = house();
    const { id, submit, store } = await tenant();
    const whole = await submit("wait");
    await jobs.execute({ tenant_id: id, run_id: whole.id });
    queue("out");
    sent.length = 0;
    await startParts({ runId: whole.id, projectId: null, memory: store, tools: { enqueue: jobs.enqueue } }, ["a", "b"].map((key) => ({ task: "worker", action: "ring", params: {}, key: `${whole.id}/${key}` })));
    expect(sent).toEqual([]);
    queue("back");
    pass(30_001);
    const due = (await memory.directory.takeDueRuns(1000, 30_000)).filter((run) => run.tenant_id === id);
    expect(due.map(({ task, action }) => [task, action])).toEqual([["worker", "ring"], ["worker", "ring"]]);
    for (const run of due) await jobs.enqueue(run);
    // One after the other: of two that end at the same moment, both may find themselves the last.
    for (const { message } of sent.splice(0)) await jobs.execute(message);
    expect(await store.runs.partsOf(whole.id)).toEqual({ succeeded: 2 });
    expect(sent.map(({ message }) => message.run_id)).toEqual([whole.id]);
  });
});

describe("an action that heeds its signal", () => {
  it("ends its run as called off, whatever it throws", async () => {
    const agent: Agent<Tools> = { task: "heedful", defaultAction: "work", actions: { work: systemAction(z.object({}), async ({ signal }) => Promise.resolve(signal?.throwIfAborted())) } };
    const clock = { now: () => Date.now(), toRealTime: (ms: number) => ms };
    const dispatcher = createDispatcher({ agents: new Map([[agent.task, agent]]), dna: createDnaLoader({ bucket: env.STORAGE }), tools: {}, clock, report: async () => Promise.resolve(), random: () => 0.5 });
    const { store } = await house().tenant();
    const { run } = await store.runs.create({ project_id: null, task: "heedful", action: "work", params: {} }, 0);
    expect((await dispatcher.execute(run, store, AbortSignal.abort())).outcome).toMatchObject({ status: "failed", error: { code: "canceled" } });
    expect((await dispatcher.execute(run, store, new AbortController().signal)).outcome).toMatchObject({ status: "succeeded" });
  });
});

describe("a run that is called off", () => {
  const codes = async (store: Awaited<ReturnType<ReturnType<typeof house>["tenant"]>>["store"], ids: string[]) => Promise.all(ids.map(async (id) => store.runs.get(id).then(({ status, error }) => [status, error?.code])));

  it("ends at once while it waits, with its parts and theirs, and no message brings it back", async () => {
    const { tenant, jobs, sent } = house();
    const { submit, store } = await tenant();
    const whole = await submit("wait");
    await jobs.execute({ tenant_id: whole.tenant_id, run_id: whole.id });
    const parts = async (runId: string, keys: string[]) => startParts({ runId, projectId: null, memory: store, tools: { enqueue: jobs.enqueue } }, keys.map((key) => ({ task: "worker", action: "batch", params: {}, key: `${whole.id}/${key}` })));
    await parts(whole.id, ["a", "b"]);
    const a = await store.runs.withKey(`${whole.id}/a`);
    await parts(a?.id ?? "", ["a1"]);
    const other = await submit();
    expect(await jobs.cancel(store, await store.runs.get(whole.id))).toEqual({ ended: 4, told: 0 });
    const ids = [whole.id, ...(await Promise.all(["a", "b", "a1"].map(async (key) => (await store.runs.withKey(`${whole.id}/${key}`))?.id ?? "")))];
    expect(await codes(store, ids)).toEqual(ids.map(() => ["failed", "canceled"]));
    expect(await jobs.execute({ tenant_id: whole.tenant_id, run_id: whole.id })).toBeNull();
    expect((await store.runs.get(other.id)).status).toBe("queued");
    expect(sent.length).toBeGreaterThan(0);
    expect(await jobs.cancel(store, whole)).toEqual({ ended: 0, told: 0 });
  });

  it("at work is told so: it may finish what it does, but is not taken up again, nor are parts that it began meanwhile", async () => {
    const { tenant, jobs, until, open } = house();
    const { submit, store } = await tenant();
    const run = await submit();
    const atWork = jobs.execute({ tenant_id: run.tenant_id, run_id: run.id });
    await until(1);
    expect(await jobs.cancel(store, run)).toEqual({ ended: 0, told: 1 });
    await startParts({ runId: run.id, projectId: null, memory: store, tools: { enqueue: jobs.enqueue } }, [{ task: "worker", action: "batch", params: {}, key: `${run.id}/late` }]);
    // What the heartbeat asks.
    expect(await store.runs.extendClaim({ id: run.id, attempts: 1 }, 60_000)).toBe(true);
    open(run.id);
    expect((await atWork)?.status).toBe("succeeded");
    expect((await store.runs.withKey(`${run.id}/late`))?.error?.code).toBe("canceled");
  });

  it("does not come back where it had more to do, nor where its claimant has died, but can be run again on purpose", async () => {
    const { tenant, jobs, later: pass } = house();
    const { submit, store } = await tenant();
    const [more, dead] = [await submit("wait"), await submit("ring")];
    for (const { id } of [more, dead]) {
      const claimed = await store.runs.claim(id, 60_000);
      await store.runs.cancel(id);
      if (claimed && id === more.id) expect(await store.runs.finish(claimed, { status: "queued", error: null, next_due_at: 0 }, claimed.progress)).toMatchObject({ run: { status: "failed", canceled_at: expect.any(Number) as number }, othersWait: false });
    }
    pass(60_001);
    await jobs.execute({ tenant_id: dead.tenant_id, run_id: dead.id });
    expect(await codes(store, [more.id, dead.id])).toEqual([["failed", "canceled"], ["failed", "canceled"]]);
    expect(await store.runs.requeue(dead.id, 0)).toBe(true);
    expect(await jobs.execute({ tenant_id: dead.tenant_id, run_id: dead.id })).toMatchObject({ status: "succeeded", request_id: "req_1" });
  });
});
