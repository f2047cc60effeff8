import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { vendorBusy } from "../../core/providers/pace.ts";
import type { Vendor, VendorLimit } from "../../core/providers/vendor-limits.data.ts";
import type { Wait } from "../../core/wait.ts";
import type { TurnAnswer } from "./turns.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";

const log = logger("vendor-pace");

export interface PaceOptions {
  /** Longer than that nobody waits here: the job's queue waits better than a running Worker. */
  maxWaitMs?: number;
  signal?: AbortSignal | undefined;
}

export interface OccupyOptions extends PaceOptions {
  /** Nobody waits for it: it leaves the vendor's kept places alone. */
  givesWay?: boolean;
  /** How long the work takes at most, ms: a holder that died gives its place back by then. Three minutes by default. */
  lastsMs?: number;
}

/** What is shared by all tenants at a vendor that wants to be asked gently. */
export interface VendorPace {
  /**
   * Resolves when the caller may send its one request.
   * @throws AppError 503 `vendor_busy` (retryable, with the time to wait) when its turn is further off than `maxWaitMs`, 20 s by default
   */
  pace: (vendor: Vendor, options?: PaceOptions) => Promise<void>;
  /** The vendor has said to be left alone, by all tenants, for so many ms. */
  hold: (vendor: Vendor, forMs: number) => Promise<void>;
  /**
   * Does some work that occupies the vendor while it lasts, once its turn has come and there is room.
   * @throws as `pace`, and what the work throws
   */
  occupy: <T>(vendor: Vendor, work: () => Promise<T>, options?: OccupyOptions) => Promise<T>;
}

const MAX_WAIT_MS = 20_000;
const PLACE_TTL_MS = 180_000;
/** Whoever finds no place looks again ever more rarely: a thousand that wait are no load to speak of for the desk. */
const LOOK_AGAIN_MS = 500;
const LONGEST_LOOK_MS = 4000;

export interface VendorPaceTools {
  namespace: DurableObjectNamespace<RateLimiterObject>;
  limits: Record<Vendor, VendorLimit>;
  wait: Wait;
  /** 0 ≤ x < 1; spreads those that wait. */
  random: () => number;
}

export const createVendorPace = ({ namespace, limits, wait, random }: VendorPaceTools): VendorPace => {
  // A stub that has failed stays broken, so each request gets its own. No tenant's id has a colon.
  const desk = (vendor: Vendor) => namespace.getByName(`vendor:${vendor}`);

  /** The desk's answer; where it is away and the vendor bears it, the one that lets in. */
  const asked = async <T>(vendor: Vendor, ask: () => Promise<T>, whileAway: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (limits[vendor].lenient !== true) throw error;
      log.warn("vendor asked without a place: its desk is away", { vendor, error: describeError(error) });
      return whileAway;
    }
  };

  const pace: VendorPace["pace"] = async (vendor, { maxWaitMs = MAX_WAIT_MS, signal } = {}) => {
    const { every_ms } = limits[vendor];
    if (every_ms === 0) return;
    const answer = await asked<TurnAnswer>(vendor, async () => desk(vendor).turn({ every_ms, max_wait_ms: maxWaitMs }), { granted: true, wait_ms: 0 });
    if (!answer.granted) throw vendorBusy(vendor, answer.retry_after_ms);
    if (answer.wait_ms > 0) await wait(answer.wait_ms, signal);
  };

  const enter = async (vendor: Vendor, ticket: string, request: { at_once: number; ttl_ms: number }): Promise<boolean> => asked<boolean>(vendor, async () => desk(vendor).enter(ticket, request), true);

  /** A place that is not given back ends by itself. What was done in it is done, and may have been paid for. */
  const leave = async (vendor: Vendor, ticket: string): Promise<void> =>
    desk(vendor)
      .leave(ticket)
      .catch((error: unknown) => log.warn("place not given back", { vendor, error: describeError(error) }));

  return {
    pace,
    hold: async (vendor, forMs) => desk(vendor).hold(forMs),
    async occupy(vendor, work, options = {}) {
      const { at_once, kept = 0 } = limits[vendor];
      if (at_once === null) return pace(vendor, options).then(work);
      const ticket = crypto.randomUUID();
      const { maxWaitMs = MAX_WAIT_MS, signal, givesWay = false, lastsMs = PLACE_TTL_MS } = options;
      const request = { at_once: givesWay ? at_once - kept : at_once, ttl_ms: lastsMs };
      let [waited, look] = [0, LOOK_AGAIN_MS];
      while (!(await enter(vendor, ticket, request))) {
        if (waited >= maxWaitMs) throw vendorBusy(vendor, maxWaitMs);
        const ms = Math.min(look * (0.75 + random() / 2), maxWaitMs - waited);
        await wait(ms, signal);
        waited += ms;
        look = Math.min(look * 2, LONGEST_LOOK_MS);
      }
      try {
        await pace(vendor, options);
        return await work();
      } finally {
        await leave(vendor, ticket);
      }
    },
  };
};
