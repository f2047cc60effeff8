import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../../core/clock.ts";
import type { ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import { createBuckets } from "./buckets.ts";
import { openPace, type TurnAnswer, type TurnRequest } from "./pace.ts";
import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";
import { openReservations } from "./reservations.ts";

export interface RateLimiterTools {
  clock: Clock;
}

/**
 * What one tenant may do, counted in one place; named by the tenant. One that is named `vendor:…` keeps the pace at which all tenants
 * together may ask a vendor. Contacts are kept in SQLite, since a cap on calls and
 * money must survive anything; requests to the API in memory, since they are many and soon forgotten.
 */
export class RateLimiterObject extends DurableObject {
  readonly #clock: Clock;
  readonly #reservations: ReturnType<typeof openReservations>;
  readonly #buckets = createBuckets();
  readonly #pace: ReturnType<typeof openPace>;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, { clock }: RateLimiterTools) {
    super(ctx, env);
    this.#clock = clock;
    this.#reservations = openReservations(ctx.storage.sql);
    this.#pace = openPace(ctx.storage.sql);
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

  turn(request: TurnRequest): TurnAnswer {
    return this.#pace.turn(request, this.#clock.now());
  }

  hold(forMs: number): void {
    this.#pace.hold(forMs, this.#clock.now());
  }

  take(request: TakeRequest): TakeAnswer {
    return this.#buckets.take(request, this.#clock.now());
  }
}
