import { describe, expect, test } from "vitest";
import { OUR_NUMBER } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage(({ product }) => product.on("/answer", "<Response><Hangup/></Response>"));

const form = (): { To: string; From: string; Url: string } => ({ To: "+64211234567", From: OUR_NUMBER, Url: `${stage.product.url}/answer` });
const calls = async (): Promise<number> => {
  const list = (await stage.api("GET", "/Calls.json")).body["calls"];
  return Array.isArray(list) ? list.length : -1;
};

describe("faults of the API", () => {
  test("before: nothing is created, as often as was said", async () => {
    await stage.control("PUT", "/twilio/faults", { calls: { mode: "before", status: 503, times: 2 } });
    expect((await stage.api("POST", "/Calls.json", form())).status).toBe(503);
    expect((await stage.api("POST", "/Calls.json", form())).status).toBe(503);
    expect(await calls()).toBe(0);
    expect((await stage.api("POST", "/Calls.json", form())).status).toBe(201);
  });

  test.each([500, "destroy", "hang"] as const)("after (%s): the call is made and its answer lost", async (status) => {
    stage.sandbox.setTwilioFaults({ calls: { mode: "after", status, times: 1 } });
    const controller = new AbortController();
    const lost = stage
      .fetch(`/2010-04-01/Accounts/${stage.sandbox.accountSid}/Calls.json`, { method: "POST", body: new URLSearchParams(form()), signal: controller.signal })
      .then((response) => response.status, () => "lost");
    await stage.sandbox.event((event) => event.kind === "call" && event["status"] === "completed");
    controller.abort();
    expect(await lost).toBe(status === 500 ? 500 : "lost");
    await stage.sandbox.idle();
    expect(await calls()).toBe(1);
  });

  test("429 says when to come back", async () => {
    stage.sandbox.setTwilioFaults({ messages: { status: 429, retry_after_s: 7, times: 1 } });
    const answer = await stage.api("POST", "/Messages.json", { To: "+64211234567", From: OUR_NUMBER, Body: "Hi" });
    expect([answer.status, answer.body["code"], answer.headers.get("retry-after")]).toEqual([429, 20429, "7"]);
  });

  test("reads and updates can fail too, and null ends a fault", async () => {
    const sid = await stage.callThrough("+64211234567");
    stage.sandbox.setTwilioFaults({ reads: {}, updates: { status: 500 } });
    expect(await stage.api("GET", `/Calls/${sid}.json`)).toMatchObject({ status: 503 });
    expect(await stage.api("DELETE", `/Calls/${sid}.json`)).toMatchObject({ status: 500 });
    stage.sandbox.setTwilioFaults({ reads: null, updates: null });
    expect(await stage.statusOf(sid)).toBe("completed");
  });

  test.each([{ call: {} }, { calls: { mode: "sometimes" } }, { callbacks: { drop: "all" } }, "x"])("a mistake in them is told: %j", async (faults) => {
    expect((await stage.control("PUT", "/twilio/faults", faults)).status).toBe(400);
  });
});

describe("faults of callbacks", () => {
  const statuses = (): (string | null)[] => stage.product.fields("/status", "CallStatus");

  test("twice: each comes again with the same token", async () => {
    stage.sandbox.setTwilioFaults({ callbacks: { duplicate: 1 } });
    await stage.callThrough("+64211234567");
    expect(statuses()).toEqual(["initiated", "initiated", "ringing", "ringing", "in-progress", "in-progress", "completed", "completed"]);
    expect(new Set(stage.product.at("/status").map((webhook) => webhook.headers["i-twilio-idempotency-token"])).size).toBe(4);
  });

  test("out of order: neighbours change places, and sequence numbers tell", async () => {
    stage.sandbox.setTwilioFaults({ callbacks: { shuffle: true } });
    await stage.callThrough("+64211234567");
    expect(stage.product.fields("/status", "SequenceNumber")).toEqual(["1", "0", "3", "2"]);
  });

  test("lost: by event, or the first few", async () => {
    stage.sandbox.setTwilioFaults({ callbacks: { drop: ["ringing", "completed"] } });
    await stage.callThrough("+64211234567");
    expect(statuses()).toEqual(["initiated", "in-progress"]);
    stage.sandbox.setTwilioFaults({ callbacks: { drop: 3 } });
    await stage.callThrough("+64211234567");
    expect(statuses()).toEqual(["initiated", "in-progress", "completed"]);
  });

  test("late: the call does not wait for them", async () => {
    stage.sandbox.setTwilioFaults({ callbacks: { delay_ms: 50 } });
    const sid = await stage.call("+64211234567");
    await stage.sandbox.event((event) => event["call_sid"] === sid && event["status"] === "completed");
    expect(statuses()).toEqual([]);
    await stage.sandbox.idle();
    expect(new Set(statuses())).toEqual(new Set(["initiated", "ringing", "in-progress", "completed"]));
  });

  test("documents are never touched", async () => {
    stage.sandbox.setTwilioFaults({ callbacks: { drop: 100, duplicate: 3 } });
    await stage.callThrough("+64211234567");
    expect(stage.product.received.map((webhook) => webhook.path)).toEqual(["/answer"]);
  });
});
