import { createMessageBatch, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock } from "../core/clock.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { fromTwilio, makeProject, postForm, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";
import { statsSchema } from "./routes/stats.routes.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

/** The same Worker, ten minutes on: by then every canary of these tests can be judged. */
const later: Cloudflare.Env = { ...env, APEX_CLOCK_OFFSET_S: "600" } as Cloudflare.Env;

const sweepNow = async (): Promise<void> => worker.scheduled(createScheduledController(), env);

let people = 0;
interface Bird extends TestProject {
  standIn: string;
  customer: string;
}
const makeBird = async (over = ""): Promise<Bird> => {
  const [owner, standIn, customer] = [1, 2, 3].map((role) => `+642120${role}${String(++people).padStart(4, "0")}`) as [string, string, string];
  const project = await makeProject(
    `modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}"}, canary: {enabled: true, owner_phone: "${standIn}", customer_phone: "${customer}"${over}}}}`,
  );
  return { ...project, standIn, customer };
};

const columnsOf = async ({ id }: TestProject) => env.DB.prepare("SELECT canary_due_at, canary_last_at, canary_failed_at FROM projects WHERE id = ?").bind(id).first<{ canary_due_at: number | null; canary_last_at: number | null; canary_failed_at: number | null }>();
const makeDue = async ({ id }: TestProject): Promise<void> => {
  await env.DB.prepare("UPDATE projects SET canary_due_at = 1 WHERE id = ?").bind(id).run();
};

const runSchema = z.object({ id: z.string(), action: z.string(), status: z.string(), result: z.unknown(), error: z.object({ code: z.string() }).nullable() });
const runsOf = async (project: TestProject, action: string) =>
  z.object({ items: z.array(runSchema) }).parse(await (await project.api("GET", `/api/runs?project_id=${project.id}`)).json()).items.filter((run) => run.action === action);
const leadsOf = async (project: TestProject) =>
  z.object({ items: z.array(z.looseObject({ id: z.string(), metadata: z.looseObject({ status: z.string() }) })) }).parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;
const callsOf = async (project: TestProject) =>
  z.object({ items: z.array(z.looseObject({ canary: z.boolean(), source: z.string().nullable(), status: z.string() })) }).parse(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).items;
const statsOf = async (project: TestProject) => statsSchema.parse(await (await project.api("GET", `/api/stats?project_id=${project.id}`)).json());
const auditOf = async (project: TestProject, action: string) =>
  z.object({ items: z.array(z.object({ details: z.record(z.string(), z.unknown()) })) }).parse(await (await project.api("GET", `/api/audit?action=${action}`)).json()).items;

/** Brings a canary's call to its stand-in. */
const ringing = async (bird: Bird) => {
  await makeDue(bird);
  await sweepNow();
  const dial = await twilio.until(() => twilio.dialsTo(bird.standIn)[0]);
  const call = await twilio.until(() => twilio.calls.find((one) => one.to === bird.standIn));
  return { sid: call.sid, whisper: dial.form.get("Url") ?? "", status: dial.form.get("StatusCallback") ?? "" };
};

/** Runs the check as the queue would, at `at`'s time. @returns the run as it is afterwards */
const check = async (bird: TestProject, at: Cloudflare.Env) => {
  const [run] = await runsOf(bird, "canary_check");
  if (!run) throw new Error("no check was opened");
  await worker.queue(createMessageBatch("apex-jobs", [{ id: run.id, timestamp: new Date(), attempts: 1, body: { tenant_id: bird.tenant_id, run_id: run.id } }]), at);
  const [after] = await runsOf(bird, "canary_check");
  return after;
};

/** Waits until lists show what the call's object knows. */
const untilCallIs = async (bird: TestProject, status: string): Promise<void> => {
  await vi.waitUntil(async () => (await callsOf(bird))[0]?.status === status, { timeout: 20_000, interval: 20 });
};

const text = async (response: Response): Promise<string> => response.text();
const attribute = (xml: string, name: string): string => (new RegExp(`${name}="([^"]*)"`).exec(xml)?.[1] ?? "").replaceAll("&amp;", "&");

describe("a canary's schedule", () => {
  it("comes with the DNA, goes with it, and a canary that is due already is not lost to a rewrite", async () => {
    const bird = await makeBird();
    const first = await columnsOf(bird);
    expect(first?.canary_due_at).toBeGreaterThan(Date.now());
    expect(first?.canary_due_at).toBeLessThanOrEqual(Date.now() + 90_000_000);
    await makeDue(bird);
    const put = async (enabled: boolean) => bird.api("PUT", `/api/projects/${bird.id}/dna/custom`, `modules: {lead_gen: {canary: {enabled: ${String(enabled)}, owner_phone: "${bird.standIn}"}}}`, { "Content-Type": "application/yaml" });
    await put(true);
    expect((await columnsOf(bird))?.canary_due_at).toBe(1);
    await put(false);
    expect((await columnsOf(bird))?.canary_due_at).toBeNull();
  });

  it("is nothing for a project that has not asked for one", async () => {
    expect((await columnsOf(await makeProject()))?.canary_due_at).toBeNull();
  });
});

describe("a due canary", () => {
  it("is sent once, however many sweeps see it, rings its stand-in and nobody else, and is in no figure", async () => {
    const bird = await makeBird();
    await makeDue(bird);
    await Promise.all([sweepNow(), sweepNow(), sweepNow()]);
    await twilio.until(() => twilio.dialsTo(bird.standIn)[0]);
    await sweepNow();
    expect(await runsOf(bird, "canary")).toHaveLength(1);
    expect(await runsOf(bird, "canary_check")).toHaveLength(1);
    expect((await columnsOf(bird))?.canary_due_at).toBeGreaterThan(Date.now());
    expect(twilio.dialsTo(bird.standIn)).toHaveLength(1);
    expect(twilio.dialsTo(bird.owner)).toHaveLength(0);
    expect((await leadsOf(bird)).map((lead) => lead.metadata)).toMatchObject([{ status: "test", source: "canary", canary: true, phone: bird.customer }]);
    expect(await callsOf(bird)).toMatchObject([{ canary: true, source: "canary" }]);
    const { leads, calls, response_time } = await statsOf(bird);
    expect([leads.total, calls.total, response_time.overall.form_to_dial_ms.count]).toEqual([0, 0, 0]);
  });

  it("is dropped when the DNA has it no more", async () => {
    const bird = await makeProject();
    await makeDue(bird);
    await sweepNow();
    expect((await columnsOf(bird))?.canary_due_at).toBeNull();
    expect(await runsOf(bird, "canary")).toHaveLength(0);
  });

  it.each(["suspended_at", "region"] as const)("is neither sent nor held against us for a tenant whose %s is set; it is sent once they are back", async (column) => {
    const bird = await makeBird();
    await makeDue(bird);
    const failing = async () => (await createMemory({ d1: env.DB, clock: createClock() }).operations.troubles({ since: 0, overdueSince: 0 })).canaries;
    const before = await failing();
    await env.DB.prepare("UPDATE projects SET canary_failed_at = 1 WHERE id = ?").bind(bird.id).run();
    expect(await failing()).toBe(before + 1);
    const set = async (value: number | string | null) => env.DB.prepare(`UPDATE tenants SET ${column} = ? WHERE id = ?`).bind(value, bird.tenant_id).run();
    await set(column === "region" ? "weur" : 1);
    await sweepNow();
    expect([await failing(), (await columnsOf(bird))?.canary_due_at]).toEqual([before, 1]);
    await set(null);
    await sweepNow();
    await twilio.until(() => twilio.dialsTo(bird.standIn)[0]);
  });

  it("does not hold up a project's real leads", async () => {
    const bird = await makeBird();
    await ringing(bird);
    await postForm(bird, { name: "Jane", phone: "021 123 4567" });
    await twilio.until(() => twilio.dialsTo(bird.owner)[0]);
    const { leads, calls } = await statsOf(bird);
    expect([leads.total, leads.by_source, calls.total]).toEqual([1, { wordpress: 1 }, 1]);
  });
});

describe("the judgement", () => {
  it("is good when the stand-in answered in time; the lead stays a test and nobody is texted", async () => {
    const bird = await makeBird();
    const { sid, status } = await ringing(bird);
    await fromTwilio(status, { CallSid: sid, CallStatus: "in-progress" });
    await untilCallIs(bird, "owner_answered");
    expect(await check(bird, later)).toMatchObject({ status: "succeeded", result: { ok: true } });
    expect((await statsOf(bird)).canary).toMatchObject({ ok: true, detail: expect.stringMatching(/^The test call was answered after \d+\.\d s\.$/) as unknown });
    expect(await auditOf(bird, "canary.passed")).toHaveLength(1);
    expect((await leadsOf(bird))[0]?.metadata.status).toBe("test");
    expect(twilio.textsTo(bird.owner)).toHaveLength(0);
  });

  it("of one that expects a connection takes a key and the customer's answer", async () => {
    const bird = await makeBird(", expect: connected");
    const { sid, whisper } = await ringing(bird);
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    const connect = await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "1" }));
    expect(connect).toContain(`>${bird.customer}</Number>`);
    await fromTwilio(attribute(/<Number[^>]*>/.exec(connect)?.[0] ?? "", "statusCallback"), { CallSid: "CAcustomer", CallStatus: "in-progress" });
    await untilCallIs(bird, "connected");
    expect(await check(bird, later)).toMatchObject({ status: "succeeded", result: { ok: true } });
  });

  it("is bad when nobody answered: one text to the owner, an audit row, and the figures say so", async () => {
    const bird = await makeBird();
    const { sid, status } = await ringing(bird);
    await fromTwilio(status, { CallSid: sid, CallStatus: "no-answer" });
    await untilCallIs(bird, "ended");
    expect(await check(bird, later)).toMatchObject({ status: "succeeded", result: { ok: false, alert: { sent: true } } });
    expect(twilio.textsTo(bird.owner).map((request) => request.form.get("Body"))).toEqual([expect.stringMatching(/daily test of your lead calls failed.*not answered within 120 s; it ended: owner_no_answer/)]);
    expect(await auditOf(bird, "canary.failed")).toHaveLength(1);
    expect((await statsOf(bird)).canary).toMatchObject({ ok: false });
    expect((await columnsOf(bird))?.canary_failed_at).toBe((await columnsOf(bird))?.canary_last_at);
    await check(bird, later);
    expect(twilio.textsTo(bird.owner)).toHaveLength(1);
    expect(twilio.dialsTo(bird.owner)).toHaveLength(0);
  });

  it("goes to the contact that the DNA names for trouble", async () => {
    const bird = await makeBird();
    const contact = `+642129${String(++people).padStart(5, "0")}`;
    const dna = `modules: {lead_gen: {sales_bridge: {destination_phone: "${bird.owner}", fallback_contact: {phone: "${contact}"}}, canary: {enabled: true, owner_phone: "${bird.standIn}"}}}`;
    await bird.api("PUT", `/api/projects/${bird.id}/dna/custom`, dna, { "Content-Type": "application/yaml" });
    await ringing(bird);
    await check(bird, later);
    expect(twilio.textsTo(contact)).toHaveLength(1);
    expect(twilio.textsTo(bird.owner)).toHaveLength(0);
  });

  it("is kept at once and told once, also when the text meets an outage, or its answer is lost", async () => {
    const bird = await makeBird();
    await ringing(bird);
    const outages = ["refused", "lost"];
    twilio.answerWith((request) => {
      if (request.method !== "POST" || !request.path.endsWith("/Messages.json") || request.form.get("To") !== bird.owner) return undefined;
      const outage = outages.shift();
      if (outage === "refused") return { status: 503, body: { code: 20503, message: "unavailable" } };
      if (outage !== "lost") return undefined;
      twilio.messages.unshift({ sid: "SMlost", to: bird.owner, from: "+6495550100", body: request.form.get("Body") ?? "", status: "queued" });
      return "no answer";
    });
    expect(await check(bird, later)).toMatchObject({ status: "queued" });
    expect((await statsOf(bird)).canary).toMatchObject({ ok: false });
    expect(await check(bird, later)).toMatchObject({ status: "queued" });
    expect(await check(bird, later)).toMatchObject({ status: "succeeded", result: { alert: { sent: true, message_sid: "SMlost" } } });
    twilio.answerWith(() => undefined);
    expect(twilio.messages.filter((message) => message.to === bird.owner)).toHaveLength(1);
    expect(await auditOf(bird, "canary.failed")).toHaveLength(1);
  });

  it("is bad when the lead never came in, which the canary's own run cannot tell", async () => {
    const bird = await makeBird();
    await makeDue(bird);
    const store = createMemory({ d1: env.DB, clock: createClock() }).for(bird.tenant_id, systemActor("test"));
    expect(await store.canaries.take({ id: bird.id, canary_due_at: 1 }, Date.now() + 86_400_000, { send: 86_400_000, check: 86_400_000 })).not.toBeNull();
    expect(await check(bird, later)).toMatchObject({ result: { ok: false, detail: expect.stringContaining("not taken in") as unknown } });
    expect(twilio.textsTo(bird.owner)).toHaveLength(1);
  });

  it("waits for its time", async () => {
    const bird = await makeBird();
    await ringing(bird);
    expect(await check(bird, env)).toMatchObject({ status: "queued", error: { code: "canary_in_flight" } });
    expect((await statsOf(bird)).canary).toBeNull();
    expect(twilio.textsTo(bird.owner)).toHaveLength(0);
  });
});

describe("a canary that a person asks for", () => {
  const run = async (project: TestProject, action: string, params = {}) =>
    runSchema.parse(await (await project.api("POST", "/api/run", { task: "lead_gen_manager", action, project_id: project.id, params }, { Prefer: "wait=20" })).json());

  it("is sent now and judged like the daily one", async () => {
    const bird = await makeBird();
    expect(await run(bird, "canary")).toMatchObject({ status: "succeeded" });
    await twilio.until(() => twilio.dialsTo(bird.standIn)[0]);
    expect(await check(bird, later)).toMatchObject({ result: { ok: false } });
  });

  it("is refused where the DNA has none, and a made-up check everywhere", async () => {
    expect(await run(await makeProject(), "canary")).toMatchObject({ status: "failed", error: { code: "canary_disabled" } });
    const bird = await makeBird();
    expect(await run(bird, "canary_check", { sent_at: 1 })).toMatchObject({ status: "failed", error: { code: "canary_not_sent" } });
    expect(twilio.textsTo(bird.owner)).toHaveLength(0);
  });

  it("rings the stand-in again, not the owner, when somebody calls its lead", async () => {
    const bird = await makeBird();
    const { sid, status } = await ringing(bird);
    await fromTwilio(status, { CallSid: sid, CallStatus: "no-answer" });
    await untilCallIs(bird, "ended");
    const [lead] = await leadsOf(bird);
    await run(bird, "instant_call", { lead_id: lead?.id });
    await twilio.until(() => twilio.dialsTo(bird.standIn)[1]);
    expect(twilio.dialsTo(bird.owner)).toHaveLength(0);
    expect((await callsOf(bird)).map((call) => call.canary)).toEqual([true, true]);
  });
});
