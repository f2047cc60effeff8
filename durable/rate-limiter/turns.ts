import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { RateLimiterClient } from "./rate-limiter.client.ts";

const log = logger("turns");

/**
 * Turns at strangers' hosts: one limiter object a host (no tenant's id has a space in it), so that requests are so far apart whichever
 * tenants they are for. When it cannot be reached, each reader keeps the distance by itself.
 * @returns ms that the turn is away; 0: it is taken
 */
export const createTurns = (limiter: RateLimiterClient) => {
  const last = new Map<string, number>();
  return async (host: string, delayS: number): Promise<number> => {
    try {
      const { allowed, retry_after_s } = await limiter.for(`host ${host}`).take({ key: "turn", class: "read", limit: { quota: 1, window_s: delayS } });
      return allowed ? 0 : retry_after_s * 1000;
    } catch (error) {
      log.warn("turns at a host are not counted", { host, error: describeError(error) });
      const away = (last.get(host) ?? 0) + delayS * 1000 - Date.now();
      if (away <= 0) last.set(host, Date.now());
      return Math.max(0, away);
    }
  };
};
