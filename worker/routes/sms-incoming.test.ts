import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { fromTwilio, makeProject, request, type TestProject } from "../../test/support/api.ts";
import type { TwilioWire } from "../../test/support/twilio-wire.ts";
import { addLead, freshPhone, freshSid, incoming, items, leadOf, leadsOf, messageSchema, messagesOf, optOutsOf, runsOf, settled, standInForTexts, TRACKING } from "./sms.testing.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTexts();
});
afterAll(() => twilio.restore());

const callsOf = async (project: TestProject) => items(z.looseObject({ id: z.string(), lead_id: z.string() })).parse(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).items;

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
