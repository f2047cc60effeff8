import type { House } from "./house.ts";

/** The cron handler is what finds a duty that nothing else remembers; this is more often than Cloudflare calls it. */
const EVERY_MS = 2_000;

/** Sweeps, however many wait for what it finds and however often they look, now and then: each sweep is work for the whole house. */
export const sweepNowAndThen = (house: House): (() => Promise<void>) => {
  let sweeping: Promise<void> | undefined;
  let sweptAt = 0;
  return async () => {
    if (Date.now() - sweptAt < EVERY_MS) return sweeping;
    sweptAt = Date.now();
    sweeping = house.sweep();
    return sweeping;
  };
};
