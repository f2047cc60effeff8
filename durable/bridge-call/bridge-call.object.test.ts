import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { makeProject, postForm, type TestProject } from "../../test/support/api.ts";
import { killObject } from "../../test/support/kill-object.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

const callsSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), lead_id: z.string(), status: z.string(), end_reason: z.string().nullable(), timeline: z.array(z.looseObject({ event: z.string() })) })) });

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterEach(() => twilio.answerWith(() => undefined));
afterAll(() => twilio.restore());

const callOf = async (project: TestProject) => callsSchema.parse(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).items[0];
const objectOf = (project: TestProject) => env.BRIDGE_CALL.getByName(`${project.tenant_id}/${project.id}`);
const submit = async (project: TestProject): Promise<string> =>
  z.object({ lead_id: z.string() }).parse(await (await postForm(project, { name: "Jane", phone: "021 123 4567" })).json()).lead_id;
const isDial = (wire: { method: string; path: string; form: URLSearchParams }, project: TestProject): boolean =>
  wire.method === "POST" && wire.path.endsWith("/Calls.json") && wire.form.get("To") === project.owner;

/** Fires the object's alarm until something holds, as time would. */
const alarmUntil = async (project: TestProject, holds: () => boolean | Promise<boolean>): Promise<void> => {
  await vi.waitUntil(async () => {
    if (await holds()) return true;
    await runDurableObjectAlarm(objectOf(project));
    return holds();
  }, { timeout: 25_000, interval: 50 });
};

describe("a call's object", () => {
  it("dials again when Twilio failed and says that it has no such call", async () => {
    const project = await makeProject();
    let failures = 1;
    twilio.answerWith((wire) => (isDial(wire, project) && failures-- > 0 ? { status: 503, body: "busy" } : undefined));
    await submit(project);
    await alarmUntil(project, () => twilio.dialsTo(project.owner).length === 2);
    expect(twilio.lookUpsOf(project.owner).length).toBeGreaterThanOrEqual(1);
    expect(twilio.calls.filter((call) => call.to === project.owner)).toHaveLength(1);
  });

  it("does not dial again when Twilio made the call and its answer was lost", async () => {
    const project = await makeProject();
    twilio.answerWith((wire) => {
      if (!isDial(wire, project)) return undefined;
      twilio.calls.unshift({ sid: "CAlost", to: project.owner, from: "+6495550100", status: "ringing", date_created: new Date().toUTCString() });
      return "no answer";
    });
    const lead = await submit(project);
    await alarmUntil(project, async () => (await callOf(project))?.timeline.some((entry) => entry.event === "owner_ringing") ?? false);
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    const row = await env.DB.prepare("SELECT call_sid FROM calls WHERE lead_id = ?").bind(lead).first<{ call_sid: string }>();
    expect(row?.call_sid).toBe("CAlost");
  });

  it("looks a dial up that it was killed in, and then makes the call once", async () => {
    const project = await makeProject();
    let hung = false;
    twilio.answerWith((wire) => {
      if (!isDial(wire, project) || hung) return undefined;
      hung = true;
      return "no answer";
    });
    await submit(project);
    await vi.waitUntil(() => hung);
    await killObject(objectOf(project));
    await alarmUntil(project, () => twilio.calls.some((call) => call.to === project.owner));
    expect(twilio.calls.filter((call) => call.to === project.owner)).toHaveLength(1);
    expect(twilio.lookUpsOf(project.owner).length).toBeGreaterThanOrEqual(2);
  });

  it("sends the owner's card once although Twilio's answer to the first try was lost", async () => {
    const project = await makeProject();
    let lost = false;
    twilio.answerWith((wire) => {
      if (isDial(wire, project)) return { status: 400, body: { code: 21217, message: "no such number" } };
      if (wire.method === "POST" && wire.path.endsWith("/Messages.json") && !lost) {
        lost = true;
        twilio.messages.unshift({ sid: "SMlost", to: project.owner, from: "+6495550100", body: wire.form.get("Body") ?? "", status: "sent" });
        return "no answer";
      }
      return undefined;
    });
    await submit(project);
    await alarmUntil(project, async () => (await callOf(project))?.timeline.some((entry) => entry.event === "sms_owner") ?? false);
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
    expect(await callOf(project)).toMatchObject({ status: "ended", end_reason: "invalid_number" });
  });

  it("takes the same duty twice without a second call, and none of another project", async () => {
    const project = await makeProject();
    await submit(project);
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const stub = objectOf(project);
    const plan = await runInDurableObject(stub, (_, state) => {
      const [row] = state.storage.sql.exec<{ state: string }>("SELECT state FROM call").toArray();
      return z.object({ plan: z.looseObject({ lead_id: z.string() }) }).parse(JSON.parse(row?.state ?? "{}")).plan;
    });
    await stub.start(plan as never, null);
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    const refused = await stub.start({ ...plan, call_id: "call_other", project_id: "other" } as never, null).then(
      () => "accepted",
      () => "refused",
    );
    expect(refused).toBe("refused");
  });

  it("lets a second lead of the same owner wait until the first one's leg is over", async () => {
    const project = await makeProject();
    const submitAs = async (phone: string): Promise<string> => z.object({ lead_id: z.string() }).parse(await (await postForm(project, { name: "x", phone })).json()).lead_id;
    const first = await submitAs("021 111 2222");
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    await submitAs("021 333 4444");
    const isHeld = async (): Promise<boolean> => (await callOf(project))?.status === "held";
    await vi.waitUntil(isHeld, { timeout: 20_000, interval: 20 });
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    const [call] = twilio.calls.filter((one) => one.to === project.owner);
    const stub = objectOf(project);
    const ids = await env.DB.prepare("SELECT id FROM calls WHERE lead_id = ?").bind(first).first<{ id: string }>();
    const nonce = new URL(twilio.dialsTo(project.owner)[0]?.form.get("Url") ?? "").searchParams.get("leg") ?? "";
    await stub.handle(ids?.id ?? "", { type: "leg_progress", nonce, sid: call?.sid ?? "", status: "no-answer", answered_by: null, sip_code: null });
    await twilio.until(() => twilio.dialsTo(project.owner)[1]);
  });

  it("ends a call whose leg Twilio does not know any more", async () => {
    const project = await makeProject();
    const lead = await submit(project);
    const dialled = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const nonce = new URL(dialled.form.get("Url") ?? "").searchParams.get("leg") ?? "";
    const row = await env.DB.prepare("SELECT id FROM calls WHERE lead_id = ?").bind(lead).first<{ id: string }>();
    const sid = (await twilio.until(() => twilio.calls.find((call) => call.to === project.owner))).sid;
    await objectOf(project).handle(row?.id ?? "", { type: "leg_progress", nonce, sid, status: "ringing", answered_by: null, sip_code: null });
    twilio.answerWith((wire) => (wire.path.endsWith(`/Calls/${sid}.json`) && wire.method === "GET" ? { status: 404, body: { code: 20404 } } : undefined));
    // What time would do: the ring's deadline is moved into the past, in a new life of the object that has not read it yet.
    await killObject(objectOf(project));
    await runInDurableObject(objectOf(project), (_, state) => {
      state.storage.sql.exec("UPDATE call SET state = json_set(state, '$.legs[0].deadline', 1)");
    });
    await alarmUntil(project, async () => (await callOf(project))?.status === "ended");
    expect(await callOf(project)).toMatchObject({ end_reason: "owner_no_answer" });
  });
});
