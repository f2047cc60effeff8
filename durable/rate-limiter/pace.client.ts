import { AppError } from "../../core/errors.ts";
import type { VendorPace } from "../../core/providers/pace.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";

/** A run's attempt may sit out so much; a longer queue is for its next attempt. */
const PATIENCE_MS = 10_000;

export interface VendorPaces {
  /** @param vendor in small letters, e.g. `nominatim`; @param everyMs from the beginning of a request to that of the next */
  of(vendor: string, everyMs: number): VendorPace;
}

/** The typed way to the objects that keep the pace at vendors, one each: tenants' ids have no colon, so that none shares a name. */
export const createVendorPaces = ({ namespace, patienceMs = PATIENCE_MS }: { namespace: DurableObjectNamespace<RateLimiterObject>; patienceMs?: number }): VendorPaces => ({
  of(vendor, everyMs) {
    const stub = () => namespace.getByName(`vendor:${vendor}`);
    return {
      async turn() {
        const answer = await stub().turn({ every_ms: everyMs, patience_ms: patienceMs });
        if (!answer.granted) throw new AppError({ code: "vendor_busy", status: 503, message: `Too many are waiting for ${vendor}.`, retryable: true, retryAfterMs: answer.retry_in_ms });
        if (answer.wait_ms > 0) await new Promise((resolve) => setTimeout(resolve, answer.wait_ms));
      },
      hold: async (forMs) => stub().hold(forMs),
    };
  },
});
