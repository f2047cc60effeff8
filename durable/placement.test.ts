import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createRateLimiterClient } from "./rate-limiter/rate-limiter.client.ts";
import { createRunProgressClient } from "./run-progress/run-progress.client.ts";
import { placed } from "./placement.ts";

it("hints at the region's own continent whenever an object is asked for, by RPC and through itty-durable, and it is the same object", async () => {
  const seen: unknown[] = [];
  const watched = <Namespace extends object>(namespace: Namespace): Namespace =>
    new Proxy(namespace, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (name === "get" || name === "getByName") seen.push(args[1]);
          return Reflect.apply(value, target, args);
        };
      },
    });
  const place = { jurisdiction: undefined, location: "oc" } as const;
  const limiter = createRateLimiterClient({ namespace: placed(watched(env.RATE_LIMITER), place), deadlineMs: 60_000 });
  await limiter.for("ten_placed").forget("+64211234567");
  const progress = createRunProgressClient({ namespace: placed(watched(env.RUN_PROGRESS), place) });
  const run = { tenant_id: "ten_placed", id: "run_placed" };
  await progress.report(run, { done: 1, total: 2, label: "half" });
  expect(await createRunProgressClient({ namespace: env.RUN_PROGRESS }).read(run)).toMatchObject({ done: 1 });
  expect(seen).toEqual([{ locationHint: "oc" }, { locationHint: "oc" }]);
});

it("asks for the jurisdiction where one is promised, and for nothing where nothing is set", () => {
  expect(() => placed(env.DIALER, { jurisdiction: "eu", location: undefined })).toThrow(/[Jj]urisdiction/);
  expect(placed(env.DIALER, { jurisdiction: undefined, location: undefined })).toBe(env.DIALER);
});
