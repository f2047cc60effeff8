import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createRateLimiterClient } from "../../durable/rate-limiter/rate-limiter.client.ts";
import { ADDRESS_LIMITS } from "../../core/security/limits.ts";
import { createRouter } from "../router.ts";
import type { Services } from "../services.ts";
import { limitedByAddress, networkOf } from "./address-limit.ts";
import { onError } from "./problem.ts";

/** A busy machine may take long to start the first object. */
const limiterOf = createRateLimiterClient({ namespace: env.RATE_LIMITER, deadlineMs: 25_000 });
const broken: Services["rateLimiter"] = {
  for: () => {
    throw new Error("no such object");
  },
};

const appWith = (rateLimiter: Services["rateLimiter"], APEX_ENV: "local" | "production" = "production") => {
  const app = createRouter();
  app.onError(onError);
  app.use(async (c, next) => {
    c.set("requestId", "req_test");
    c.set("services", { settings: { APEX_ENV }, rateLimiter } as unknown as Services);
    await next();
  });
  app.post("/signup", limitedByAddress("signup"), (c) => c.body(null, 204));
  app.post("/login", limitedByAddress("login"), (c) => c.body(null, 204));
  return async (path: string, address: string | null): Promise<Response> => app.request(path, { method: "POST", headers: address === null ? {} : { "CF-Connecting-IP": address } });
};

let networks = 0;
/** One that no other test counts. */
const freshAddress = (): string => `203.0.113.${++networks}`;

describe("requests without a token from one address", () => {
  it("are refused beyond their share, however many come at once, for each thing by itself", async () => {
    const ask = appWith(limiterOf);
    const address = freshAddress();
    const answers = await Promise.all(Array.from({ length: 30 }, async () => ask("/signup", address)));
    // The bucket fills up again while we count.
    const passed = answers.filter(({ status }) => status === 204).length;
    expect(passed).toBeGreaterThanOrEqual(ADDRESS_LIMITS.signup.quota);
    expect(passed).toBeLessThan(30);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.headers.get("Content-Type"), Number(refused?.headers.get("Retry-After"))]).toEqual(["application/problem+json", expect.any(Number)]);
    expect((await ask("/login", address)).status).toBe(204);
    expect((await ask("/signup", freshAddress())).status).toBe(204);
  });

  it("are nobody's to count on a developer's machine, where no address is known, and while the counter is out", async () => {
    const address = freshAddress();
    for (const ask of [appWith(limiterOf, "local"), appWith(broken)]) for (let n = 0; n < 12; n++) expect((await ask("/signup", address)).status).toBe(204);
    for (let n = 0; n < 12; n++) expect((await appWith(limiterOf)("/signup", null)).status).toBe(204);
  });

  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2::1", networkOf("2001:db8:1:2:ffff:ffff:ffff:ffff")],
    ["nonsense", "unknown"],
  ])("%s counts as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it("of neighbouring IPv6 networks count apart", () => {
    expect(networkOf("2001:db8:1:2::1")).not.toBe(networkOf("2001:db8:1:3::1"));
  });
});
