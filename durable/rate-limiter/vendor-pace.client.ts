import { AppError } from "../../core/errors.ts";
import type { Vendor, VendorLimit } from "../../core/providers/vendor-limits.data.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";

export interface PaceOptions {
  /** Longer than that nobody waits here: the job's queue waits better than a running Worker. */
  maxWaitMs?: number;
  signal?: AbortSignal | undefined;
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
  occupy: <T>(vendor: Vendor, work: () => Promise<T>, options?: PaceOptions) => Promise<T>;
}

const MAX_WAIT_MS = 20_000;
/** A holder that died gives its place back by then. */
const PLACE_TTL_MS = 180_000;
const LOOK_AGAIN_MS = 500;

const busy = (vendor: Vendor, retryAfterMs: number): AppError =>
  new AppError({ code: "vendor_busy", status: 503, message: `Too much is asked of ${vendor} at the moment.`, retryable: true, retryAfterMs });

export interface VendorPaceTools {
  namespace: DurableObjectNamespace<RateLimiterObject>;
  limits: Record<Vendor, VendorLimit>;
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const createVendorPace = ({ namespace, limits, wait }: VendorPaceTools): VendorPace => {
  // A stub that has failed stays broken, so each request gets its own. No tenant's id has a colon.
  const desk = (vendor: Vendor) => namespace.getByName(`vendor:${vendor}`);

  const pace: VendorPace["pace"] = async (vendor, { maxWaitMs = MAX_WAIT_MS, signal } = {}) => {
    const { every_ms } = limits[vendor];
    if (every_ms === 0) return;
    const answer = await desk(vendor).turn({ every_ms, max_wait_ms: maxWaitMs });
    if (!answer.granted) throw busy(vendor, answer.retry_after_ms);
    if (answer.wait_ms > 0) await wait(answer.wait_ms, signal);
  };

  return {
    pace,
    hold: async (vendor, forMs) => desk(vendor).hold(forMs),
    async occupy(vendor, work, options = {}) {
      const { at_once } = limits[vendor];
      if (at_once === null) return pace(vendor, options).then(work);
      const ticket = crypto.randomUUID();
      const { maxWaitMs = MAX_WAIT_MS, signal } = options;
      for (let waited = 0; !(await desk(vendor).enter(ticket, { at_once, ttl_ms: PLACE_TTL_MS })); waited += LOOK_AGAIN_MS) {
        if (waited >= maxWaitMs) throw busy(vendor, maxWaitMs);
        await wait(LOOK_AGAIN_MS, signal);
      }
      try {
        await pace(vendor, options);
        return await work();
      } finally {
        await desk(vendor).leave(ticket);
      }
    },
  };
};
