import { applyD1Migrations, createExecutionContext, createScheduledController, runDurableObjectAlarm, runInDurableObject, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock, dayOf } from "../core/clock.ts";
import { createMemory } from "../core/memory/memory.ts";
import { makeProject, postForm, type TestProject } from "../test/support/api.ts";
import { killObject } from "../test/support/kill-object.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker, { BridgeCall } from "./index.ts";

/* The database is lost and brought back; the objects, which hold the calls, were there all the time. */

const clock = createClock();
const SECRET = "an-operators-secret-for-tests-0123456789";
const elsewhere = (maintenance: "on" | "off"): Cloudflare.Env => ({ ...env, DB: env.RESTORED, APEX_MAINTENANCE: maintenance }) as unknown as Cloudflare.Env;

let twilio: TwilioWire;
beforeAll(async () => {
  await applyD1Migrations(env.RESTORED, env.TEST_MIGRATIONS);
  twilio = standInForTwilio();
});
afterEach(() => twilio.answerWith(() => undefined));
afterAll(() => twilio.restore());

const rowSchema = z.object({ id: z.string(), status: z.string(), end_reason: z.string().nullable() });
const callOf = async (d1: D1Database, project: TestProject) => rowSchema.parse(await d1.prepare("SELECT id, status, end_reason FROM calls WHERE project_id = ?").bind(project.id).first());
const objectOf = (project: TestProject) => env.BRIDGE_CALL.getByName(`${project.tenant_id}/${project.id}`);
/** Whether the object still holds the call. */
const holds = async (project: TestProject, callId: string): Promise<boolean> => objectOf(project).poke(callId);

const backUp = async (): Promise<void> => {
  const backups = createMemory({ d1: env.DB, clock }).backups({ storage: env.STORAGE, backups: env.BACKUPS, giveUpCall: async () => Promise.resolve() });
  for (let sweeps = 0; sweeps < 200; sweeps += 1) if (await backups.keep()) return;
  throw new Error("never done");
};
const restore = async (): Promise<void> => {
  for (let steps = 0; steps < 200; steps += 1) {
    const ctx = createExecutionContext();
    const answer = await worker.fetch(
      new Request("https://apex.test/api/operator/backups/restore", { method: "POST", headers: { Authorization: `Bearer ${SECRET}`, "Content-Type": "application/json" }, body: JSON.stringify({ day: dayOf(clock.now()) }) }),
      elsewhere("on"),
      ctx,
    );
    await waitOnExecutionContext(ctx);
    if (z.object({ done: z.boolean() }).parse(await answer.json()).done) return;
  }
  throw new Error("never done");
};

it("lets objects go of what a restored database shows to a person: nobody is rung for it any more; what has ended since stays as it ended", async () => {
  const [ringing, ended] = [await makeProject(), await makeProject()];
  for (const project of [ringing, ended]) {
    await postForm(project, { name: "Jane", phone: "021 123 4567" });
    await twilio.until(() => twilio.calls.find(({ to }) => to === project.owner));
  }
  await vi.waitUntil(async () => (await callOf(env.DB, ringing)).status === "ringing_owner" && (await callOf(env.DB, ended)).status === "ringing_owner", { timeout: 20_000, interval: 20 });
  await backUp();

  // After the backup, one of the two ends: its lead calls in, say.
  const calls = { ringing: await callOf(env.DB, ringing), ended: await callOf(env.DB, ended) };
  await objectOf(ended).contacted(calls.ended.id, "inbound");
  await vi.waitUntil(async () => (await callOf(env.DB, ended)).end_reason !== null, { timeout: 20_000, interval: 20 });

  await restore();
  const [leg] = twilio.calls.filter(({ to }) => to === ringing.owner);
  const hangUps = twilio.requests.filter(({ method, path, form }) => method === "POST" && path.endsWith(`/Calls/${leg?.sid ?? ""}.json`) && form.get("Status") === "completed");
  expect(hangUps).toHaveLength(1);
  expect(await holds(ringing, calls.ringing.id)).toBe(false);
  expect(await holds(ended, calls.ended.id)).toBe(true);

  await worker.scheduled(createScheduledController(), elsewhere("off"));
  for (const project of [ringing, ended]) {
    await runDurableObjectAlarm(objectOf(project));
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    expect(await callOf(env.RESTORED, project)).toMatchObject({ status: "ended", end_reason: "expired" });
  }
});

it("makes an object rest while the service is closed, and take up what is due when it is open again", async () => {
  const project = await makeProject();
  let hung = false;
  twilio.answerWith(({ method, path, form }) => {
    if (hung || method !== "POST" || !path.endsWith("/Calls.json") || form.get("To") !== project.owner) return undefined;
    hung = true;
    return "no answer";
  });
  await postForm(project, { name: "Jane", phone: "021 123 4567" });
  await vi.waitUntil(() => hung);
  // What it was killed in is due at once.
  await killObject(objectOf(project));
  await runInDurableObject(objectOf(project), async (_, state) => {
    const asked = twilio.requests.length;
    await new BridgeCall(state, elsewhere("on")).alarm();
    expect(twilio.requests.length).toBe(asked);
    expect(await state.storage.getAlarm()).not.toBeNull();
  });
  await vi.waitUntil(async () => {
    await runDurableObjectAlarm(objectOf(project));
    return twilio.calls.some(({ to }) => to === project.owner);
  }, { timeout: 25_000, interval: 50 });
  expect(twilio.calls.filter(({ to }) => to === project.owner)).toHaveLength(1);
});
