import type { ServiceCounts } from "../memory/operations.store.ts";

/** A request that takes longer is a slow one. */
const SLOW_MS = 2_000;
/** So that a busy isolate writes a few times a minute, not once a request. */
const FLUSH_EVERY_MS = 10_000;

const none = (): ServiceCounts => ({ requests: 0, errors: 0, slow: 0, leads: 0 });

/** Counts in memory, and hands over what there is every few seconds. */
export const createServiceCounts = ({ add, now }: { add: (counts: ServiceCounts) => Promise<void>; now: () => number }) => {
  let counts = none();
  let flushedAt = now();

  return {
    request({ status, durationMs, isLead }: { status: number; durationMs: number; isLead: boolean }): void {
      counts.requests += 1;
      if (status >= 500) counts.errors += 1;
      if (durationMs > SLOW_MS) counts.slow += 1;
      if (isLead) counts.leads += 1;
    },
    /** @returns what is being written, or null when it is too early; what could not be written is kept for the next time */
    flush(): Promise<void> | null {
      if (counts.requests === 0 || now() - flushedAt < FLUSH_EVERY_MS) return null;
      const taken = counts;
      counts = none();
      flushedAt = now();
      return add(taken).catch((error: unknown) => {
        for (const field of ["requests", "errors", "slow", "leads"] as const) counts[field] += taken[field];
        throw error;
      });
    },
  };
};

export type ServiceCountsOf = ReturnType<typeof createServiceCounts>;
