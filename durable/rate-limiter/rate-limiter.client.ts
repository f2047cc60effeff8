import { AppError } from "../../core/errors.ts";
import { inOneBreath } from "../../core/in-one-breath.ts";
import type { ContactLimiter, ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import type { RateLimiterObject } from "./rate-limiter.object.ts";
import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";

/** One tenant's limiter: the gate's `ContactLimiter`, and the API's buckets. */
export interface TenantLimiter extends ContactLimiter {
  take(request: TakeRequest): Promise<TakeAnswer>;
  /** Takes a phone (E.164) out of what is remembered of contacts. */
  forget(phone: string): Promise<void>;
}

/** Counting is never worth a longer wait than this: whoever asks goes on without, and says so. */
const DEADLINE_MS = 5_000;

const within = async <T>(deadlineMs: number, ask: () => Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError({ code: "limiter_unreachable", status: 503, message: "The rate limiter did not answer in time.", retryable: true })), deadlineMs);
  });
  try {
    return await Promise.race([ask(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The typed way to the tenants' rate limiters.
 * @throws (each method) when the object cannot be reached, or does not answer in time
 */
export const createRateLimiterClient = ({ namespace, deadlineMs = DEADLINE_MS }: { namespace: DurableObjectNamespace<RateLimiterObject>; deadlineMs?: number }) => ({
  for(tenantId: string): TenantLimiter {
    // A stub that has failed stays broken, so each request gets its own; making one costs no trip.
    const stub = () => namespace.getByName(tenantId);
    return {
      // A call's two people are reserved in one breath.
      reserve: inOneBreath(async (requests: ReservationRequest[]) => within<ReservationAnswer[]>(deadlineMs, async () => stub().reserve(requests))),
      release: async (attemptId) => within(deadlineMs, async () => stub().release(attemptId)),
      settle: async (costs) => within(deadlineMs, async () => stub().settle([...costs])),
      take: async (request) => within<TakeAnswer>(deadlineMs, async () => stub().take(request)),
      forget: async (phone) => within(deadlineMs, async () => stub().forget(phone)),
    };
  },
});

export type RateLimiterClient = ReturnType<typeof createRateLimiterClient>;
