import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Run } from "../memory/runs.store.ts";
import { house, settle } from "./fairness.testing.ts";

type House = ReturnType<typeof house>;
type Tenant = Awaited<ReturnType<House["tenant"]>>;

const AT_ONCE = 16;
const SOON_AT_ONCE = 8;
const submit = async (tenant: Tenant, actions: string[]): Promise<Run[]> => {
  const runs: Run[] = [];
  for (const action of actions) runs.push(await tenant.submit(action));
  return runs;
};
const calls = (n: number): string[] => Array<string>(n).fill("call");
const idsOf = (runs: readonly { id: string }[]): string[] => runs.map(({ id }) => id);
/** The sweep lets those of every tenant go on. */
const sentFor = ({ id }: Tenant, at: House): string[] => at.sent.flatMap(({ message }) => (message.tenant_id === id ? [message.run_id] : []));
/** Which of these wait, by the number at work that each waits for. */
const parked = async ({ store }: Tenant, runs: readonly Run[]) =>
  (await store.runs.some(idsOf(runs))).toSorted((a, b) => a.id.localeCompare(b.id)).map((run) => (run.parked_at === null ? null : run.parked_most));

/** A tenant with as many calls at work as it may have, and the end of each. */
const fullHouse = async () => {
  const at = house();
  const tenant = await at.tenant();
  const first = await submit(tenant, calls(AT_ONCE));
  const atWork = at.deliver();
  await at.until(AT_ONCE);
  const end = async (n: number): Promise<void> => {
    at.open(first[n]?.id ?? "");
    await atWork[n];
  };
  return { at, tenant, end, endAll: async () => Promise.all(first.map(async (_, n) => end(n))) };
};

describe("what somebody waits for, of one tenant", () => {
  it("has sixteen runs at work at a time, however many come at once, and another tenant's overtakes them; each that ends lets the next go on", async () => {
    const at = house();
    const [many, one] = [await at.tenant(), await at.tenant()];
    const theirs = await submit(many, calls(100));
    const [lead] = await submit(one, ["call"]);
    const first = at.deliver();
    await vi.waitUntil(async () => (await parked(many, theirs)).filter((most) => most === AT_ONCE).length === 100 - AT_ONCE, { timeout: 30_000, interval: 20 });
    await at.until(AT_ONCE + 1);
    expect([at.begun.length, at.begun.includes(lead?.id ?? "")]).toEqual([AT_ONCE + 1, true]);
    for (const id of [...idsOf(theirs), lead?.id ?? ""]) at.open(id);
    await Promise.all(first);
    await settle(at);
    expect((await many.store.runs.some(idsOf(theirs))).map(({ status, attempts }) => [status, attempts])).toEqual(theirs.map(() => ["succeeded", 1]));
  });

  it("goes before a batch that has waited for longer, which goes on once fewer than four are at work", async () => {
    const { at, tenant, end } = await fullHouse();
    const waiting = await submit(tenant, ["batch", "batch", "call", "call"]);
    await Promise.all(at.deliver());
    expect(await parked(tenant, waiting)).toEqual([4, 4, AT_ONCE, AT_ONCE]);
    const [batch, otherBatch, call, otherCall] = idsOf(waiting);
    for (const n of [0, 1]) await end(n);
    expect(sentFor(tenant, at)).toEqual([call, otherCall]);
    const more = at.deliver();
    await at.until(AT_ONCE + 2);
    for (let n = 2; n < 14; n += 1) await end(n);
    expect(sentFor(tenant, at)).toEqual([]);
    await end(14);
    expect(sentFor(tenant, at)).toEqual([batch]);
    await end(15);
    expect(sentFor(tenant, at)).toEqual([batch, otherBatch]);
    for (const { id } of waiting) at.open(id);
    await Promise.all(more);
    await settle(at);
    expect((await tenant.store.runs.some(idsOf(waiting))).map(({ status }) => status)).toEqual(waiting.map(() => "succeeded"));
  });

  it("has places that what is only to happen soon never takes, however much of that hangs; and that goes before a batch", async () => {
    const at = house();
    const tenant = await at.tenant();
    const hanging = await submit(tenant, Array<string>(SOON_AT_ONCE).fill("post"));
    const atWork = at.deliver();
    await at.until(SOON_AT_ONCE);
    const [batch, post, call] = await submit(tenant, ["batch", "post", "call"]);
    if (!batch || !post || !call) throw new Error("not submitted");
    const more = at.deliver();
    await at.until(SOON_AT_ONCE + 1);
    expect(at.begun).toContain(call.id);
    await vi.waitUntil(async () => (await parked(tenant, [batch, post])).every((most) => most !== null), { timeout: 20_000, interval: 10 });
    expect(await parked(tenant, [batch, post])).toEqual([4, SOON_AT_ONCE]);
    for (const n of [0, 1]) {
      at.open(hanging[n]?.id ?? "");
      await atWork[n];
    }
    expect(sentFor(tenant, at)).toEqual([post.id]);
    for (const id of [...idsOf(hanging), batch.id, post.id, call.id]) at.open(id);
    await Promise.all([...atWork, ...more]);
    await settle(at);
    expect((await tenant.store.runs.some(idsOf([batch, post, call]))).map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
  });

  it("keeps its turn while messages for it come again, and is run once", async () => {
    const { at, tenant, end, endAll } = await fullHouse();
    const waiting = await submit(tenant, ["call", "call"]);
    const message = at.sent[0]?.message ?? { tenant_id: "", run_id: "" };
    await Promise.all([...at.deliver(), at.jobs.execute(message)]);
    await at.jobs.execute(message);
    expect(await parked(tenant, waiting)).toEqual([AT_ONCE, AT_ONCE]);
    for (const { id } of waiting) at.open(id);
    await end(0);
    expect(sentFor(tenant, at)).toEqual([waiting[0]?.id]);
    await Promise.all([...at.deliver(), at.jobs.execute(message)]);
    await endAll();
    await settle(at);
    expect((await tenant.store.runs.some(idsOf(waiting))).map(({ status, attempts }) => [status, attempts])).toEqual([["succeeded", 1], ["succeeded", 1]]);
    expect(await at.jobs.execute(message)).toBeNull();
  });

  it("that is called off while it waits is over, and its turn is the next one's", async () => {
    const { at, tenant, end, endAll } = await fullHouse();
    const waiting = await submit(tenant, ["call", "call"]);
    await Promise.all(at.deliver());
    const [first, second] = waiting;
    expect(first && (await at.jobs.cancel(tenant.store, first))).toEqual({ ended: 1, told: 0 });
    expect(await parked(tenant, waiting)).toEqual([null, AT_ONCE]);
    await end(0);
    expect(sentFor(tenant, at)).toEqual([second?.id]);
    at.open(second?.id ?? "");
    await endAll();
    await settle(at);
    expect(await tenant.store.runs.requeue(first?.id ?? "", 0)).toBe(true);
    expect(await parked(tenant, waiting)).toEqual([null, null]);
  });
});

const claimAll = async ({ store }: Tenant, runs: readonly Run[], ms: number): Promise<Run[]> => {
  const claims: Run[] = [];
  for (const { id } of runs) claims.push(...[await store.runs.claim(id, ms)].flatMap((claim) => claim ?? []));
  return claims;
};
const succeed = async ({ store }: Tenant, claim: Run | undefined) => (claim === undefined ? null : store.runs.finish(claim, { status: "succeeded", result: null }, claim.progress));
const queueWhatIsDue = async (at: House, tenant: Tenant): Promise<void> => {
  for (const run of await at.memory.directory.takeDueRuns(1000, 30_000)) if (run.tenant_id === tenant.id) await at.jobs.enqueue(run);
};

describe("what somebody waits for, where a Worker has died", () => {
  /** As `fullHouse`, but whoever has them says nothing any more: their claims last a minute. */
  const houseOfTheDead = async () => {
    const at = house();
    const tenant = await at.tenant();
    const claims = await claimAll(tenant, await submit(tenant, calls(AT_ONCE)), 60_000);
    at.sent.length = 0;
    return { at, tenant, claims };
  };

  it("before it could be set aside: it is due all the same, and is set aside then", async () => {
    const { at, tenant } = await houseOfTheDead();
    const waiting = await submit(tenant, ["call"]);
    at.sent.length = 0;
    expect(await tenant.store.runs.claim(waiting[0]?.id ?? "", 60_000, { most: AT_ONCE })).toBeNull();
    at.later(30_001);
    await queueWhatIsDue(at, tenant);
    expect(sentFor(tenant, at)).toEqual([waiting[0]?.id]);
    await Promise.all(at.deliver());
    expect(await parked(tenant, waiting)).toEqual([AT_ONCE]);
  });

  it("before it could let the next go on: the sweep does, as many as there is room for, and no batch before them", async () => {
    const { at, tenant, claims } = await houseOfTheDead();
    const waiting = await submit(tenant, ["batch", "batch", "batch", ...calls(3)]);
    await Promise.all(at.deliver());
    expect(await parked(tenant, waiting)).toEqual([4, 4, 4, AT_ONCE, AT_ONCE, AT_ONCE]);
    await at.jobs.resumeParked();
    expect(sentFor(tenant, at)).toEqual([]);
    expect(await succeed(tenant, claims[0])).toMatchObject({ othersWait: true });
    await at.jobs.resumeParked();
    expect(sentFor(tenant, at)).toEqual([waiting[3]?.id]);
    // Of a message that is lost.
    at.sent.length = 0;
    at.later(60_001);
    await queueWhatIsDue(at, tenant);
    expect(sentFor(tenant, at)).toContain(waiting[3]?.id);
    at.sent.length = 0;
    await at.jobs.resumeParked();
    // Nobody is at work: two calls are let go on, and of the batch as many as are then fewer than four.
    expect(sentFor(tenant, at).toSorted()).toEqual(idsOf([waiting[0], waiting[1], waiting[4], waiting[5]].flatMap((run) => run ?? [])).toSorted());
    expect(await parked(tenant, waiting)).toEqual([null, null, 4, null, null, null]);
  });
});

describe("a run whose claimant has died", () => {
  it("waits in its turn where there is no room, before those that came later, and its death is counted once", async () => {
    const at = house();
    const tenant = await at.tenant();
    const [dead] = await submit(tenant, ["call"]);
    await tenant.store.runs.claim(dead?.id ?? "", 60_000);
    at.sent.length = 0;
    at.later(60_001);
    const claims = await claimAll(tenant, await submit(tenant, calls(AT_ONCE)), 600_000);
    const [later] = await submit(tenant, ["call"]);
    at.sent.splice(0, AT_ONCE);
    await Promise.all(at.deliver());
    await queueWhatIsDue(at, tenant);
    expect(sentFor(tenant, at)).toEqual([dead?.id]);
    await Promise.all(at.deliver());
    const waits = await tenant.store.runs.get(dead?.id ?? "");
    expect(waits).toMatchObject({ status: "queued", parked_most: AT_ONCE, next_due_at: null, attempts: 1, failures: 1, tries: [{ attempt: 1, code: "claimant_died" }] });
    await succeed(tenant, claims[0]);
    await at.jobs.resumeParked();
    expect(sentFor(tenant, at)).toEqual([dead?.id]);
    for (const run of [dead, later]) at.open(run?.id ?? "");
    await settle(at);
    expect(await tenant.store.runs.get(dead?.id ?? "")).toMatchObject({ status: "succeeded", attempts: 2, failures: 0, tries: [{ attempt: 1 }] });
    expect(await tenant.store.runs.get(later?.id ?? "")).toMatchObject({ status: "succeeded", attempts: 1 });
  });
});

describe("what was set aside by a release that bounded batches only", () => {
  it("goes on as a batch does", async () => {
    const at = house();
    const tenant = await at.tenant();
    // As that release writes and leaves it.
    const old = `run_${crypto.randomUUID()}`;
    await env.DB.prepare(
      `INSERT INTO runs (id, tenant_id, task, action, params, status, attempts, parked_at, progress, created_at)
       VALUES (?1, ?2, 'worker', 'batch', '{}', 'queued', 0, 1, '{"done":0,"total":0,"label":""}', 1)`,
    ).bind(old, tenant.id).run();
    const three = await submit(tenant, calls(3));
    await claimAll(tenant, three, 60_000);
    at.sent.length = 0;
    await at.jobs.resumeParked();
    expect(sentFor(tenant, at)).toEqual([old]);
    await settle(at);
    expect((await tenant.store.runs.get(old)).status).toBe("succeeded");
  });
});
