import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { AppEnv, Services } from "../services.ts";
import { createHealthRoutes, VERSION } from "./health.routes.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const healthSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.string()), version: z.string() });
type Part = "database" | "vectors" | "storage" | "queue" | "twilio" | "gemini";

/** A service of which some parts fail or hang. */
const service = (state: Partial<Record<Part, "failing" | "hanging">> = {}, settings: { APEX_RELEASE?: string } = {}) => {
  let asked = 0;
  const part = (name: Part) => async (): Promise<never> => {
    asked += 1;
    if (state[name] === "failing") throw new Error("the secret password is hunter2");
    if (state[name] === "hanging") return new Promise<never>(() => undefined);
    return Promise.resolve(true as never);
  };
  const services = {
    settings,
    memory: { directory: { ping: part("database") } },
    storage: { head: part("storage") },
    vectors: { describe: part("vectors") },
    jobs: { ping: part("queue") },
    twilioAccounts: { service: { ping: part("twilio") } },
    checkModel: part("gemini"),
  } as unknown as Services;
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => (c.set("services", services), next()));
  app.route("/", createHealthRoutes());
  const ask = async () => {
    const pending = app.request("/health");
    await vi.advanceTimersByTimeAsync(2_000);
    const response = await pending;
    return { status: response.status, body: healthSchema.parse(await response.json()) };
  };
  return { ask, asked: () => asked };
};

const fine = { database: "ok", vectors: "ok", storage: "ok", queue: "ok", twilio: "ok", gemini: "ok" };

describe("GET /health", () => {
  it.each<[string, Partial<Record<Part, "failing" | "hanging">>, string, number]>([
    ["healthy when all is there", {}, "healthy", 200],
    ["degraded without a part that leads can wait for", { gemini: "failing" }, "degraded", 200],
    ["degraded when a part hangs, after two seconds", { vectors: "hanging", twilio: "hanging" }, "degraded", 200],
    ["unhealthy without the database", { database: "failing" }, "unhealthy", 503],
    ["unhealthy when the database hangs, after two seconds", { database: "hanging" }, "unhealthy", 503],
  ])("is %s", async (_, state, status, code) => {
    const answer = await service(state).ask();
    expect([answer.body.status, answer.status]).toEqual([status, code]);
    expect(answer.body.checks).toEqual({ ...fine, ...Object.fromEntries(Object.keys(state).map((name) => [name, "failing"])) });
  });

  it("names what was released, if it knows", async () => {
    expect((await service({}, { APEX_RELEASE: "3f2a1b9c0d12" }).ask()).body.version).toBe(`${VERSION}+3f2a1b9c0d12`);
    expect((await service().ask()).body.version).toBe(VERSION);
  });

  it("says that something fails, never what it said", async () => {
    expect(JSON.stringify((await service({ database: "failing" }).ask()).body)).not.toContain("hunter2");
  });

  it("looks at most once in ten seconds, however often it is asked", async () => {
    const { ask, asked } = service();
    for (let i = 0; i < 3; i++) await ask();
    expect(asked()).toBe(6);
    await vi.advanceTimersByTimeAsync(10_000);
    await ask();
    expect(asked()).toBe(12);
  });
});
