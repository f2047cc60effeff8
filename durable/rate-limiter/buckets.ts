import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";

interface Bucket {
  tokens: number;
  /** ms */
  filledAt: number;
}

/** Beyond it, buckets that are full again are forgotten: a full one is what a new one would be. */
const MANY = 1000;

/**
 * Token buckets by who and what, in memory only. An evicted object was idle, so that its buckets had time to fill up.
 * Nothing in `take` waits, so requests that come at once are counted one after another.
 */
export const createBuckets = () => {
  const buckets = new Map<string, Bucket>();

  const forgetFull = (now: number): void => {
    // A window is minutes at most; whoever has been away for an hour has a full bucket.
    for (const [key, bucket] of buckets) if (now - bucket.filledAt > 3_600_000) buckets.delete(key);
  };

  return {
    take({ key, class: kind, limit: { quota, window_s } }: TakeRequest, now: number): TakeAnswer {
      if (buckets.size >= MANY) forgetFull(now);
      const name = `${kind} ${key}`;
      const perMs = quota / (window_s * 1000);
      const known = buckets.get(name);
      // A clock that steps back must not drain a bucket; a quota that was lowered must.
      const filled = known === undefined ? quota : Math.min(quota, known.tokens + Math.max(0, now - known.filledAt) * perMs);
      const allowed = filled >= 1;
      const tokens = allowed ? filled - 1 : filled;
      buckets.set(name, { tokens, filledAt: now });
      const seconds = (missing: number): number => (missing <= 0 ? 0 : Math.ceil(missing / perMs / 1000));
      return { allowed, remaining: Math.floor(tokens), limit: quota, reset_s: seconds(quota - tokens), retry_after_s: seconds(1 - tokens) };
    },
  };
};
