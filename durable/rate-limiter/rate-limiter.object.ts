import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../../core/clock.ts";
import type { ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import { createBuckets } from "./buckets.ts";
import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";
import { openReservations } from "./reservations.ts";

export interface RateLimiterTools {
  clock: Clock;
}

/**
 * What one tenant may do, counted in one place; named by the tenant. Contacts are kept in SQLite, since a cap on calls and
 * money must survive anything; requests to the API in memory, since they are many and soon forgotten.
 */
export class RateLimiterObject extends DurableObject {
  readonly #clock: Clock;
  readonly #reservations: ReturnType<typeof openReservations>;
  readonly #buckets = createBuckets();

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, { clock }: RateLimiterTools) {
    super(ctx, env);
    this.#clock = clock;
    this.#reservations = openReservations(ctx.storage.sql);
  }

  /** Safe to repeat: the same attempt is counted once. */
  reserve(request: ReservationRequest): ReservationAnswer {
    return this.#reservations.reserve(request, this.#clock.now());
  }

  release(attemptId: string): void {
    this.#reservations.release(attemptId);
  }

  settle(attemptId: string, micros: number): void {
    this.#reservations.settle(attemptId, micros);
  }

  forget(phone: string): void {
    this.#reservations.forget(phone);
  }

  take(request: TakeRequest): TakeAnswer {
    return this.#buckets.take(request, this.#clock.now());
  }
}
