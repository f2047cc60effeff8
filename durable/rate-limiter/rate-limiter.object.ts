import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../../core/clock.ts";
import type { ContactCost, ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import { createBuckets } from "./buckets.ts";
import type { TakeAnswer, TakeRequest } from "./rate-limiter.types.ts";
import { openReservations } from "./reservations.ts";
import { openDesk, type TurnAnswer } from "./turns.ts";
import { openUnjudged } from "./unjudged.ts";

export interface RateLimiterTools {
  clock: Clock;
}

/**
 * What one tenant may do, counted in one place; named by the tenant. (Or `vendor:…`, `host:…`: how fast all tenants together ask a vendor, or read a site; `alerts:unjudged`: how often the operator is told.) Contacts are kept in SQLite, since a cap on calls and
 * money must survive anything; requests to the API in memory, since they are many and soon forgotten.
 */
export class RateLimiterObject extends DurableObject {
  readonly #clock: Clock;
  readonly #reservations: ReturnType<typeof openReservations>;
  readonly #buckets = createBuckets();
  readonly #desk: ReturnType<typeof openDesk>;
  readonly #unjudged: ReturnType<typeof openUnjudged>;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, { clock }: RateLimiterTools) {
    super(ctx, env);
    this.#clock = clock;
    this.#reservations = openReservations(ctx.storage.sql);
    this.#desk = openDesk(ctx.storage.kv);
    this.#unjudged = openUnjudged(ctx.storage.kv);
  }

  /** One after the other, by one write. Safe to repeat: the same attempt is counted once. */
  reserve(requests: ReservationRequest[]): ReservationAnswer[] {
    const now = this.#clock.now();
    return requests.map((request) => this.#reservations.reserve(request, now));
  }

  release(attemptId: string): void {
    this.#reservations.release(attemptId);
  }

  settle(costs: ContactCost[]): void {
    for (const { id, micros } of costs) this.#reservations.settle(id, micros);
  }

  forget(phone: string): void {
    this.#reservations.forget(phone);
  }

  turn(request: { every_ms: number; max_wait_ms: number }): TurnAnswer {
    return this.#desk.turn(request, this.#clock.now());
  }

  hold(forMs: number): void {
    this.#desk.hold(forMs, this.#clock.now());
  }

  enter(ticket: string, request: { at_once: number; ttl_ms: number }): boolean {
    return this.#desk.enter(ticket, request, this.#clock.now());
  }

  leave(ticket: string): void {
    this.#desk.leave(ticket, this.#clock.now());
  }

  unjudgedLasts(now: number): number {
    return this.#unjudged.lasts(now);
  }

  takeTelling(way: string, leaseMs: number, now: number): boolean {
    return this.#unjudged.take(way, leaseMs, now);
  }

  told(way: string): void {
    this.#unjudged.told(way);
  }

  leaveTelling(way: string): void {
    this.#unjudged.leave(way);
  }

  unjudgedOver(): { since: number; told: string[] } | null {
    return this.#unjudged.over();
  }

  take(request: TakeRequest): TakeAnswer {
    return this.#buckets.take(request, this.#clock.now());
  }
}
