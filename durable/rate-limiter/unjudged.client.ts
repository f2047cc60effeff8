import type { RateLimiterObject } from "./rate-limiter.object.ts";

/** The typed way to what is remembered of alerts that cannot be judged; see unjudged.ts. Times are ms. */
export interface Unjudged {
  lasts(now: number): Promise<number>;
  take(way: string, leaseMs: number, now: number): Promise<boolean>;
  told(way: string): Promise<void>;
  leave(way: string): Promise<void>;
  over(): Promise<{ since: number; told: string[] } | null>;
}

export const createUnjudged = ({ namespace }: { namespace: DurableObjectNamespace<RateLimiterObject> }): Unjudged => {
  // A stub that has failed stays broken, so each request gets its own. No tenant's id has a colon.
  const stub = () => namespace.getByName("alerts:unjudged");
  return {
    lasts: async (now) => stub().unjudgedLasts(now),
    take: async (way, leaseMs, now) => stub().takeTelling(way, leaseMs, now),
    told: async (way) => stub().told(way),
    leave: async (way) => stub().leaveTelling(way),
    over: async () => stub().unjudgedOver(),
  };
};
