import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { OUR_NUMBER } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";
import { NUMBER_TABLE } from "./behaviours.data.ts";

const stage = await useStage(({ product }) => {
  product.on("/answer", '<Response><Gather numDigits="1" timeout="8" action="/key"><Say>Press 1.</Say></Gather><Hangup/></Response>');
  product.on("/key", ({ form }) => (form.get("Digits") === "2" ? '<Response><Gather numDigits="1" action="/again"/></Response>' : "<Response><Hangup/></Response>"));
  product.on("/again", "<Response/>");
});

const statuses = (): (string | null)[] => stage.product.fields("/status", "CallStatus");
const ANSWERED = ["initiated", "ringing", "in-progress", "completed"];

test("the README shows the same numbers as the table", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `(99\d\d)` \| (.*) \|$/gm)].map((row) => [row[1], row[2]]);
  expect(rows).toEqual(NUMBER_TABLE.map((row) => [row.suffix, row.says]));
});

describe("a called number", () => {
  test.each<[to: string, statuses: string[], digits: (string | null)[]]>([
    ["+64211234567", ANSWERED, ["1"]],
    ["+64215559901", ANSWERED, ["1"]],
    ["+64215559902", ANSWERED, ["1"]],
    ["+64215559903", ["initiated", "ringing", "no-answer"], []],
    ["+64215559904", ["initiated", "busy"], []],
    ["+64215559905", ["initiated", "ringing", "busy"], []],
    ["+64215559906", ANSWERED, ["0"]],
    ["+64215559907", ANSWERED, ["9"]],
    ["+64215559908", ANSWERED, ["2"]],
    ["+64215559909", ANSWERED, []],
    ["+64215559910", ANSWERED, []],
    ["+64215559913", ["initiated", "failed"], []],
    ["+64215559914", ANSWERED, []],
    ["+64215559924", ANSWERED, []],
  ])("%s goes through %j and presses %j", async (to, expected, digits) => {
    await stage.callThrough(to);
    expect(statuses()).toEqual(expected);
    expect(stage.product.fields("/key", "Digits")).toEqual(digits);
  });

  test("9908 presses 1 at the second Gather", async () => {
    await stage.callThrough("+64215559908");
    expect(stage.product.fields("/again", "Digits")).toEqual(["1"]);
  });

  test("9924 presses 1 when it is asked again", async () => {
    stage.product.on("/answer", '<Response><Gather action="/key" numDigits="1"/><Gather action="/again" numDigits="1"/></Response>');
    await stage.callThrough("+64215559924");
    expect(stage.product.fields("/key", "Digits")).toEqual([]);
    expect(stage.product.fields("/again", "Digits")).toEqual(["1"]);
  });

  test("9902 is not reached by a call that gives up before 5 s", async () => {
    await stage.callThrough("+64215559902", { Timeout: "3" });
    expect(statuses()).toEqual(["initiated", "ringing", "no-answer"]);
  });

  test.each<[to: string, code: number]>([["+64215559911", 21211], ["+64215559912", 21217]])("%s is refused at POST with %i", async (to, code) => {
    const { status, body } = await stage.api("POST", "/Calls.json", { To: to, From: OUR_NUMBER, Url: `${stage.product.url}/answer` });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, status: 400 });
    expect(stage.sandbox.events({ kind: "call" })).toEqual([]);
  });

  test("a number can be given another behaviour, and lose it again", async () => {
    const { body } = await stage.control("PUT", "/twilio/numbers/+64211234567", { pickup: "busy" });
    expect(body).toMatchObject({ pickup: "busy" });
    await stage.callThrough("+64211234567");
    await stage.control("DELETE", "/twilio/numbers/+64211234567");
    await stage.callThrough("+64211234567");
    expect(statuses()).toEqual(["initiated", "busy", ...ANSWERED]);
  });

  test("a mistake in a behaviour is told", async () => {
    const { status, body } = await stage.control("PUT", "/twilio/numbers/+64211234567", { pick_up: "busy" });
    expect(status).toBe(400);
    expect(body["error"]).toContain("pick_up");
  });
});

describe("in a conversation", () => {
  beforeEach(() => {
    stage.product.on("/answer", ({ form }) => `<Response><Dial action="/done" record="record-from-answer-dual"><Number>${form.get("CallSid") === null ? "" : customer}</Number></Dial></Response>`);
    stage.product.on("/done", "<Response><Hangup/></Response>");
  });
  let customer = "+64220001111";

  test("9915 hangs up half-way: as the customer the owner's call goes on, as the owner it ends", async () => {
    customer = "+64220009901";
    await stage.callThrough("+64215559901");
    customer = "+64220009915";
    await stage.callThrough("+64215559901");
    const [whole, half] = stage.product.fields("/done", "DialCallDuration").map(Number);
    expect(half).toBeLessThan(whole ?? 0);
    expect(stage.product.fields("/done", "CallStatus")).toEqual(["in-progress", "in-progress"]);
    customer = "+64220009901";
    const sid = await stage.callThrough("+64215559915");
    expect(stage.product.fields("/done", "DialBridged")).toEqual(["true", "true", "true"]);
    expect(await stage.statusOf(sid)).toBe("completed");
  });

  test("9921 hangs up while the customer's phone rings, which is then canceled", async () => {
    customer = "+64220001111";
    const sid = await stage.callThrough("+64215559921");
    expect(stage.product.at("/done")[0]?.form.get("DialCallStatus")).toBe("canceled");
    expect(await stage.statusOf(sid)).toBe("completed");
    const child = stage.sandbox.events({ kind: "call" }).filter((event) => event["to"] === customer);
    expect(child.map((event) => event["status"])).toEqual(["queued", "initiated", "ringing", "canceled"]);
  });

  test("9922 stays on the line until the API ends the call", async () => {
    customer = "+64220009922";
    const sid = await stage.call("+64215559922");
    await stage.sandbox.event((event) => event["bridged_to"] !== undefined);
    expect(await stage.statusOf(sid)).toBe("in-progress");
    await stage.api("POST", `/Calls/${sid}.json`, { Status: "completed" });
    await stage.sandbox.idle();
    expect(await stage.statusOf(sid)).toBe("completed");
  });
});
