import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { newId } from "../../core/ids.ts";
import { fresh, fromTwilio, makeProject, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

const leadSchema = z.looseObject({ id: z.string(), name: z.string(), metadata: z.looseObject({ status: z.string().optional(), phone: z.string().optional(), source: z.string().optional() }) });
const messageSchema = z.looseObject({
  id: z.string(), lead_id: z.string().nullable(), call_id: z.string().nullable(), direction: z.string(), party: z.string(), purpose: z.string(), from: z.string(), to: z.string(),
  body: z.string(), status: z.string(), error_code: z.number().nullable(), message_sid: z.string().nullable(),
});
type Message = z.infer<typeof messageSchema>;
const runSchema = z.looseObject({ id: z.string(), action: z.string(), status: z.string() });
const items = <Schema extends z.ZodType>(schema: Schema) => z.object({ items: z.array(schema) });

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

let phones = 0;
const freshPhone = (): string => `+64215550${String(1000 + ++phones).slice(-4)}`;
let sids = 0;
const freshSid = (): string => `SMin${++sids}`;

const TRACKING = "+6495550199";
const incoming = async (project: Pick<TestProject, "id">, form: { From: string; Body: string } & Record<string, string>): Promise<Response> =>
  fromTwilio(`https://apex.test/api/sms/incoming?project_id=${project.id}`, { MessageSid: freshSid(), AccountSid: "ACtest", To: TRACKING, NumMedia: "0", ...form });

const leadsOf = async (project: TestProject) => items(leadSchema).parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;
const leadOf = async (project: TestProject, id: string) => leadSchema.parse(await (await project.api("GET", `/api/entities/${id}`)).json());
const messagesOf = async (project: TestProject): Promise<Message[]> => items(messageSchema).parse(await (await project.api("GET", `/api/messages?project_id=${project.id}`)).json()).items;
/** What texts could have started: the run that follows a new project's DNA is none of it. */
const runsOf = async (project: TestProject) => items(runSchema).parse(await (await project.api("GET", `/api/runs?project_id=${project.id}`)).json()).items.filter(({ action }) => action !== "follow");
const auditOf = async (project: TestProject) => items(z.looseObject({ action: z.string(), details: z.record(z.string(), z.unknown()) })).parse(await (await project.api("GET", "/api/audit?limit=200")).json()).items;
const callsOf = async (project: TestProject) => items(z.looseObject({ id: z.string(), lead_id: z.string() })).parse(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).items;
const optOutsOf = async (project: TestProject, phone: string): Promise<string[]> =>
  (await env.DB.prepare("SELECT channel FROM opt_outs WHERE tenant_id = ? AND phone = ? ORDER BY channel").bind(project.tenant_id, phone).all<{ channel: string }>()).results.map(({ channel }) => channel);

/** A lead that nobody has been rung about. */
const addLead = async (project: TestProject, phone: string, over: Record<string, unknown> = {}): Promise<string> =>
  leadSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane Doe", primary_contact: phone, metadata: { phone, status: "called", ...over } })).json()).id;

/** Waits until every run of the project is over. */
const settled = async (project: TestProject): Promise<boolean> =>
  vi.waitUntil(async () => (await runsOf(project)).every(({ status }) => status !== "queued" && status !== "running"), { timeout: 20_000, interval: 20 });

/** A question for feedback, as the end of a call sends it. */
const askFeedback = async (project: TestProject, lead_id: string, call_id: string, agoMs = 0): Promise<void> => {
  const now = Date.now() - agoMs;
  await env.DB.prepare(
    `INSERT INTO messages (id, tenant_id, project_id, lead_id, call_id, direction, party, purpose, phone_from, phone_to, body, key, sid, status, attempts, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 'out', 'owner', 'feedback', ?6, ?7, 'How did it go?', ?8, ?9, 'delivered', 1, ?10, ?10)`,
  ).bind(newId("msg", now), project.tenant_id, project.id, lead_id, call_id, TRACKING, project.owner, `${call_id}:feedback`, fresh("SMf"), now).run();
};

describe("an incoming text", () => {
  it("without Twilio's signature is 403 and changes nothing", async () => {
    const project = await makeProject();
    expect((await request(`/api/sms/incoming?project_id=${project.id}`, { method: "POST", body: "MessageSid=SM1&From=%2B6421&Body=hi" })).status).toBe(403);
    expect(await messagesOf(project)).toEqual([]);
  });

  it.each(["?project_id=nobodys", "?project_id=../x", ""])("for no project of ours (%j) is answered with an empty document", async (query) => {
    const response = await fromTwilio(`https://apex.test/api/sms/incoming${query}`, { MessageSid: freshSid(), From: freshPhone(), To: TRACKING, Body: "hi" });
    expect([response.status, await response.text()]).toEqual([200, '<?xml version="1.0" encoding="UTF-8"?><Response/>']);
  });

  it("joins the lead with that phone, and goes to the owner once with the person's name", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    const form = { MessageSid: freshSid(), From: phone, Body: "Can you come on Friday?" };
    const answers = await Promise.all([incoming(project, form), incoming(project, form), incoming(project, form)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await incoming(project, form);
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect(text.form.get("Body")).toBe(`Acme Plumbing: Jane Doe (${phone}) replied: Can you come on Friday?`);
    expect(text.form.get("From")).toBe(TRACKING);
    await settled(project);
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
    expect((await messagesOf(project)).map(({ direction, lead_id, purpose, status }) => [direction, lead_id, purpose, status])).toEqual([
      ["out", lead, "reply_forward", "queued"],
      ["in", lead, "reply", "received"],
    ]);
    expect(twilio.dialsTo(project.owner)).toEqual([]);
    expect(await leadsOf(project)).toHaveLength(1);
  });

  it("from a number that nobody knows makes one lead, however many come at once, and rings nobody", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    await Promise.all([incoming(project, { From: phone, Body: "Do you do gutters?" }), incoming(project, { From: phone, Body: "Hello?" })]);
    const leads = await leadsOf(project);
    expect(leads).toHaveLength(1);
    expect(leads[0]).toMatchObject({ metadata: { source: "sms", status: "new", phone } });
    await settled(project);
    expect(new Set((await messagesOf(project)).map(({ lead_id }) => lead_id))).toEqual(new Set([leads[0]?.id]));
    expect(await callsOf(project)).toEqual([]);
  });

  it("that says CALL rings the owner at once about that lead, also when it comes twice", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    const form = { MessageSid: freshSid(), From: phone, Body: "Call me please!" };
    await incoming(project, form);
    await incoming(project, form);
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect((await callsOf(project)).map(({ lead_id }) => lead_id)).toEqual([lead]);
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    expect(twilio.textsTo(project.owner)).toEqual([]);
  });

  it("that says CALL from a number that nobody knows makes the lead and rings about it", async () => {
    const project = await makeProject();
    await incoming(project, { From: freshPhone(), Body: "CALL" });
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect((await callsOf(project)).map(({ lead_id }) => lead_id)).toEqual((await leadsOf(project)).map(({ id }) => id));
  });

  it("goes to the owner at most five times an hour for one lead; all are kept", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    for (let i = 0; i < 7; i++) await incoming(project, { From: phone, Body: `number ${i}` });
    await settled(project);
    expect(twilio.textsTo(project.owner)).toHaveLength(5);
    expect((await messagesOf(project)).filter(({ direction }) => direction === "in")).toHaveLength(7);
  });

  it("that is long is cut for the owner and kept whole", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    await incoming(project, { From: phone, Body: "x".repeat(1600), NumMedia: "2" });
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect(text.form.get("Body")?.length).toBe(480);
    expect((await messagesOf(project)).find(({ direction }) => direction === "in")?.body).toBe(`${"x".repeat(1600)} [2 attached]`);
  });

  it("from a blocked number is kept and marked, goes to nobody and starts nothing", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    expect((await project.api("PUT", `/api/projects/${project.id}/blocklist/${phone}`, {})).status).toBe(204);
    await incoming(project, { From: phone, Body: "CALL" });
    await incoming(project, { From: phone, Body: "Buy now" });
    expect((await messagesOf(project)).map(({ status, direction }) => [direction, status])).toEqual([["in", "blocked"], ["in", "blocked"]]);
    expect([await leadsOf(project), await callsOf(project), await runsOf(project)]).toEqual([[], [], []]);
  });

  it("of another project's customer touches this project only", async () => {
    const [mine, other] = [await makeProject(), await makeProject()];
    const phone = freshPhone();
    const lead = await addLead(other, phone);
    await incoming(mine, { From: phone, Body: "STOP texting me" });
    expect([await messagesOf(other), await optOutsOf(other, phone)]).toEqual([[], []]);
    expect((await leadOf(other, lead)).metadata.status).toBe("called");
  });
});

describe("a stop", () => {
  it.each([
    // Twilio answers its own keywords; so does Advanced Opt-Out.
    ["STOP", {}, ["sms"], 0],
    ["Stop texting me", {}, ["sms"], 1],
    ["don't call me", {}, ["call", "sms"], 1],
    ["Ferma", { OptOutType: "STOP" }, ["sms"], 0],
  ])("in the words %j is heeded for the right channels and confirmed once", async (Body, extra, channels, confirmations) => {
    const project = await makeProject();
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    const form = { MessageSid: freshSid(), From: phone, Body, ...extra };
    await incoming(project, form);
    await incoming(project, form);
    await incoming(project, { From: phone, Body, ...extra });
    expect(await optOutsOf(project, phone)).toEqual(channels);
    expect((await leadOf(project, lead)).metadata.status).toBe("opted_out");
    await settled(project);
    const texts = twilio.textsTo(phone);
    expect(texts).toHaveLength(confirmations);
    for (const text of texts) expect(text.form.get("Body")).toBe("Acme Plumbing: you will get no more texts from us. Reply START to undo this.");
    expect(twilio.textsTo(project.owner)).toEqual([]);
    expect((await auditOf(project)).filter(({ action }) => action === "opt_out.added").length).toBeGreaterThan(0);
  });

  it("is undone by START, and the lead is what it was", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    const lead = await addLead(project, phone, { status: "quoted" });
    await incoming(project, { From: phone, Body: "don't call me" });
    await settled(project);
    await incoming(project, { From: phone, Body: "START" });
    expect(await optOutsOf(project, phone)).toEqual([]);
    expect((await leadOf(project, lead)).metadata).not.toHaveProperty("status_before_opt_out");
    expect((await leadOf(project, lead)).metadata.status).toBe("quoted");
    expect((await auditOf(project)).map(({ action }) => action)).toContain("opt_out.removed");
  });

  it("of one of the owner's people is heeded as anybody's", async () => {
    const project = await makeProject();
    await incoming(project, { From: project.owner, Body: "stop texting me" });
    expect(await optOutsOf(project, project.owner)).toEqual(["sms"]);
    await settled(project);
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
    await incoming(project, { From: freshPhone(), Body: "hello" });
    await settled(project);
    expect(twilio.textsTo(project.owner)).toHaveLength(1);
    expect((await messagesOf(project)).filter(({ purpose }) => purpose === "reply_forward").map(({ status }) => status)).toEqual(["refused"]);
  });

  it("is not a call for help: HELP is answered with who we are, not forwarded", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    await incoming(project, { From: phone, Body: "HELP" });
    const text = await twilio.until(() => twilio.textsTo(phone)[0]);
    expect(text.form.get("Body")).toContain("Acme Plumbing");
    expect(text.form.get("Body")).toContain(TRACKING);
    await settled(project);
    expect([twilio.textsTo(project.owner), await leadsOf(project)]).toEqual([[], []]);
  });
});

describe("the owner's feedback", () => {
  it.each([
    ["1", { status: "won" }],
    ["1 450", { status: "won", amount: 450, currency: "NZD" }],
    ["2", { status: "quoted" }],
    ["3", { status: "lost" }],
    ["4", { status: "no_answer" }],
  ])("%j becomes the lead's status", async (Body, metadata) => {
    const project = await makeProject();
    const lead = await addLead(project, freshPhone());
    await askFeedback(project, lead, "call_1");
    const form = { MessageSid: freshSid(), From: project.owner, Body };
    await incoming(project, form);
    await incoming(project, form);
    expect((await leadOf(project, lead)).metadata).toMatchObject(metadata);
    expect((await auditOf(project)).filter(({ action }) => action === "lead.feedback")).toHaveLength(1);
    await settled(project);
    expect((await runsOf(project)).map(({ action, status }) => [action, status])).toEqual(Body === "4" ? [] : [["end_chase", "succeeded"]]);
    expect((await messagesOf(project)).find(({ direction }) => direction === "in")).toMatchObject({ party: "owner", purpose: "feedback", lead_id: lead, call_id: "call_1" });
  });

  it("answers the newest question first, then the one before; an amount may come by itself", async () => {
    const project = await makeProject();
    const [older, newer] = [await addLead(project, freshPhone()), await addLead(project, freshPhone())];
    await askFeedback(project, older, "call_1", 60_000);
    await askFeedback(project, newer, "call_2");
    await incoming(project, { From: project.owner, Body: "1" });
    await incoming(project, { From: project.owner, Body: "$1,450.50" });
    await incoming(project, { From: project.owner, Body: "3" });
    await incoming(project, { From: project.owner, Body: "2" });
    expect((await leadOf(project, newer)).metadata).toMatchObject({ status: "won", amount: 1450.5, currency: "NZD" });
    expect((await leadOf(project, older)).metadata).toMatchObject({ status: "lost" });
    expect((await messagesOf(project)).filter(({ direction, purpose }) => direction === "in" && purpose === "reply").map(({ body }) => body)).toEqual(["2"]);
  });

  it("is not what other words of an owner are: those are kept, and nothing changes", async () => {
    const project = await makeProject();
    const lead = await addLead(project, freshPhone());
    await askFeedback(project, lead, "call_1");
    await incoming(project, { From: project.owner, Body: "who was that?" });
    expect((await leadOf(project, lead)).metadata.status).toBe("called");
    expect((await messagesOf(project))[0]).toMatchObject({ party: "owner", purpose: "reply", lead_id: null });
    expect(await leadsOf(project)).toHaveLength(1);
  });

  it("is not what a customer's numbers are", async () => {
    const project = await makeProject();
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    await askFeedback(project, lead, "call_1");
    await incoming(project, { From: phone, Body: "1 450" });
    expect((await leadOf(project, lead)).metadata.status).toBe("called");
  });
});

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

describe("a lead's timeline", () => {
  it("has its calls' events and its texts in one order, and is no stranger's", async () => {
    const [project, stranger] = [await makeProject(), await makeProject()];
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    await incoming(project, { From: phone, Body: "Are you open?" });
    await settled(project);
    await incoming(project, { From: phone, Body: "CALL" });
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const entries = async () => items(z.looseObject({ at: z.string(), kind: z.string(), event: z.string() })).parse(await (await project.api("GET", `/api/entities/${lead}/timeline`)).json()).items;
    await vi.waitUntil(async () => (await entries()).some(({ event }) => event === "dialed"), { timeout: 20_000, interval: 20 });
    const story = await entries();
    expect(story.map(({ event }) => event).toReversed().slice(0, 3)).toEqual(["sms_in", "sms_out", "sms_in"]);
    expect(story.map(({ event }) => event)).toEqual(expect.arrayContaining(["received", "dialed"]));
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).toSorted().toReversed());
    expect((await stranger.api("GET", `/api/entities/${lead}/timeline`)).status).toBe(404);
    expect(items(messageSchema).parse(await (await stranger.api("GET", `/api/messages?lead_id=${lead}`)).json()).items).toEqual([]);
  });
});

describe("the blocklist", () => {
  it("is listed, says why, marks spam, can be taken back, and leaves no phone in the audit log", async () => {
    const [project, stranger] = [await makeProject(), await makeProject()];
    const phone = freshPhone();
    const lead = await addLead(project, phone);
    const path = `/api/projects/${project.id}/blocklist`;
    expect((await project.api("PUT", `${path}/${phone}`, { reason: "spam" })).status).toBe(204);
    expect((await leadOf(project, lead)).metadata.status).toBe("spam");
    expect(await (await project.api("GET", path)).json()).toMatchObject({ items: [{ phone_number: phone, reason: "spam" }], next_cursor: null });
    expect((await project.api("GET", `${path}/${phone}`)).status).toBe(200);
    for (const [method, body] of [["GET", undefined], ["DELETE", undefined], ["PUT", {}]] as const) expect((await stranger.api(method, `${path}/${phone}`, body)).status).toBe(404);
    expect((await project.api("PUT", `${path}/hello`, {})).status).toBe(422);
    expect((await project.api("DELETE", `${path}/${phone}`)).status).toBe(204);
    expect((await project.api("DELETE", `${path}/${phone}`)).status).toBe(404);
    const log = await (await project.api("GET", "/api/audit")).text();
    expect(log).toContain("blocklist.removed");
    expect(log).not.toContain(phone);
  });
});
