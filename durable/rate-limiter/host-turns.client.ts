import type { RateLimiterObject } from "./rate-limiter.object.ts";

/**
 * Books the next turn at a stranger's host, where requests are so far apart whichever tenants they are for.
 * @returns ms to wait for it; null: it is further off than `maxWaitMs`, and none was booked
 */
export type HostTurns = (host: string, options: { delayS: number; maxWaitMs: number }) => Promise<number | null>;

export const createHostTurns =
  ({ namespace }: { namespace: DurableObjectNamespace<RateLimiterObject> }): HostTurns =>
  async (host, { delayS, maxWaitMs }) => {
    // No tenant's id has a colon.
    const answer = await namespace.getByName(`host:${host}`).turn({ every_ms: delayS * 1000, max_wait_ms: maxWaitMs });
    return answer.granted ? answer.wait_ms : null;
  };
