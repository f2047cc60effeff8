import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBuckets } from "./buckets.ts";
import type { TakeRequest } from "./rate-limiter.types.ts";

const ask = (over: Partial<TakeRequest> = {}): TakeRequest => ({ key: "user:1", class: "read", limit: { quota: 10, window_s: 60 }, ...over });

describe("a bucket", () => {
  it("says what is left, when it is full again and how long to wait", () => {
    const buckets = createBuckets();
    expect(buckets.take(ask(), 0)).toEqual({ allowed: true, remaining: 9, limit: 10, reset_s: 6, retry_after_s: 0 });
    for (let i = 0; i < 9; i++) buckets.take(ask(), 0);
    expect(buckets.take(ask(), 0)).toEqual({ allowed: false, remaining: 0, limit: 10, reset_s: 60, retry_after_s: 6 });
    expect(buckets.take(ask(), 5_999)).toMatchObject({ allowed: false, retry_after_s: 1 });
    expect(buckets.take(ask(), 6_000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(buckets.take(ask(), 3_600_000)).toMatchObject({ allowed: true, remaining: 9 });
  });

  it("is one person's and one class's", () => {
    const buckets = createBuckets();
    const one = { quota: 1, window_s: 60 };
    expect(buckets.take(ask({ limit: one }), 0).allowed).toBe(true);
    expect(buckets.take(ask({ limit: one }), 0).allowed).toBe(false);
    expect(buckets.take(ask({ limit: one, key: "key:2" }), 0).allowed).toBe(true);
    expect(buckets.take(ask({ limit: one, class: "write" }), 0).allowed).toBe(true);
  });

  it("keeps to a quota that was lowered, and is not drained by a clock that steps back", () => {
    const buckets = createBuckets();
    buckets.take(ask({ limit: { quota: 100, window_s: 60 } }), 60_000);
    expect(buckets.take(ask({ limit: { quota: 5, window_s: 60 } }), 60_000).remaining).toBe(4);
    expect(buckets.take(ask({ limit: { quota: 5, window_s: 60 } }), 0).remaining).toBe(3);
  });

  it("is remembered among thousands", () => {
    const buckets = createBuckets();
    const one = { quota: 1, window_s: 60 };
    for (let i = 0; i < 3000; i++) buckets.take(ask({ key: `user:${i}`, limit: one }), 0);
    expect(buckets.take(ask({ key: "user:0", limit: one }), 1).allowed).toBe(false);
  });

  it("never lets more pass than its quota and what time has brought since, whatever the rhythm", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100 }), fc.array(fc.nat(5_000), { maxLength: 200 }), (quota, window_s, steps) => {
        const buckets = createBuckets();
        let now = 0;
        let passed = 0;
        for (const step of steps) {
          now += step;
          if (buckets.take(ask({ limit: { quota, window_s } }), now).allowed) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(quota + (now / 1000 / window_s) * quota + 1e-6);
      }),
    );
  });
});
