import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import "../test/support/database.ts";
import { createEgress } from "../core/security/egress/egress.ts";
import { readSettings } from "./env.ts";
import { sayAlive } from "./heartbeat.ts";
import worker from "./index.ts";

const URL_OF_CHECK = "https://checks.test/ping/3f0c-our-key";

/** What the outside was asked for. */
const answering = (answer: () => Promise<Response>) => {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { url } = new Request(input);
    if (new URL(url).pathname === "/dns-query") return Response.json({ Status: 0, Answer: [{ type: 1, data: "93.184.216.34" }] });
    asked.push(`${init?.method ?? "GET"} ${url}`);
    return answer();
  };
  return { asked, fetch };
};
const tools = (fetch: typeof globalThis.fetch, url?: string) => ({ settings: readSettings({ ...env, ...(url === undefined ? {} : { HEARTBEAT_URL: url }) }), egress: createEgress({ allowHosts: "", dohUrl: "off", fetch }) });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the heartbeat", () => {
  it("is asked once after each sweep, and nobody where no address is set", async () => {
    const wire = answering(async () => Promise.resolve(new Response("OK")));
    vi.spyOn(globalThis, "fetch").mockImplementation(wire.fetch);
    await worker.scheduled(createScheduledController(), { ...env, HEARTBEAT_URL: URL_OF_CHECK } as typeof env);
    expect(wire.asked).toEqual([`GET ${URL_OF_CHECK}`]);
    await worker.scheduled(createScheduledController(), env);
    expect(wire.asked).toHaveLength(1);
  });

  it("is not asked while the service is closed", async () => {
    const wire = answering(async () => Promise.resolve(new Response("OK")));
    vi.spyOn(globalThis, "fetch").mockImplementation(wire.fetch);
    await worker.scheduled(createScheduledController(), { ...env, HEARTBEAT_URL: URL_OF_CHECK, APEX_MAINTENANCE: "on" } as typeof env);
    expect(wire.asked).toEqual([]);
  });

  it.each([
    ["refuses", async () => Promise.resolve(new Response(null, { status: 404 }))],
    ["is away", async () => Promise.reject(new TypeError("connection lost"))],
    ["answers without end", async () => Promise.resolve(new Response("x".repeat(100_000)))],
  ])("fails no sweep where whoever is asked %s, and shows nobody its address", async (_what, answer) => {
    const said: unknown[] = [];
    for (const level of ["warn", "error", "log"] as const) vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void said.push(...words));
    const wire = answering(answer);
    await sayAlive(tools(wire.fetch, URL_OF_CHECK));
    expect(wire.asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(said)).toMatch(/heartbeat (?:refused|not taken)/);
    expect(JSON.stringify(said)).not.toContain("our-key");
  });

  it("goes to the public internet only, by https", async () => {
    const wire = answering(async () => Promise.resolve(new Response("OK")));
    await sayAlive(tools(wire.fetch, "https://127.0.0.1/ping"));
    expect(wire.asked).toEqual([]);
    expect(() => readSettings({ ...env, HEARTBEAT_URL: "http://checks.test/ping" })).toThrow("HEARTBEAT_URL");
  });
});
