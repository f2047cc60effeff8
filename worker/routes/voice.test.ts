import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { fromTwilio, makeProject, postForm, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

const callSchema = z.looseObject({
  id: z.string(),
  lead_id: z.string(),
  status: z.string(),
  end_reason: z.string().nullable(),
  call_sid: z.string().nullable(),
  timeline: z.array(z.looseObject({ at: z.string(), event: z.string() })),
  latency: z.object({ form_to_dial_ms: z.number().nullable(), form_to_owner_answer_ms: z.number().nullable(), form_to_connected_ms: z.number().nullable() }),
});
type Call = z.infer<typeof callSchema>;

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const callOf = async (project: TestProject): Promise<Call | undefined> =>
  z.object({ items: z.array(callSchema) }).parse(await (await project.api("GET", `/api/calls?project_id=${project.id}`)).json()).items[0];

/** Waits until lists show what the object knows. */
const callWhen = async (project: TestProject, isSo: (call: Call) => boolean): Promise<Call> => {
  const seen = async (): Promise<Call | undefined> => {
    const call = await callOf(project);
    return call && isSo(call) ? call : undefined;
  };
  return vi.waitUntil<Call | undefined>(seen, { timeout: 20_000, interval: 20 });
};

/** A lead whose owner's phone rings, with the addresses that Twilio was given. */
const ringing = async (dna?: string) => {
  const project = await makeProject(dna);
  await postForm(project, { name: "Jane & <Doe>", phone: "021 123 4567", message: 'Burst pipe "now"' });
  const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
  const call = await twilio.until(() => twilio.calls.find((one) => one.to === dial.form.get("To")));
  return { project, dial, sid: call.sid, whisper: dial.form.get("Url") ?? "", status: dial.form.get("StatusCallback") ?? "" };
};

const text = async (response: Response): Promise<string> => response.text();
const attribute = (xml: string, name: string): string => (new RegExp(`${name}="([^"]*)"`).exec(xml)?.[1] ?? "").replaceAll("&amp;", "&");

describe("the dial", () => {
  it("asks Twilio for every step of the ring, with the project's number and its own signed addresses", async () => {
    const { project, dial } = await ringing();
    expect(dial.path).toBe("/2010-04-01/Accounts/ACtest/Calls.json");
    expect(dial.form.getAll("StatusCallbackEvent")).toEqual(["initiated", "ringing", "answered", "completed"]);
    expect(Object.fromEntries(dial.form)).toMatchObject({ To: project.owner, From: "+6495550100", Timeout: "25" });
    expect(dial.form.get("Url")).toMatch(/^https:\/\/apex\.test\/api\/voice\/whisper\?/);
  });
});

describe("the owner's leg", () => {
  it("hears who it is, escaped, and is asked for one key; without one the call hangs up", async () => {
    const { sid, whisper } = await ringing();
    const response = await fromTwilio(whisper, { CallSid: sid, CallStatus: "in-progress" });
    expect(response.headers.get("Content-Type")).toContain("text/xml");
    const xml = await text(response);
    expect(xml).toContain("New lead for Acme Plumbing. Jane &amp; &lt;Doe&gt;. Burst pipe &quot;now&quot;".replaceAll("&quot;", '"'));
    expect(xml).toMatch(/<Gather input="dtmf" numDigits="1"[^>]*>.*<\/Gather><Hangup\/>/);
  });

  it("is connected on 1: notice first, both channels recorded, bridged on answer", async () => {
    const { sid, whisper } = await ringing();
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    const connect = await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "1" }));
    expect(connect).toContain('record="record-from-answer-dual"');
    expect(connect).toContain('answerOnBridge="true"');
    expect(connect).toMatch(/<Say[^>]*>Connecting\. This call is recorded\.<\/Say><Dial/);
    expect(connect).toContain(">+64211234567</Number>");
    const notice = await text(await fromTwilio(/<Number[^>]* url="([^"]*)"/.exec(connect)?.[1]?.replaceAll("&amp;", "&") ?? "", { CallSid: "CAcustomer" }));
    expect(notice).toContain("This call is recorded for quality.");
    expect(notice).not.toContain("<Dial");
    // Twilio repeats a request that it got no answer to: the same answer again.
    expect(await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "1" }))).toBe(connect);
  });

  it("hears the whisper again on 2", async () => {
    const { sid, whisper } = await ringing();
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    expect(await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "2" }))).toBe(asked);
  });

  it.each(["0", "9"])("is hung up on %s, and the call is over", async (digit) => {
    const { project, sid, whisper } = await ringing();
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    expect(await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: digit }))).toContain("<Hangup/>");
    expect((await callWhen(project, (call) => call.status === "ended")).end_reason).toBe("owner_declined");
  });

  it("does not start the recording by TwiML in a strict project, but through the API after both notices", async () => {
    const owner = "+64211003333";
    const { sid, whisper } = await ringing(`modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}", recording: {strict: true}}}}`);
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    const connect = await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "1" }));
    expect(connect).not.toContain("record=");
    const notice = await text(await fromTwilio(/<Number[^>]* url="([^"]*)"/.exec(connect)?.[1]?.replaceAll("&amp;", "&") ?? "", { CallSid: "CAcustomer" }));
    const started = (): boolean => twilio.requests.some((wire) => wire.path.endsWith(`/Calls/${sid}/Recordings.json`));
    expect(started()).toBe(false);
    const done = /<Redirect[^>]*>([^<]*)<\/Redirect>/.exec(notice)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(await text(await fromTwilio(done, { CallSid: "CAcustomer" }))).toMatch(/<Response\s*\/>/);
    await twilio.until(() => started() || undefined);
  });
});

describe("the ledger", () => {
  it("keeps every step with its time, and the lead follows", async () => {
    const { project, sid, whisper, status } = await ringing();
    await fromTwilio(status, { CallSid: sid, CallStatus: "ringing" });
    const asked = await text(await fromTwilio(whisper, { CallSid: sid }));
    const connect = await text(await fromTwilio(attribute(asked, "action"), { CallSid: sid, Digits: "1" }));
    const customerStatus = /<Number[^>]* statusCallback="([^"]*)"/.exec(connect)?.[1]?.replaceAll("&amp;", "&") ?? "";
    await fromTwilio(customerStatus, { CallSid: "CAcustomer", CallStatus: "ringing" });
    await fromTwilio(customerStatus, { CallSid: "CAcustomer", CallStatus: "in-progress" });
    const dialDone = /<Dial[^>]* action="([^"]*)"/.exec(connect)?.[1]?.replaceAll("&amp;", "&") ?? "";
    await fromTwilio(dialDone, { CallSid: sid, DialCallStatus: "completed", DialBridged: "true", DialCallDuration: "42" });
    await fromTwilio(status, { CallSid: sid, CallStatus: "completed" });
    const call = await callWhen(project, (one) => one.status === "ended");
    const steps = call.timeline.map((entry) => entry.event).filter((event) => !event.startsWith("sms_"));
    expect(steps).toEqual(["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "customer_ringing", "customer_answered", "connected", "ended"]);
    expect(call).toMatchObject({ end_reason: "connected", call_sid: sid, duration_s: 42 });
    expect(call.latency.form_to_connected_ms).toBeGreaterThanOrEqual(call.latency.form_to_owner_answer_ms ?? Infinity);
    const lead = await (await project.api("GET", `/api/entities/${call.lead_id}`)).json();
    expect(lead).toMatchObject({ metadata: { status: "called", call_sid: sid, call_duration: 42 } });
  });
});

describe("who may call back", () => {
  const paths = ["whisper", "connect", "status", "recording-status", "notice", "notice-done", "dial-done", "customer-status"];

  it.each(paths)("/api/voice/%s refuses what Twilio did not sign, and changes nothing", async (path) => {
    const { project, whisper, status, sid } = await ringing();
    const url = whisper.replace("/whisper?", `/${path}?`).replace("https://apex.test", "");
    for (const signature of [undefined, "bm90IGl0"]) {
      const response = await request(url, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", ...(signature === undefined ? {} : { "X-Twilio-Signature": signature }) },
        body: `CallSid=${sid}&CallStatus=completed&Digits=1`,
      });
      expect(response.status).toBe(403);
    }
    // A genuine report shows that everything before it has been seen.
    await fromTwilio(status, { CallSid: sid, CallStatus: "ringing" });
    const call = await callWhen(project, (one) => one.timeline.some((entry) => entry.event === "owner_ringing"));
    expect(call.timeline.map((entry) => entry.event)).toEqual(["received", "dialed", "owner_ringing"]);
  });

  it("a signature for one address does not open another", async () => {
    const { whisper, sid } = await ringing();
    const form = { CallSid: sid };
    const { getExpectedTwilioSignature } = await import("twilio/lib/webhooks/webhooks.js");
    const response = await request(whisper.replace("https://apex.test", "").replace(/leg=[^&]+/, "leg=other"), {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": getExpectedTwilioSignature(env.TWILIO_AUTH_TOKEN, whisper, form) },
      body: new URLSearchParams(form).toString(),
    });
    expect(response.status).toBe(403);
  });

  it.each(paths)("/api/voice/%s answers 200 about a call that we don't know", async (path) => {
    for (const query of ["", "?tenant=ten_x&project=acme&call=call_x&leg=n"]) {
      const response = await fromTwilio(`https://apex.test/api/voice/${path}${query}`, { CallSid: "CAunknown", CallStatus: "completed", RecordingSid: "REx", RecordingStatus: "completed", Digits: "1" });
      expect(response.status).toBe(200);
      expect(await response.text()).toMatch(/<Response(\s*\/>|>.*<\/Response>)/);
    }
  });
});
