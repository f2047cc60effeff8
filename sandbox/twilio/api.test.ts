import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isObject } from "../kit/json.ts";
import { OUR_NUMBER, Stage, type Form } from "../testing/stage.ts";
import { twilioSignature } from "./signature.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ accounts: { ACone: "token-one", ACtwo: "token-two" } });
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.reset();
  stage.product.received.length = 0;
  stage.product.on("/answer", "<Response><Hangup/></Response>");
});

const PERSON = "+64211234567";

describe("the login", () => {
  test.each<[what: string, headers: Record<string, string>, status: number, code: number]>([
    ["none", { Authorization: "" }, 401, 20003],
    ["a wrong token", { Authorization: `Basic ${btoa("ACone:no")}` }, 401, 20003],
    ["an unknown account", { Authorization: `Basic ${btoa("ACthree:token-one")}` }, 401, 20003],
    ["another account's", { Authorization: `Basic ${btoa("ACtwo:token-two")}` }, 404, 20404],
  ])("%s: %j gives %i, code %i", async (_what, headers, status, code) => {
    const response = await stage.fetch("/2010-04-01/Accounts/ACone/Calls.json", { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, status, more_info: `https://www.twilio.com/docs/errors/${code}` });
  });

  test("each account sees its own calls and is called back with its own signature", async () => {
    const headers = { Authorization: `Basic ${btoa("ACtwo:token-two")}` };
    const body = new URLSearchParams({ To: PERSON, From: OUR_NUMBER, Url: `${stage.product.url}/answer` });
    expect((await stage.fetch("/2010-04-01/Accounts/ACtwo/Calls.json", { method: "POST", headers, body })).status).toBe(201);
    await stage.sandbox.idle();
    const [webhook] = stage.product.at("/answer");
    expect(webhook?.headers["x-twilio-signature"]).toBe(twilioSignature("token-two", `${stage.product.url}/answer`, [...(webhook?.form ?? [])]));
    expect((await stage.api("GET", "/Calls.json")).body["calls"]).toEqual([]);
  });

  test("the account itself can be looked at, for a health check", async () => {
    expect((await stage.api("GET", ".json")).body).toMatchObject({ sid: "ACone", status: "active" });
  });
});

describe("POST Calls", () => {
  test("answers with a queued call that has not begun", async () => {
    const { status, body } = await stage.api("POST", "/Calls.json", { To: PERSON, From: OUR_NUMBER, Url: `${stage.product.url}/answer` });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: "queued", direction: "outbound-api", to: PERSON, from: OUR_NUMBER, start_time: null, end_time: null, duration: null, parent_call_sid: null });
    expect(body["sid"]).toMatch(/^CA[0-9a-f]{32}$/);
    expect(body["date_created"]).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    await stage.sandbox.idle();
    expect((await stage.api("GET", `/Calls/${String(body["sid"])}.json`)).body).toMatchObject({ status: "completed", duration: "1" });
  });

  test.each<[change: Form, code: number]>([
    [{ To: "" }, 21201],
    [{ From: "" }, 21213],
    [{ Url: "" }, 21205],
    [{ Url: "not a url" }, 21205],
    [{ To: "0211234567" }, 21211],
    [{ From: "whoever" }, 21212],
    [{ StatusCallback: "https://under_score.example/" }, 21609],
    [{ StatusCallback: "ftp://x.example/" }, 21609],
  ])("refuses %j with %i", async (change, code) => {
    const { status, body } = await stage.api("POST", "/Calls.json", { To: PERSON, From: OUR_NUMBER, Url: "https://a.example/", ...change });
    expect([status, body["code"]]).toEqual([400, code]);
  });

  test("without events named only tells the end, with both durations", async () => {
    await stage.callThrough(PERSON, { StatusCallbackEvent: [] });
    const [form, ...more] = stage.product.at("/status").map((webhook) => webhook.form);
    expect(more).toEqual([]);
    expect(Object.fromEntries(form ?? [])).toMatchObject({ CallStatus: "completed", CallDuration: "1", Duration: "1", SequenceNumber: "0", CallbackSource: "call-progress-events" });
  });
});

describe("the list of calls", () => {
  const sids = (body: Readonly<Record<string, unknown>>): unknown[] => (Array.isArray(body["calls"]) ? body["calls"].map((call: unknown) => (isObject(call) ? call["sid"] : call)) : []);

  test("is newest first, filtered, and paged", async () => {
    const first = await stage.callThrough(PERSON);
    const second = await stage.callThrough("+64215559903");
    const third = await stage.callThrough(PERSON);
    const list = async (query: string): Promise<unknown[]> => sids((await stage.api("GET", `/Calls.json${query}`)).body);
    expect(await list("")).toEqual([third, second, first]);
    expect(await list(`?To=${encodeURIComponent(PERSON)}&From=${encodeURIComponent(OUR_NUMBER)}`)).toEqual([third, first]);
    expect(await list("?Status=no-answer")).toEqual([second]);
    expect(await list("?PageSize=1&Page=1")).toEqual([second]);
    expect(await list("?StartTime%3E=2020-01-01")).toHaveLength(3);
    expect(await list("?StartTime%3C=2020-01-01")).toEqual([]);
    expect((await stage.api("GET", "/Calls.json?PageSize=2")).body["next_page_uri"]).toContain("Page=1");
  });

  test("has queued calls, which any filter by start time leaves out", async () => {
    stage.sandbox.setTwilioFaults({ calls: { mode: "accept-only" } });
    const sid = await stage.callThrough(PERSON);
    expect(sids((await stage.api("GET", `/Calls.json?To=${encodeURIComponent(PERSON)}`)).body)).toEqual([sid]);
    expect(sids((await stage.api("GET", "/Calls.json?StartTime%3E=2020-01-01")).body)).toEqual([]);
    expect(await stage.statusOf(sid)).toBe("queued");
  });

  test("loses a call that is deleted", async () => {
    const sid = await stage.callThrough(PERSON);
    expect((await stage.api("DELETE", `/Calls/${sid}.json`)).status).toBe(204);
    expect((await stage.api("GET", `/Calls/${sid}.json`)).body["code"]).toBe(20404);
  });
});

describe("a callback", () => {
  test("is signed over the URL exactly as it was given, and bears a token of its own", async () => {
    const url = `${stage.product.url}/answer/../answer%2Fx?lead=a%20b&q=%C3%A9&raw='1'`;
    stage.product.on("/answer/../answer%2Fx", "<Response/>");
    await stage.callThrough(PERSON, { Url: url });
    const [webhook] = stage.product.at("/answer/../answer%2Fx");
    expect(`${stage.product.url}${webhook?.target ?? ""}`).toBe(url);
    expect(webhook?.headers["x-twilio-signature"]).toBe(twilioSignature("token-one", url, [...(webhook?.form ?? [])]));
    const tokens = stage.product.received.map((received) => received.headers["i-twilio-idempotency-token"]);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test("by GET has its fields in the signed URL", async () => {
    await stage.callThrough(PERSON, { Url: `${stage.product.url}/answer?a=1`, Method: "GET" });
    const [webhook] = stage.product.at("/answer");
    expect(webhook?.method).toBe("GET");
    expect(webhook?.target).toMatch(/^\/answer\?a=1&CallSid=CA/);
    expect(webhook?.headers["x-twilio-signature"]).toBe(twilioSignature("token-one", `${stage.product.url}${webhook?.target ?? ""}`, []));
  });

  test("is not tried again after a 5xx, unless its URL says so; then with the same token", async () => {
    let failures = 2;
    stage.product.on("/status", () => (failures-- > 0 ? 503 : 204));
    await stage.callThrough(PERSON, { StatusCallback: `${stage.product.url}/status#rc=3&rp=5xx`, StatusCallbackEvent: "completed" });
    expect(stage.product.at("/status")).toHaveLength(3);
    expect(new Set(stage.product.at("/status").map((webhook) => webhook.headers["i-twilio-idempotency-token"])).size).toBe(1);
    expect(stage.product.at("/status").every((webhook) => webhook.headers["x-twilio-signature"] === twilioSignature("token-one", `${stage.product.url}/status`, [...webhook.form]))).toBe(true);
    failures = 1;
    await stage.callThrough(PERSON, { StatusCallbackEvent: "completed" });
    expect(stage.product.at("/status")).toHaveLength(4);
  });

  test("that finds nobody is tried once more and noted with 11205", async () => {
    await stage.callThrough(PERSON, { StatusCallback: "http://127.0.0.1:1/", StatusCallbackEvent: "completed" });
    expect(stage.sandbox.events({ kind: "callback" }).filter((event) => event["purpose"] === "call-status").map((event) => event["attempt"])).toEqual([1, 2]);
    expect(stage.sandbox.events({ kind: "error" }).map((event) => event["code"])).toEqual([11205]);
  });

  test("that gets no answer in time is tried again if its URL says so, and noted with 11200", async () => {
    stage.product.on("/status", "hang");
    await stage.callThrough(PERSON, { StatusCallback: `${stage.product.url}/status#rt=100&rc=1&rp=rt`, StatusCallbackEvent: "completed" });
    stage.product.on("/status", 204);
    expect(stage.product.at("/status")).toHaveLength(2);
    expect(stage.sandbox.events({ kind: "error" }).map((event) => event["code"])).toEqual([11200]);
  });

  test("is in the log with its exact body and the product's answer", async () => {
    await stage.callThrough(PERSON);
    const [logged] = stage.sandbox.events({ kind: "callback" }).filter((event) => event["purpose"] === "document");
    expect(logged).toMatchObject({ body: stage.product.at("/answer")[0]?.body, status: 200, answer: "<Response><Hangup/></Response>", attempt: 1 });
  });
});
