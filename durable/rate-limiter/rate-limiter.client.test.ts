import { afterEach, describe, expect, it, vi } from "vitest";
import { createRateLimiterClient } from "./rate-limiter.client.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A namespace whose objects never answer. */
const silent = { getByName: () => ({ take: async () => new Promise(() => undefined) }) } as unknown as DurableObjectNamespace<RateLimiterObject>;

describe("the way to a limiter", () => {
  it("ends after five seconds without an answer, so that whoever asks can go on", async () => {
    vi.useFakeTimers();
    const answer = createRateLimiterClient({ namespace: silent }).for("ten").take({ key: "user:1", class: "read", limit: { quota: 1, window_s: 1 } });
    await Promise.all([expect(answer).rejects.toMatchObject({ code: "limiter_unreachable" }), vi.advanceTimersByTimeAsync(5_000)]);
  });
});
