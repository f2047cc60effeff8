import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { systemActor } from "../memory/actor.ts";
import { createMemory } from "../memory/memory.ts";
import { createTwilioClient } from "../providers/twilio/twilio.client.ts";
import type { ContactRequest, Verdict } from "../security/consent/consent.types.ts";
import { policy } from "../security/consent/consent.testing.ts";
import { sendSms, type SmsInput } from "./send-sms.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

let people = 0;

/** A business that texts one customer; the test holds the clock and the gate. */
const business = async (verdict: Verdict = { answer: "yes" }) => {
  let now = Date.now();
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: env.DB, clock });
  const user = await memory.directory.signUp({ email: `${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const project_id = `p-${crypto.randomUUID()}`;
  await store.projects.create({ id: project_id, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  const to = `+6421777${String(1000 + ++people)}`;
  const lead = await store.entities.create({ project_id, entity_type: "lead", name: "Jane", primary_contact: to, metadata: { phone: to, status: "new" } });
  const asked: ContactRequest[] = [];
  const tools = {
    twilioOf: (accountSid: string | null) => createTwilioClient({ account: () => Promise.resolve({ account_sid: accountSid ?? "ACtest", auth_token: "t" }), baseUrl: "https://twilio.test", fetch: async (input, init) => fetch(input, init) }),
    memory: store,
    gate: { ask: async (request: ContactRequest) => Promise.resolve((asked.push(request), verdict)) },
    clock,
    publicUrl: "https://apex.test",
  };
  const text: SmsInput = { key: "k", project_id, lead_id: lead.id, call_id: null, to, line: { from: "+6495550100", account_sid: null }, body: "Hello", purpose: "missed_text", party: "customer", asked_at: null, policy: policy() };
  return {
    to, lead, store, asked, tenantId: user.tenant_id,
    send: async (over: Partial<SmsInput> = {}) => sendSms(tools, { ...text, ...over }),
    later: (ms: number) => void (now += ms),
    row: async () => (await store.messages.list({ project_id }, { limit: 1 })).items[0],
    lead_metadata: async () => (await store.entities.get(lead.id)).metadata,
    runs: async () => (await store.runs.list({ project_id }, { limit: 50 })).items,
    audited: async (action: string) => (await store.audit.list({ action }, { limit: 50 })).items.length,
  };
};

/** Twilio's next answers to a request to send. */
const answering = (to: string, ...answers: ({ status: number; body: unknown } | "no answer")[]): void => {
  const rest = [...answers];
  twilio.answerWith((request) => (request.method === "POST" && request.form.get("To") === to ? rest.shift() : undefined));
};
const refusal = (status: number, code: number) => ({ status, body: { code, message: "no", status } });

describe("a text", () => {
  it("is written down, judged, sent with its own signed address for reports, and remembered", async () => {
    const house = await business();
    const result = await house.send();
    const row = await house.row();
    expect(result).toEqual({ sent: true, sid: row?.sid });
    expect(row).toMatchObject({ direction: "out", status: "queued", attempts: 1, lead_id: house.lead.id, key: "k" });
    expect(house.asked).toMatchObject([{ attempt_id: row?.id, channel: "sms", purpose: "missed_text", party: "customer", phone: house.to, resource: `entity:${house.lead.id}` }]);
    expect(twilio.textsTo(house.to)[0]?.form.get("StatusCallback")).toBe(`https://apex.test/api/sms/status?tenant=${house.tenantId}&message=${row?.id ?? ""}#rc=3&rp=5xx,ct,rt`);
  });

  it("under the same key is sent once, also when two lives send it at the same moment", async () => {
    const house = await business();
    const results = await Promise.allSettled([house.send(), house.send(), house.send()]);
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(await house.send()).toMatchObject({ sent: true });
    expect(twilio.textsTo(house.to)).toHaveLength(1);
    await house.send({ key: "another" });
    expect(twilio.textsTo(house.to)).toHaveLength(2);
  });

  it("whose answer was lost is found in Twilio's list and not sent again", async () => {
    const house = await business();
    answering(house.to, "no answer");
    await expect(house.send()).rejects.toMatchObject({ retryable: true });
    expect(await house.row()).toMatchObject({ status: "unclear", sid: null });
    twilio.messages.unshift({ sid: `SMlost${house.to}`, to: house.to, from: "+6495550100", body: "Hello", status: "sent" });
    expect(await house.send()).toEqual({ sent: true, sid: `SMlost${house.to}` });
    expect(twilio.textsTo(house.to)).toHaveLength(1);
  });

  it("is not taken for another of the same words", async () => {
    const house = await business();
    await house.send({ key: "first" });
    answering(house.to, "no answer");
    await expect(house.send({ key: "second" })).rejects.toMatchObject({ retryable: true });
    expect(await house.send({ key: "second" })).toMatchObject({ sent: true });
    expect(twilio.textsTo(house.to)).toHaveLength(3);
    expect(new Set((await house.store.messages.list({ lead_id: house.lead.id }, { limit: 9 })).items.map(({ sid }) => sid)).size).toBe(2);
  });

  it("that an earlier life began and did not live to see the end of waits, then is looked for", async () => {
    const house = await business();
    const message = await house.store.messages.open({ key: "k", project_id: (await house.store.entities.get(house.lead.id)).project_id ?? "", lead_id: house.lead.id, call_id: null, campaign_id: null, account_sid: null, phone_from: "+6495550100", phone_to: house.to, body: "Hello", purpose: "missed_text", party: "customer" });
    expect(await house.store.messages.begin(message)).toBe(true);
    await expect(house.send()).rejects.toMatchObject({ code: "sms_in_progress", retryable: true });
    house.later(21_000);
    expect(await house.send()).toMatchObject({ sent: true });
    expect(twilio.requests.filter(({ method, query }) => method === "GET" && query.get("To") === house.to)).toHaveLength(1);
    expect(await house.row()).toMatchObject({ attempts: 2 });
  });

  it("that Twilio has no room for is sent later without looking", async () => {
    const house = await business();
    answering(house.to, refusal(429, 20429));
    await expect(house.send()).rejects.toMatchObject({ failure: "retry" });
    expect(await house.row()).toMatchObject({ status: "pending" });
    expect(await house.send()).toMatchObject({ sent: true });
    expect(twilio.requests.some(({ method, query }) => method === "GET" && query.get("To") === house.to)).toBe(false);
  });

  it("that the gate refuses never reaches Twilio; one that it puts off waits under its key", async () => {
    const refused = await business({ answer: "no", reason: "opted_out", detail: "This person asked not to be contacted." });
    expect(await refused.send()).toEqual({ sent: false, reason: "This person asked not to be contacted." });
    expect(await refused.row()).toMatchObject({ status: "refused", sid: null, attempts: 0 });
    expect(await refused.audited("sms.refused")).toBe(1);
    const late = await business({ answer: "not_before", at: 42, reason: "quiet_hours", detail: "It is night." });
    expect(await late.send()).toEqual({ put_off_until: 42 });
    expect(await late.row()).toMatchObject({ status: "pending" });
    expect([twilio.textsTo(refused.to), twilio.textsTo(late.to)]).toEqual([[], []]);
  });
});

describe("Twilio's refusal", () => {
  it("of somebody who opted out is stored as an opt-out", async () => {
    const house = await business();
    answering(house.to, refusal(400, 21610));
    expect(await house.send()).toMatchObject({ sent: false });
    expect(await house.store.optOuts.among([house.to])).toMatchObject([{ phone: house.to, channel: "sms" }]);
  });

  it("of a landline marks the lead, and no other text is tried", async () => {
    const house = await business();
    answering(house.to, refusal(400, 21614));
    await house.send();
    expect(await house.lead_metadata()).toMatchObject({ phone_problem: "the number is not a mobile", phone_textable: false });
    expect(await house.send({ key: "next" })).toMatchObject({ sent: false });
    expect(twilio.textsTo(house.to)).toHaveLength(1);
  });

  it("of our credentials alerts the owner, once for many texts", async () => {
    const house = await business();
    answering(house.to, refusal(401, 20003), refusal(401, 20003));
    await house.send();
    await house.send({ key: "next" });
    expect((await house.runs()).map(({ action, params }) => [action, params.code])).toEqual([["alert_owner", 20003]]);
    expect(await house.audited("sms.alert")).toBe(1);
    expect(await house.lead_metadata()).not.toHaveProperty("phone_problem");
  });

  it("of an owner's number is no problem of the lead's: somebody else is told", async () => {
    const house = await business();
    answering(house.to, refusal(400, 21211));
    await house.send({ party: "owner", purpose: "lead_card" });
    expect(await house.lead_metadata()).not.toHaveProperty("phone_problem");
    expect((await house.runs()).map(({ action }) => action)).toEqual(["alert_owner"]);
  });

  it("may be asked for again once it is mended", async () => {
    const house = await business();
    answering(house.to, refusal(400, 21408));
    expect(await house.send()).toMatchObject({ sent: false });
    expect(await house.send()).toMatchObject({ sent: true });
    expect(await house.row()).toMatchObject({ status: "queued", error_code: null });
  });
});
