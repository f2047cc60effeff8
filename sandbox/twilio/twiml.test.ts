import { describe, expect, test } from "vitest";
import type { Stage } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage();

const heard = (): unknown[] => stage.sandbox.events({ kind: "call" }).filter((event) => event["heard"] !== undefined).map((event) => event["text"]);
const errors = (): unknown[] => stage.sandbox.events({ kind: "error" }).map((event) => event["code"]);
const PERSON = "+64211234567";

describe("a document", () => {
  test("is asked for with the fields of the call, and its verbs run in order", async () => {
    stage.product.on("/answer", "<?xml version=\"1.0\"?><!-- hello --><Response><Say>One &amp; two &#39;three&#39;</Say><Pause/><Play>/x.mp3</Play><Say>Four</Say></Response>");
    const sid = await stage.callThrough(PERSON);
    const [request] = stage.product.at("/answer");
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      CallSid: sid, AccountSid: stage.sandbox.accountSid, To: PERSON, From: "+6491234567", CallStatus: "in-progress", Direction: "outbound-api", ApiVersion: "2010-04-01",
    });
    expect(heard()).toEqual(["One & two 'three'", "", "/x.mp3", "Four"]);
    expect(await stage.statusOf(sid)).toBe("completed");
  });

  test("can come with the call", async () => {
    await stage.callThrough(PERSON, { Url: "", Twiml: "<Response><Say>Hello</Say></Response>" });
    expect(heard()).toEqual(["Hello"]);
  });

  test("can redirect, relative to itself", async () => {
    stage.product.on("/a/first", "<Response><Redirect>second?x=1&amp;y=2</Redirect><Say>never</Say></Response>");
    stage.product.on("/a/second", "<Response><Say>Here</Say><Hangup/><Say>never</Say></Response>");
    await stage.callThrough(PERSON, { Url: `${stage.product.url}/a/first` });
    expect(stage.product.at("/a/second")[0]?.target).toBe("/a/second?x=1&y=2");
    expect(heard()).toEqual(["Here"]);
  });

  test.each<[what: string, answer: Parameters<Stage["product"]["on"]>[1], code: number]>([
    ["is not XML", { status: 200, type: "text/xml", body: "<Response><Say></Response>" }, 12100],
    ["has another root", { status: 200, type: "text/xml", body: "<Twiml/>" }, 12100],
    ["is empty", { status: 200, type: "text/xml", body: "" }, 12100],
    ["has a wrong content type", { status: 200, type: "application/json", body: "<Response/>" }, 12300],
    ["is too large", { status: 200, type: "text/xml", body: `<Response><Say>${"x".repeat(70_000)}</Say></Response>` }, 11750],
    ["comes with a 500", 500, 11200],
    ["comes with a 404", 404, 11200],
  ])("that %s ends the call as failed with its error", async (_what, answer, code) => {
    stage.product.on("/answer", answer);
    const sid = await stage.callThrough(PERSON);
    expect(await stage.statusOf(sid)).toBe("failed");
    expect(errors()).toContain(code);
  });

  test("is replaced by the fallback's, which is told why", async () => {
    stage.product.on("/answer", 500);
    stage.product.on("/fallback", "<Response><Say>Sorry</Say></Response>");
    await stage.callThrough(PERSON, { FallbackUrl: `${stage.product.url}/fallback` });
    expect(stage.product.fields("/fallback", "ErrorCode")).toEqual(["11200"]);
    expect(heard()).toEqual(["Sorry"]);
  });

  test("that goes round in circles is stopped", async () => {
    stage.product.on("/answer", "<Response><Redirect/></Response>");
    const sid = await stage.callThrough(PERSON);
    expect(await stage.statusOf(sid)).toBe("failed");
  });

  test("may hold verbs that are not played here; that is noted", async () => {
    stage.product.on("/answer", "<Response><Conference/><Say>Still here</Say></Response>");
    await stage.callThrough(PERSON);
    expect(errors()).toEqual([12200]);
    expect(heard()).toEqual(["Still here"]);
  });
});

describe("Gather", () => {
  test("falls through without input, unless actionOnEmptyResult asks for the action", async () => {
    stage.product.on("/answer", '<Response><Gather action="/key"/><Say>Nothing</Say><Gather action="/empty" actionOnEmptyResult="true"/></Response>');
    stage.product.on("/empty", "<Response/>");
    await stage.callThrough("+64215559909");
    expect(heard()).toEqual(["Nothing"]);
    expect(stage.product.at("/key")).toEqual([]);
    expect(stage.product.fields("/empty", "Digits")).toEqual([""]);
  });

  test("collects several keys, ends at finishOnKey and does not pass it on", async () => {
    stage.sandbox.setNumber(PERSON, { keys: ["12#", "345", "67"] });
    stage.product.on("/answer", '<Response><Gather action="/one"/></Response>');
    stage.product.on("/one", '<Response><Gather action="/two" numDigits="2"/></Response>');
    stage.product.on("/two", '<Response><Gather action="/three" numDigits="4" timeout="1"/></Response>');
    stage.product.on("/three", "<Response/>");
    await stage.callThrough(PERSON);
    expect(["/one", "/two", "/three"].flatMap((path) => stage.product.fields(path, "Digits"))).toEqual(["12", "34", "67"]);
  });

  test("without an action asks its own document again, by the method it names", async () => {
    stage.product.on("/answer", ({ form }) => (form.has("Digits") ? "<Response/>" : '<Response><Gather numDigits="1" method="GET"/></Response>'));
    await stage.callThrough(PERSON);
    expect(stage.product.at("/answer").map((webhook) => [webhook.method, webhook.form.get("Digits")])).toEqual([["POST", null], ["GET", "1"]]);
  });

  test("is too late for a person who needs longer than its timeout", async () => {
    stage.sandbox.setNumber(PERSON, { key_after_ms: 3000 });
    stage.product.on("/answer", '<Response><Gather action="/key" timeout="2"/></Response>');
    await stage.callThrough(PERSON);
    expect(stage.product.at("/key")).toEqual([]);
  });
});

describe("a call that comes in", () => {
  async function callIn(behaviour: object = {}, from = "+64277654321"): Promise<string> {
    const { status, body } = await stage.control("POST", "/twilio/incoming-call", {
      to: "+6491234567", from, url: `${stage.product.url}/incoming?project_id=p1`, status_callback: `${stage.product.url}/status`, behaviour,
    });
    expect(status).toBe(201);
    await stage.sandbox.idle();
    return String(body["call_sid"]);
  }

  test("rings until a verb answers it", async () => {
    stage.product.on("/incoming", "<Response><Say>Thanks for calling</Say></Response>");
    const sid = await callIn();
    const [request] = stage.product.at("/incoming");
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({ CallSid: sid, CallStatus: "ringing", Direction: "inbound", From: "+64277654321", To: "+6491234567" });
    expect(stage.product.fields("/status", "CallStatus")).toEqual(["completed"]);
  });

  test.each([["busy", "busy"], ["rejected", "no-answer"]])("is rejected with reason %s as %s, unanswered", async (reason, status) => {
    stage.product.on("/incoming", `<Response><Reject reason="${reason}"/></Response>`);
    const sid = await callIn();
    expect(await stage.statusOf(sid)).toBe(status);
  });

  test("leaves a message, which is recorded, and hangs up", async () => {
    stage.product.on("/incoming", '<Response><Record maxLength="120" action="/vm" recordingStatusCallback="/rec" recordingStatusCallbackEvent="completed absent"/></Response>');
    stage.product.on("/vm", "<Response><Say>nobody hears this</Say></Response>");
    await callIn();
    expect(stage.product.fields("/vm", "Digits")).toEqual(["hangup"]);
    expect(Number(stage.product.at("/vm")[0]?.form.get("RecordingDuration"))).toBeGreaterThan(2);
    expect(Object.fromEntries(stage.product.at("/rec")[0]?.form ?? [])).toMatchObject({ RecordingStatus: "completed", RecordingSource: "RecordVerb", RecordingChannels: "1", ErrorCode: "0" });
    expect(heard()).toEqual([]);
  });

  test("says nothing: the recording is absent and the next verb runs", async () => {
    stage.product.on("/incoming", '<Response><Record action="/vm" recordingStatusCallback="/rec" recordingStatusCallbackEvent="completed absent"/><Say>Goodbye</Say></Response>');
    await callIn({}, "+64277659923");
    expect(stage.product.fields("/rec", "RecordingStatus")).toEqual(["absent"]);
    expect(stage.product.fields("/rec", "ErrorCode")).toEqual(["16102"]);
    expect(heard()).toEqual(["Goodbye"]);
    expect(stage.product.at("/vm")).toEqual([]);
  });

  test("presses # after the message and goes on with the action's document", async () => {
    stage.product.on("/incoming", '<Response><Record action="/vm"/></Response>');
    stage.product.on("/vm", "<Response><Say>Thank you</Say></Response>");
    await callIn({}, "+64277659925");
    expect(stage.product.fields("/vm", "Digits")).toEqual(["#"]);
    expect(heard()).toEqual(["Thank you"]);
  });
});
