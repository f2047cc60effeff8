import type { Channel } from "../../memory/opt-outs.store.ts";
import type { ContactCaps } from "./consent.types.ts";
import type { Doubt } from "./trust.ts";

/* What the gate asks of a tenant's rate limiter, whoever plays it. */

export interface ReservationRequest {
  /** The same id again: the same reservation, counted once. */
  attempt_id: string;
  channel: Channel;
  /** E.164. */
  phone: string;
  /** Whose phone that is. */
  party: "owner" | "customer";
  /** Nobody asked for this contact: it starts the person's cooldown. */
  unasked: boolean;
  /** What it will cost by estimate, in micro-dollars; `settle` corrects it. */
  micros: number;
  caps: ContactCaps;
  /** The caps that somebody is warned of, where `caps` are narrower for this contact alone; absent: `caps`. */
  warned_caps?: ContactCaps;
}

/** What a text has cost, or a call with all the legs that were reserved for it (`attempt_id` is the text's id, or begins with the call's and a colon). */
export interface ContactCost {
  id: string;
  /** Micro-dollars. */
  micros: number;
}

export type ReservationAnswer = {
  /** Business time in ms of this person's last unasked contact by this channel, this attempt's own aside; null: none. */
  last_unasked_at: number | null;
} & (
  /** `near`: caps of which four fifths are used with this contact; each number of each once a day (the money once a month). */
  | { reserved: true; near?: (keyof ContactCaps)[] }
  /** `retry_at`: when there is room again, business time in ms; null: not by waiting (a cap of 0, the month's money). `unverified`: the cap is that small because of a doubt. */
  | { reserved: false; cap: keyof ContactCaps; retry_at: number | null; unverified?: Doubt }
);

export interface ContactLimiter {
  /** Counts a contact against all caps, or against none if one is met. One round trip. */
  reserve(request: ReservationRequest): Promise<ReservationAnswer>;
  /** Gives a reservation back, for a contact that did not happen. Unknown ids are nothing to it. */
  release(attemptId: string): Promise<void>;
  /** Puts what contacts have cost in place of their estimates, for the month's money. One round trip; safe to repeat. Unknown ids are nothing to it. */
  settle(costs: readonly ContactCost[]): Promise<void>;
}
