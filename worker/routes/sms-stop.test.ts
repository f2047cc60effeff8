import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProject } from "../../test/support/api.ts";
import type { TwilioWire } from "../../test/support/twilio-wire.ts";
import { addLead, auditOf, freshPhone, freshSid, incoming, leadOf, leadsOf, messagesOf, optOutsOf, settled, standInForTexts, TRACKING } from "./sms.testing.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTexts();
});
afterAll(() => twilio.restore());

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
