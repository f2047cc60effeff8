import { describe, expect, test } from "vitest";
import { ALL_EVENTS, OUR_NUMBER } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage(({ product }) => {
  product.on("/answer", '<Response><Gather numDigits="1" timeout="8" action="/key"><Say>Press 1.</Say></Gather><Hangup/></Response>');
  product.on("/key", "<Response><Hangup/></Response>");
  product.on("/dial", '<Response><Dial answerOnBridge="true" action="/done"><Number>+64215559926</Number></Dial></Response>');
  product.on("/hold", "<Response><Pause length=\"1\"/><Hangup/></Response>");
  product.on("/done", "<Response/>");
});

const tell = (number: string, word: string): Promise<{ status: number }> => stage.control("POST", "/twilio/told", { number, word });
const becomes = async (sid: string, status: string): Promise<void> => {
  await stage.sandbox.event((entry) => entry.kind === "call" && entry["call_sid"] === sid && entry["status"] === status);
};

describe("a person who is told from outside", () => {
  test("9927 presses the key when it is told, and nothing before", async () => {
    await stage.call("+64215559927");
    await stage.sandbox.event((entry) => entry.kind === "call" && entry["heard"] === "Say");
    expect(stage.product.fields("/key", "Digits")).toEqual([]);
    expect((await tell("+64215559927", "3")).status).toBe(204);
    await stage.sandbox.idle();
    expect(stage.product.fields("/key", "Digits")).toEqual(["3"]);
  });

  test("9926 rings until it is told to pick up", async () => {
    const sid = await stage.call("+64215559926");
    await becomes(sid, "ringing");
    await tell("+64215559926", "pick up");
    await stage.sandbox.idle();
    expect(stage.product.fields("/status", "CallStatus")).toEqual(["initiated", "ringing", "in-progress", "completed"]);
  });

  test("9926 rings until somebody ends the call", async () => {
    const sid = await stage.call("+64215559926");
    await becomes(sid, "ringing");
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "canceled" });
    await stage.sandbox.idle();
    expect(stage.product.fields("/status", "CallStatus").at(-1)).toBe("canceled");
  });

  test("9926 is rung by a Dial until it is told to pick up", async () => {
    await stage.api("POST", "/Calls.json", { To: "+64211234567", From: OUR_NUMBER, Url: `${stage.product.url}/dial`, StatusCallback: `${stage.product.url}/status`, StatusCallbackEvent: ALL_EVENTS });
    await stage.sandbox.event((entry) => entry.kind === "call" && entry["to"] === "+64215559926" && entry["status"] === "ringing");
    await tell("+64215559926", "pick up");
    await stage.sandbox.idle();
    expect(stage.product.fields("/done", "DialCallStatus")).toEqual(["completed"]);
  });

  test("nobody on the telephone is 404", async () => {
    expect((await tell("+64215550000", "1")).status).toBe(404);
  });
});

test("9928 keeps the line at a Pause until somebody ends the call", async () => {
  const { body } = await stage.api("POST", "/Calls.json", { To: "+64215559928", From: OUR_NUMBER, Url: `${stage.product.url}/hold` });
  await stage.sandbox.event((entry) => entry.kind === "call" && entry["heard"] === "Pause");
  await stage.api("POST", `/Calls/${String(body["sid"])}.json`, { Status: "completed" });
  await stage.sandbox.idle();
  expect((await stage.api("GET", `/Calls/${String(body["sid"])}.json`)).body["status"]).toBe("completed");
});
