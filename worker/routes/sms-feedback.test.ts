import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../core/ids.ts";
import { fresh, makeProject, type TestProject } from "../../test/support/api.ts";
import type { TwilioWire } from "../../test/support/twilio-wire.ts";
import { addLead, auditOf, freshPhone, freshSid, incoming, leadOf, leadsOf, messagesOf, runsOf, settled, standInForTexts, TRACKING } from "./sms.testing.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTexts();
});
afterAll(() => twilio.restore());

/** A question for feedback, as the end of a call sends it. */
const askFeedback = async (project: TestProject, lead_id: string, call_id: string, agoMs = 0): Promise<void> => {
  const now = Date.now() - agoMs;
  await env.DB.prepare(
    `INSERT INTO messages (id, tenant_id, project_id, lead_id, call_id, direction, party, purpose, phone_from, phone_to, body, key, sid, status, attempts, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 'out', 'owner', 'feedback', ?6, ?7, 'How did it go?', ?8, ?9, 'delivered', 1, ?10, ?10)`,
  ).bind(newId("msg", now), project.tenant_id, project.id, lead_id, call_id, TRACKING, project.owner, `${call_id}:feedback`, fresh("SMf"), now).run();
};

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
