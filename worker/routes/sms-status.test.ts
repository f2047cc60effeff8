import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromTwilio, makeProject, type TestProject } from "../../test/support/api.ts";
import type { TwilioWire } from "../../test/support/twilio-wire.ts";
import { addLead, auditOf, freshPhone, incoming, leadOf, type Message, messagesOf, optOutsOf, runSchema, settled, standInForTexts, TRACKING } from "./sms.testing.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTexts();
});
afterAll(() => twilio.restore());

/** A text to a customer that Twilio has taken, with the address for its reports. */
const textToCustomer = async (project: TestProject) => {
  const phone = freshPhone();
  const lead = await addLead(project, phone);
  await incoming(project, { From: phone, Body: "HELP" });
  const text = await twilio.until(() => twilio.textsTo(phone)[0]);
  await settled(project);
  const message = (await messagesOf(project)).find(({ direction }) => direction === "out");
  const sid = twilio.messages.find(({ to }) => to === phone)?.sid ?? "";
  const about = async (MessageStatus: string, over: Record<string, string> = {}): Promise<Response> =>
    fromTwilio(text.form.get("StatusCallback") ?? "", { MessageSid: sid, MessageStatus, To: phone, From: TRACKING, AccountSid: "ACtest", ...over });
  const state = async (): Promise<Message | undefined> => (await messagesOf(project)).find(({ id }) => id === message?.id);
  return { phone, lead, sid, message, callback: text.form.get("StatusCallback") ?? "", about, state };
};

describe("a delivery report", () => {
  it("moves the text forward only, whatever order reports come in and however often", async () => {
    const project = await makeProject();
    const { about, state } = await textToCustomer(project);
    const seen: (string | undefined)[] = [];
    for (const status of ["sending", "queued", "sent", "sending", "delivered", "sent", "undelivered", "delivered"]) {
      expect((await about(status)).status).toBe(200);
      seen.push((await state())?.status);
    }
    expect(seen).toEqual(["sending", "sending", "sent", "sent", "delivered", "delivered", "delivered", "delivered"]);
  });

  it("that is signed but names another tenant's text, another SID or no text of ours changes nothing", async () => {
    const [project, stranger] = [await makeProject(), await makeProject()];
    const { callback, sid, phone, about, state, message } = await textToCustomer(project);
    const before = await state();
    await fromTwilio(callback.replace(`tenant=${project.tenant_id}`, `tenant=${stranger.tenant_id}`), { MessageSid: sid, MessageStatus: "failed", ErrorCode: "21610", To: phone });
    await about("failed", { MessageSid: "SMother", ErrorCode: "21610" });
    await fromTwilio(`https://apex.test/api/sms/status?tenant=${project.tenant_id}&message=msg_0`, { MessageSid: sid, MessageStatus: "failed" });
    await fromTwilio("https://apex.test/api/sms/status", { MessageSid: sid, MessageStatus: "failed" });
    await about("dancing");
    expect(await state()).toEqual(before);
    expect(before?.id).toBe(message?.id);
    expect([await optOutsOf(project, phone), await optOutsOf(stranger, phone)]).toEqual([[], []]);
  });

  it("of an unreachable phone has the text sent again, twice at most, once for each failure", async () => {
    const project = await makeProject();
    const { phone, message } = await textToCustomer(project);
    const asked = async (): Promise<string[]> =>
      (await env.DB.prepare("SELECT idempotency_key AS key FROM runs WHERE tenant_id = ? AND action = 'resend_sms' AND idempotency_key IS NOT NULL ORDER BY key").bind(project.tenant_id).all<{ key: string }>()).results.map(({ key }) => key);
    const resend = async (id: string): Promise<string> =>
      runSchema.parse(await (await project.api("POST", "/api/run", { task: "sales_agent", action: "resend_sms", project_id: project.id, params: { message_id: id } }, { Prefer: "wait=20" })).json()).status;
    for (const [sent, keys] of [[1, [1]], [2, [1, 2]], [3, [1, 2]]] as const) {
      const [newest] = (await messagesOf(project)).filter(({ direction }) => direction === "out");
      const report = { MessageSid: newest?.message_sid ?? "", MessageStatus: "undelivered", ErrorCode: "30003", To: phone };
      for (let times = 0; times < 2; times++) await fromTwilio(`https://apex.test/api/sms/status?tenant=${project.tenant_id}&message=${newest?.id ?? ""}`, report);
      expect(twilio.textsTo(phone)).toHaveLength(sent);
      expect(await asked()).toEqual(keys.map((n) => `resend:${message?.id ?? ""}:${n}`));
      // What the queue does when its time has come; asked twice, it is sent once.
      expect([await resend(newest?.id ?? ""), await resend(newest?.id ?? "")]).toEqual(sent < 3 ? ["succeeded", "succeeded"] : ["failed", "failed"]);
    }
    expect(twilio.textsTo(phone)).toHaveLength(3);
    expect(new Set(twilio.textsTo(phone).map(({ form }) => form.get("Body"))).size).toBe(1);
  });

  it.each([
    ["30006", { phone_problem: "the number is a landline or its network takes no texts", phone_textable: false }],
    ["30005", { phone_problem: "the number is unknown to its network" }],
  ])("with %s marks the lead's number", async (ErrorCode, metadata) => {
    const project = await makeProject();
    const { about, lead, phone } = await textToCustomer(project);
    await about("undelivered", { ErrorCode });
    expect((await leadOf(project, lead)).metadata).toMatchObject(metadata);
    await incoming(project, { From: phone, Body: "HELP" });
    await settled(project);
    // What is known to take no texts is sent none.
    expect(twilio.textsTo(phone)).toHaveLength(ErrorCode === "30006" ? 1 : 2);
  });

  it("with 21610 suppresses the number", async () => {
    const project = await makeProject();
    const { about, phone } = await textToCustomer(project);
    await about("failed", { ErrorCode: "21610" });
    expect(await optOutsOf(project, phone)).toEqual(["sms"]);
    await incoming(project, { From: phone, Body: "START" });
    await about("failed", { ErrorCode: "21610" });
    expect(await optOutsOf(project, phone)).toEqual([]);
  });

  it("with 30007 tells the owner once a day, by text and in the audit log", async () => {
    const project = await makeProject();
    const [one, two] = [await textToCustomer(project), await textToCustomer(project)];
    await one.about("undelivered", { ErrorCode: "30007" });
    await two.about("undelivered", { ErrorCode: "30007" });
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect(text.form.get("Body")).toContain("a carrier filtered the text as unwanted (Twilio error 30007)");
    await settled(project);
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
    expect((await auditOf(project)).filter(({ action }) => action === "sms.alert").map(({ details }) => details.code)).toEqual([30007]);
  });
});
