import type { ContactLimiter } from "../../core/security/consent/limiter.types.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";
import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";

/** One tenant's limiter: the gate's `ContactLimiter`, and the API's buckets. */
export interface TenantLimiter extends ContactLimiter {
  take(request: TakeRequest): Promise<TakeAnswer>;
  /** Takes a phone (E.164) out of what is remembered of contacts. */
  forget(phone: string): Promise<void>;
}

/** The typed way to the tenants' rate limiters. */
export const createRateLimiterClient = ({ namespace }: { namespace: DurableObjectNamespace<RateLimiterObject> }) => ({
  for(tenantId: string): TenantLimiter {
    // A stub that has failed stays broken, so each request gets its own; making one costs no trip.
    const stub = () => namespace.getByName(tenantId);
    return {
      reserve: async (request) => stub().reserve(request),
      release: async (attemptId) => stub().release(attemptId),
      settle: async (attemptId, micros) => stub().settle(attemptId, micros),
      take: async (request) => stub().take(request),
      forget: async (phone) => stub().forget(phone),
    };
  },
});

export type RateLimiterClient = ReturnType<typeof createRateLimiterClient>;
