import { describe, expect, test } from "vitest";
import type { Stage} from "../testing/stage.ts";
import { OUR_NUMBER, type Form } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";
import { segmentsOf } from "./message.ts";

const stage = await useStage(({ product }) => product.on("/sms", 204));

async function send(to: string, change: Form = {}): ReturnType<Stage["api"]> {
  const answer = await stage.api("POST", "/Messages.json", { To: to, From: OUR_NUMBER, Body: "Your plumber is on the way", StatusCallback: `${stage.product.url}/sms-status`, ...change });
  await stage.sandbox.idle();
  return answer;
}

describe("a text message", () => {
  test.each<[to: string, statuses: string[], code: string | null]>([
    ["+64211234567", ["queued", "sent", "delivered"], null],
    ["+64215559918", ["queued", "sent", "undelivered"], "30003"],
    ["+64215559917", ["queued", "sent", "undelivered"], "30006"],
    ["+64215559919", ["queued", "failed"], "30008"],
  ])("to %s goes through %j", async (to, statuses, code) => {
    const { status, body } = await send(to);
    expect([status, body["status"]]).toEqual([201, "queued"]);
    expect(stage.product.fields("/sms-status", "MessageStatus")).toEqual(statuses);
    expect(stage.product.at("/sms-status").at(-1)?.form.get("ErrorCode")).toBe(code);
    expect((await stage.api("GET", `/Messages/${String(body["sid"])}.json`)).body).toMatchObject({ status: statuses.at(-1), error_code: code === null ? null : Number(code) });
  });

  test.each<[to: string, change: Form, code: number]>([
    ["+64215559916", {}, 21610],
    ["+64215559912", {}, 21614],
    ["+64215559911", {}, 21211],
    ["", {}, 21604],
    ["021", {}, 21211],
    ["+64211234567", { From: "" }, 21603],
    ["+64211234567", { Body: "" }, 21602],
    ["+64211234567", { Body: "x".repeat(1601) }, 21617],
    ["+64211234567", { StatusCallback: "nowhere" }, 21609],
  ])("to %j with %j is refused with %i", async (to, change, code) => {
    const { status, body } = await send(to, change);
    expect([status, body["code"]]).toEqual([400, code]);
  });

  test("is counted in segments by its letters", () => {
    expect([segmentsOf("x".repeat(160)), segmentsOf("x".repeat(161)), segmentsOf(`ō${"x".repeat(69)}`), segmentsOf(`ō${"x".repeat(70)}`)]).toEqual([1, 2, 1, 2]);
  });

  test("is answered by whoever is told what to say: the first that arrives, and no other", async () => {
    stage.sandbox.setNumber("+64211234599", { sms_reply: { body: "Yes please", url: `${stage.product.url}/sms` } });
    await send("+64211234599");
    await send("+64211234599");
    expect(stage.product.at("/sms").filter(({ form }) => form.get("From") === "+64211234599").map(({ form }) => [form.get("Body"), form.get("To")])).toEqual([["Yes please", OUR_NUMBER]]);
  });

  test("can be listed and deleted", async () => {
    const { body } = await send("+64211234567");
    expect((await stage.api("GET", "/Messages.json?To=%2B64211234567")).body["messages"]).toHaveLength(1);
    expect((await stage.api("DELETE", `/Messages/${String(body["sid"])}.json`)).status).toBe(204);
    expect((await stage.api("GET", "/Messages.json")).body["messages"]).toEqual([]);
  });
});

describe("a message that comes in", () => {
  async function receive(body: string, more: object = {}): Promise<void> {
    const { status } = await stage.control("POST", "/twilio/incoming-message", { to: OUR_NUMBER, from: "+64211234567", body, url: `${stage.product.url}/sms`, ...more });
    expect(status).toBe(201);
    await stage.sandbox.idle();
  }

  test("is passed on, and TwiML sends an answer", async () => {
    stage.product.on("/sms", "<Response><Message>See you at two</Message></Response>");
    await receive("When do you come?");
    expect(Object.fromEntries(stage.product.at("/sms")[0]?.form ?? [])).toMatchObject({ From: "+64211234567", To: OUR_NUMBER, Body: "When do you come?", NumMedia: "0", SmsStatus: "received" });
    expect(stage.sandbox.events({ kind: "sms" }).at(-1)).toMatchObject({ direction: "outbound-reply", to: "+64211234567", body: "See you at two", status: "delivered" });
  });

  test("STOP closes the way to its sender until START", async () => {
    await receive(" stop ");
    expect((await send("+64211234567")).body["code"]).toBe(21610);
    await receive("START");
    expect((await send("+64211234567")).status).toBe(201);
  });

  test("an answer to somebody who said STOP is refused, and noted", async () => {
    stage.product.on("/sms", "<Response><Message>Sorry to see you go</Message></Response>");
    await receive("STOP");
    expect(stage.sandbox.events({ kind: "error" })).toMatchObject([{ code: 21610 }]);
  });

  test("says that a keyword was recognised only through a Messaging Service", async () => {
    await receive("STOP");
    await receive("STOP", { messaging_service_sid: "MG1" });
    expect(stage.product.fields("/sms", "OptOutType")).toEqual([null, "STOP"]);
  });
});
