import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isObject } from "./kit/json.ts";
import { EventLog } from "./kit/event-log.ts";
import { startSandbox } from "./index.ts";
import { OUR_NUMBER, Stage } from "./testing/stage.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs the program until it has said something or ended. */
async function run(args: readonly string[], whenItSpeaks: (stop: () => void) => void): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const listen = (chunk: Buffer): void => {
    if (said === "") whenItSpeaks(() => child.kill("SIGTERM"));
    said += chunk.toString("utf8");
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

describe("the program", () => {
  test("says where it listens, and ends cleanly when it is told to", async () => {
    const { code, said } = await run(["--port", "0"], (stop) => stop());
    expect(said).toMatch(/^sandbox: .* at http:\/\/127\.0\.0\.1:\d+ /);
    expect(code).toBe(0);
  });

  test("says in one line that its port is taken", async () => {
    const sandbox = await startSandbox();
    const { code, said } = await run(["--port", String(sandbox.port)], () => undefined);
    expect([code, said]).toEqual([1, `sandbox: port ${sandbox.port} is in use; choose another with --port\n`]);
    await sandbox.close();
  });

  test.each([["--port", "x"], ["--speed", "fast"], ["--colour", "red"]])("does not start with %s %s", async (...args) => {
    const { code, said } = await run(args, () => undefined);
    expect(code).toBe(1);
    expect(said).toMatch(/^sandbox: /);
  });
});

describe("the sandbox", () => {
  test("imports nothing from the product", () => {
    const folder = fileURLToPath(new URL(".", import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) expect(readFileSync(`${folder}${file}`, "utf8")).not.toMatch(/from "(?:\.\.\/)+(?:worker|agents|durable|core)\//);
  });

  test("closes at any moment, with calls and downloads under way", async () => {
    const stage = await Stage.open({ speed: 1 });
    stage.product.on("/answer", "hang");
    await stage.call("+64211234567");
    await stage.call("+64215559922");
    stage.sandbox.setTwilioFaults({ reads: { status: "hang" } });
    const pending = stage.api("GET", "/Calls.json").catch(() => "cut off");
    await stage.sandbox.event((event) => event.kind === "request" && event["method"] === "GET");
    await stage.close();
    expect(await pending).toBe("cut off");
    await expect(fetch(stage.sandbox.url)).rejects.toThrow();
  });

  test("in quiet mode takes calls and messages and runs none", async () => {
    const stage = await Stage.open({ quiet: true });
    await stage.callThrough("+64211234567");
    expect((await stage.api("POST", "/Messages.json", { To: "+64211234567", From: OUR_NUMBER, Body: "Hi" })).status).toBe(201);
    await stage.sandbox.idle();
    expect(stage.sandbox.events({ kind: "callback" })).toEqual([]);
    expect(stage.sandbox.events({ kind: "call" }).map((event) => event["status"])).toEqual(["queued"]);
    await stage.close();
  });

  test("waits between steps at a speed above 0", async () => {
    const stage = await Stage.open({ speed: 0.01 });
    stage.product.on("/answer", "<Response><Pause length=\"2\"/></Response>");
    const sid = await stage.callThrough("+64211234567");
    const times = stage.sandbox.events({ kind: "call" }).filter((event) => event["call_sid"] === sid).map((event) => event.at);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(20);
    expect((await stage.api("GET", `/Calls/${sid}.json`)).body["duration"]).toBe("2");
    await stage.close();
  });
});

describe("the control interface", () => {
  test("shows what happened, what goes on, and forgets both", async () => {
    const stage = await Stage.open();
    stage.product.on("/answer", '<Response><Dial timeLimit="60"><Number>+64220009922</Number></Dial></Response>');
    expect((await stage.control("GET", "/health")).body).toMatchObject({ status: "healthy" });
    const sid = await stage.call("+64215559922");
    await stage.sandbox.event((event) => event["bridged_to"] !== undefined);
    const live = (await stage.control("GET", "/calls?live=true")).body["calls"];
    expect(live).toMatchObject([{ sid, status: "in-progress", talking: true, legs: [{ to: "+64220009922", status: "in-progress" }] }]);
    expect((await stage.control("GET", "/idle?timeout_ms=1")).body).toMatchObject({ idle: false });

    const { body } = await stage.control("GET", "/log?kind=call&after=1");
    const [first] = Array.isArray(body["events"]) ? (body["events"] as unknown[]) : [];
    expect(isObject(first) && [first["kind"], first["status"]]).toEqual(["call", "queued"]);
    expect((await stage.control("GET", `/log?since=${Date.now() + 1000}`)).body["events"]).toEqual([]);

    expect((await stage.control("POST", "/reset")).status).toBe(204);
    await stage.sandbox.idle();
    expect((await stage.control("GET", "/calls")).body["calls"]).toEqual([]);
    expect((await stage.control("GET", "/log")).body["events"]).toEqual([]);
    expect(stage.product.fields("/status", "CallStatus")).not.toContain("completed");
    await stage.close();
  });

  test("can wait for the next event instead of being asked again and again", async () => {
    const stage = await Stage.open();
    const waiting = stage.control("GET", "/log?kind=sms&wait_ms=5000");
    await stage.api("POST", "/Messages.json", { To: "+64211234567", From: OUR_NUMBER, Body: "Hi" });
    expect((await waiting).body["events"]).toMatchObject([{ kind: "sms", status: "queued" }]);
    await stage.sandbox.idle();
    await stage.close();
  });

  test.each([["GET", "/nothing"], ["POST", "/twilio/incoming-call"], ["PUT", "/twilio/numbers/12"]])("%s %s is told what is wrong", async (method, path) => {
    const stage = await Stage.open();
    const { status, body } = await stage.control(method, path, method === "GET" ? undefined : {});
    expect(status === 400 || status === 404).toBe(true);
    expect(typeof body["error"]).toBe("string");
    await stage.close();
  });

  test("the log drops its oldest entries when it is full, and numbers go on", () => {
    const log = new EventLog(10);
    for (let i = 0; i < 100; i += 1) log.append("call", { i });
    expect(log.list().length).toBeLessThanOrEqual(11);
    expect(log.list().at(-1)).toMatchObject({ seq: 100, i: 99 });
  });
});
