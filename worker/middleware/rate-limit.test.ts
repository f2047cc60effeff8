import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { conflict } from "../../core/errors.ts";
import { PLANS } from "../../core/security/limits.ts";
import { createBuckets } from "../../durable/rate-limiter/buckets.ts";
import { createRateLimiterClient, type RateLimiterClient } from "../../durable/rate-limiter/rate-limiter.client.ts";
import { problemSchema } from "../router.ts";
import type { AppEnv, Services } from "../services.ts";
import { onError } from "./problem.ts";
import { classOf, rateLimited } from "./rate-limit.ts";
import { requestId } from "./request-id.ts";

let tenants = 0;
const limiters = createRateLimiterClient({ namespace: env.RATE_LIMITER, deadlineMs: 30_000 });
/** A limiter at which time stands still, so that nothing fills up while a test runs. */
const frozen = (): RateLimiterClient => {
  const buckets = createBuckets();
  return { for: (tenantId) => ({ ...limiters.for(tenantId), take: async (request) => Promise.resolve(buckets.take(request, 0)) }) };
};
const unreachable: RateLimiterClient = {
  for: () => {
    throw new Error("the object is overloaded");
  },
};

/** The edge with nobody behind it but a signed-in person. */
const edge = ({ rateLimiter = limiters, APEX_ENV = "production", plan = "trial" }: { rateLimiter?: RateLimiterClient; APEX_ENV?: "local" | "production"; plan?: string } = {}) => {
  const tenant_id = `ten_mw_${++tenants}`;
  const app = new Hono<AppEnv>();
  app.onError(onError);
  app.use(requestId, async (c, next) => {
    c.set("services", { settings: { APEX_ENV }, rateLimiter } as unknown as Services);
    c.set("principal", { kind: "user", session_id: null, suspended: false, region: null, plan, actor: c.req.header("X-As") ?? "user:1", user_id: "1", tenant_id, role: "owner", scopes: [] });
    await next();
  });
  app.use(rateLimited());
  app.get("/api/entities", (c) => c.json({}));
  app.post("/api/run", (c) => c.json({}));
  app.post("/api/broken", () => {
    throw conflict("taken", "It is taken.");
  });
  return async (method: string, path: string, as = "user:1"): Promise<Response> => app.request(path, { method, headers: { "X-As": as } });
};

const quota = PLANS.trial.rates.run.quota;

describe("rate limits", () => {
  it("are told with every answer, errors too", async () => {
    const ask = edge();
    const answer = await ask("GET", "/api/entities");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("RateLimit-Policy")).toBe('"read";q=300;w=60');
    expect(answer.headers.get("RateLimit")).toBe('"read";r=299;t=1');
    const refused = await ask("POST", "/api/broken");
    expect(refused.status).toBe(409);
    expect(refused.headers.get("RateLimit")).toMatch(/^"write";r=59;t=\d+$/);
  });

  it("refuse what is over them with 429, problem+json and Retry-After, and nobody else's requests", async () => {
    const ask = edge({ rateLimiter: frozen() });
    const answers = await Promise.all(Array.from({ length: quota + 5 }, async () => ask("POST", "/api/run")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(quota);
    const [first] = refused;
    expect(first?.headers.get("Content-Type")).toContain("application/problem+json");
    expect(Number(first?.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(first?.headers.get("RateLimit")).toMatch(/^"run";r=0;t=\d+$/);
    expect(problemSchema.parse(await first?.json())).toMatchObject({ status: 429, code: "rate_limited" });
    expect((await ask("POST", "/api/run", "key:2")).status).toBe(200);
    expect((await ask("GET", "/api/entities")).status).toBe(200);
  });

  it.each([["trial", 60], ["standard", 300], ["pro", 1500], ["as it was called last year", 300]])("are those of the plan: %s writes %d times a minute", async (plan, writes) => {
    expect((await edge({ plan })("POST", "/api/broken")).headers.get("RateLimit-Policy")).toBe(`"write";q=${writes};w=60`);
  });

  it("let requests pass when the limiter cannot be reached", async () => {
    const answer = await edge({ rateLimiter: unreachable })("GET", "/api/entities");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("RateLimit")).toBeNull();
  });

  it("do not hold on a developer's machine", async () => {
    const ask = edge({ APEX_ENV: "local" });
    const answers = await Promise.all(Array.from({ length: quota + 5 }, async () => ask("POST", "/api/run")));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it.each([
    ["GET", "/api/entities", "read"],
    ["HEAD", "/api/calls", "read"],
    ["POST", "/api/run", "run"],
    ["POST", "/api/runs/run_1/retry", "run"],
    ["PATCH", "/api/entities/ent_1", "write"],
    ["DELETE", "/api/entities/ent_1", "write"],
  ])("%s %s is counted as %s", (method, path, expected) => {
    expect(classOf(method, path)).toBe(expected);
  });
});
