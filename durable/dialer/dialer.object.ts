import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { openBooks } from "./dialer.queue.ts";
import type { LeaseAnswer, LeaseHolder, LeaseRequest } from "./dialer.types.ts";
import { createUnderway, UNDERWAY_MS } from "./dials-underway.ts";
import { CLOSED_LOOK_MS } from "../closed.ts";

export interface DialerTools {
  clock: Clock;
  /** Twilio's pace for the account; what it gets beyond it queues by itself, first come first served, which is not our order. */
  callsPerSecond: number;
  /** The service is closed, while a database is brought back: nobody's turn comes. */
  closed: boolean;
  /** Tells a waiting call that its turn has come. @returns whether the call took it */
  notify: (holder: LeaseHolder, phone: string) => Promise<boolean>;
}

const log = logger("dialer");
const ASK_AGAIN_MS = 15_000;

/**
 * One Twilio account's way out: at most one live owner leg a phone, no more dials a second than the account has, no more at once
 * than it answers, the freshest lead first. Named by the account's SID, with the tenant before it where the account is a tenant's own.
 */
export class DialerObject extends DurableObject {
  readonly #tools: DialerTools;
  readonly #books: ReturnType<typeof openBooks>;
  readonly #underway = createUnderway();
  /** Token bucket, in memory: after an eviction it is full, which is what an idle time would have made it. */
  #tokens: number;
  #refilledAt: number;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, tools: DialerTools) {
    super(ctx, env);
    this.#tools = tools;
    this.#books = openBooks(ctx.storage.sql);
    this.#tokens = this.#burst;
    this.#refilledAt = tools.clock.now();
  }

  /** A quarter of a second's worth, so that at one a second there is never a burst. */
  get #burst(): number {
    return Math.max(1, Math.floor(this.#tools.callsPerSecond / 4));
  }

  #refill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, now - this.#refilledAt) / 1000) * this.#tools.callsPerSecond);
    this.#refilledAt = now;
  }

  /** A tenant's own dialer has no other tenant's calls in its books, whoever asks. */
  #ours(holder: LeaseHolder): void {
    const [tenant, account] = (this.ctx.id.name ?? "").split("/");
    if (account !== undefined && tenant !== holder.tenant_id) throw new Error("this dialer is another tenant's");
  }

  /** Safe to repeat: the holder of a lease gets the same one again. */
  async acquire(request: LeaseRequest): Promise<LeaseAnswer> {
    this.#ours(request.holder);
    const now = this.#tools.clock.now();
    const held = this.#books.leaseOf(request.holder);
    if (held !== null && request.instead !== true && request.phones.includes(held)) return { granted: true, phone: held };
    if (held !== null) this.#giveBack(request.holder);
    this.#books.wait(request);
    this.#grantTurns(now, request.holder);
    const granted = this.#books.leaseOf(request.holder);
    if (granted !== null) return { granted: true, phone: granted };
    await this.#arm(now);
    return { granted: false, retry_at: now + ASK_AGAIN_MS };
  }

  renew(holder: LeaseHolder, phone: string, until: number): void {
    this.#ours(holder);
    const now = this.#tools.clock.now();
    this.#books.expire(now);
    // Somebody else may have it after ours expired; theirs stands.
    if (this.#books.leaseOf(holder) === phone || this.#books.firstFree([phone]) !== null) this.#books.grant(holder, phone, until);
  }

  async release(holder: LeaseHolder): Promise<void> {
    this.#ours(holder);
    const now = this.#tools.clock.now();
    this.#giveBack(holder);
    this.#grantTurns(now, null);
    await this.#arm(now);
  }

  #giveBack(holder: LeaseHolder): void {
    this.#books.release(holder);
    this.#underway.drop(holder);
  }

  /** Which of these phones somebody has a lease on. */
  busyAmong(phones: string[]): string[] {
    this.#books.expire(this.#tools.clock.now());
    return this.#books.busyAmong(phones);
  }

  /** Twilio has made this call for it: a place is free for another dial. */
  async claim(holder: LeaseHolder, sid: string): Promise<void> {
    this.#ours(holder);
    const now = this.#tools.clock.now();
    this.#books.claim(holder, sid, now);
    const wasFull = this.#underway.isFull(now);
    this.#underway.done(holder);
    if (!wasFull) return;
    this.#grantTurns(now, null);
    await this.#arm(now);
  }

  /** Which of these Twilio calls are known to belong to somebody else. */
  claimedByOthers(holder: LeaseHolder, sids: string[]): string[] {
    return this.#books.claimedByOthers(holder, sids);
  }

  override async alarm(): Promise<void> {
    const now = this.#tools.clock.now();
    this.#grantTurns(now, null);
    await this.#arm(now);
  }

  /** Hands out what there is: freshest lead first, one lease a phone, as long as the pace allows. `asker` hears by its answer. */
  #grantTurns(now: number, asker: LeaseHolder | null): void {
    this.#books.expire(now);
    this.#refill(now);
    const isOver = (): boolean => this.#tokens < 1 || this.#underway.isFull(now);
    if (this.#tools.closed) return;
    while (!isOver()) {
      const turn = this.#books.next();
      if (turn === null) return;
      this.#books.grant(turn.holder, turn.phone, now + turn.ttl_ms);
      this.#underway.add(turn.holder, now);
      this.#tokens -= 1;
      if (turn.holder.call_id !== asker?.call_id || turn.holder.slot !== asker.slot) this.ctx.waitUntil(this.#tell(turn.holder, turn.phone));
    }
  }

  async #tell(holder: LeaseHolder, phone: string): Promise<void> {
    try {
      if (await this.#tools.notify(holder, phone)) return;
      await this.release(holder);
    } catch (error) {
      // The holder asks again by itself and gets the lease that it has; if it is dead, the lease expires.
      log.error("a call could not be told of its turn", { ...holder, error: describeError(error) });
    }
  }

  /** Wakes for the next token when somebody waits, else for the next expiry that could free a phone, or the place of a dial that has died. */
  async #arm(now: number): Promise<void> {
    if (!this.#books.isAnyoneWaiting()) return;
    if (this.#tools.closed) {
      await this.ctx.storage.setAlarm(Date.now() + CLOSED_LOOK_MS);
      return;
    }
    const perToken = 1000 / this.#tools.callsPerSecond;
    const nextToken = now + Math.max(1, (1 - this.#tokens) * perToken);
    const nextPlace = this.#underway.isFull(now) ? now + UNDERWAY_MS : Infinity;
    const at = this.#tokens < 1 ? nextToken : Math.min(this.#books.nextExpiry() ?? nextToken, nextPlace);
    await this.ctx.storage.setAlarm(Math.max(Date.now() + 1, this.#tools.clock.toRealTime(Math.ceil(at))));
  }
}
