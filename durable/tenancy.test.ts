import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProject, postForm, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import { createJobs } from "../core/kernel/jobs.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { aPlan } from "./bridge-call/bridge-call.testing.ts";
import { objectName } from "./bridge-call/bridge-call.client.ts";
import { createRunProgressClient } from "./run-progress/run-progress.client.ts";
import { createDialers } from "./dialer/dialer.client.ts";

/* Names of objects and messages carry the tenant; whatever bears one tenant's id and another's name changes nothing. */

const clock = { now: () => Date.now(), toRealTime: (ms: number) => ms };
const memory = createMemory({ d1: env.DB, clock });

let twilio: TwilioWire;
let mine: TestProject;
let stranger: TestProject;
beforeAll(async () => {
  twilio = standInForTwilio();
  [mine, stranger] = [await makeProject(), await makeProject()];
});
afterAll(() => twilio.restore());

describe("a project's calls", () => {
  it("are not to be had through another tenant's object, whatever it is asked", async () => {
    await postForm(mine, { name: "Jane", phone: "021 333 0001" });
    await twilio.until(() => twilio.dialsTo(mine.owner)[0]);
    const store = memory.for(mine.tenant_id, systemActor("test"));
    const [call] = (await store.calls.list({ project_id: mine.id }, { limit: 1 })).items;
    const callId = call?.id ?? "";
    for (const address of [{ tenant_id: stranger.tenant_id, project_id: mine.id }, { tenant_id: stranger.tenant_id, project_id: stranger.id }, { tenant_id: mine.tenant_id, project_id: stranger.id }]) {
      const object = env.BRIDGE_CALL.getByName(objectName(address));
      expect(await object.handle(callId, { type: "wanted", asked_at: null, emergency: true })).toBeNull();
      expect(await object.callback(callId, null, { type: "contacted", by: "stranger" })).toBeNull();
      expect(await object.poke(callId)).toBe(false);
      expect(await object.granted(callId, mine.owner)).toBe(false);
      expect(await object.sids(callId)).toEqual({ calls: [], recordings: [], messages: [] });
      await object.forget(callId);
      const plan = aPlan({ call_id: callId, tenant_id: mine.tenant_id, project_id: mine.id });
      await expect((async () => object.start(plan, null))()).rejects.toThrow("another project's calls");
    }
    const own = env.BRIDGE_CALL.getByName(objectName({ tenant_id: mine.tenant_id, project_id: mine.id }));
    expect((await own.sids(callId)).calls).toHaveLength(1);
    expect((await store.calls.get(callId)).end_reason).toBeNull();
  });
});

describe("the dialer of a tenant's own account", () => {
  it("has books of its own, and takes no other tenant's calls", async () => {
    const dialers = createDialers({ namespace: env.DIALER, serviceAccount: "ACservice" });
    const account_sid = "ACsame";
    const request = (tenant_id: string) => ({ holder: { tenant_id, project_id: "p", call_id: "c" }, phones: ["+64211"], received_at: 0, ttl_ms: 60_000 });
    const [a, b] = ["ten_a", "ten_b"].map((tenant_id) => dialers.of({ tenant_id, account_sid }));
    expect(await a?.acquire(request("ten_a"))).toMatchObject({ granted: true });
    expect(await b?.acquire(request("ten_b"))).toMatchObject({ granted: true });
    for (const work of [a?.acquire(request("ten_b")), a?.release(request("ten_b").holder), a?.renew(request("ten_b").holder, "+64211", 1), a?.claim(request("ten_b").holder, "CA1")]) await expect(work).rejects.toThrow("another tenant's");
    expect(await a?.busyAmong(["+64211"])).toEqual(["+64211"]);
    // The service's own is everybody's.
    const shared = dialers.of({ tenant_id: "ten_a", account_sid: null });
    expect(await shared.acquire(request("ten_b"))).toMatchObject({ granted: true });
    expect(await dialers.of({ tenant_id: "ten_b", account_sid: null }).busyAmong(["+64211"])).toEqual(["+64211"]);
  });
});

describe("a run's progress", () => {
  it("is told only under its own tenant's name", async () => {
    const progress = createRunProgressClient({ namespace: env.RUN_PROGRESS });
    await progress.report({ tenant_id: "ten_a", id: "run_1" }, { done: 1, total: 2, label: "half" });
    expect(await progress.read({ tenant_id: "ten_a", id: "run_1" })).toEqual({ done: 1, total: 2, label: "half" });
    expect(await progress.read({ tenant_id: "ten_b", id: "run_1" })).toMatchObject({ done: 0 });
  });
});

describe("a message of the queue", () => {
  it("that names one tenant and another's run does nothing", async () => {
    const store = memory.for(mine.tenant_id, systemActor("test"));
    const { run } = await store.runs.create({ project_id: mine.id, task: "sales_agent", action: "notify_sms", params: {} }, 60_000);
    const started: string[] = [];
    const queue = { send: async () => Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }) };
    const jobs = createJobs({
      memory, clock,
      queues: { urgent: queue, bulk: queue },
      dispatcher: { paceOf: () => "urgent" as const, isInternal: () => false, check: () => undefined, resolve: () => ({ actionName: "", action: { needsDna: false }, scopes: [] }), scopesOf: () => [], execute: async ({ id, progress }) => Promise.resolve({ outcome: { status: "succeeded" as const, result: started.push(id) }, progress }) },
    });
    expect(await jobs.execute({ tenant_id: stranger.tenant_id, run_id: run.id })).toBeNull();
    expect(started).toEqual([]);
    expect(await store.runs.get(run.id)).toEqual(run);
    expect(await jobs.execute({ tenant_id: mine.tenant_id, run_id: run.id })).toMatchObject({ status: "succeeded" });
  });
});
