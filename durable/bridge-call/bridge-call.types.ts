import type { Effect, PendingEffect } from "./effect.types.ts";
import type { Person, Plan } from "./plan.schema.ts";

/** How a call ended (API.md, "Calls"). */
export const endReasons = [
  "connected", "owner_no_answer", "owner_busy", "owner_declined", "owner_voicemail", "customer_no_answer", "customer_busy",
  "customer_voicemail", "invalid_number", "carrier_failed", "blocked", "expired", "superseded", "canceled", "voicemail_left", "abandoned",
] as const;
export type EndReason = (typeof endReasons)[number];

export type CallStatus = "queued" | "held" | "ringing_owner" | "owner_answered" | "ringing_customer" | "connected" | "ended";

export type TimelineEvent =
  | "received" | "held" | "dialed" | "owner_ringing" | "owner_answered" | "owner_pressed" | "owner_declined" | "owner_no_answer"
  | "owner_busy" | "owner_voicemail" | "escalated" | "customer_ringing" | "customer_answered" | "connected" | "customer_no_answer"
  | "customer_busy" | "customer_voicemail" | "sms_owner" | "sms_customer" | "ended" | "recorded" | "transcribed" | "analysed" | "alert";

export interface TimelineEntry {
  /** ISO 8601 with milliseconds. */
  at: string;
  event: TimelineEvent;
  detail: Record<string, unknown>;
}

/** Twilio's words for a leg (CONTRACTS 1.3). */
export type LegStatus = "queued" | "initiated" | "ringing" | "in-progress" | "completed" | "busy" | "failed" | "no-answer" | "canceled";

export type LegStage =
  /** The intent is stored; Twilio is being asked. */
  | "dialing"
  /** Twilio may or may not have made the call. */
  | "resolving"
  | "ringing"
  /** Somebody or something picked up, and hears the whisper. */
  | "answered"
  /** Pressed 0 and is asked why. */
  | "declining"
  /** Pressed 1: this leg's person has the lead. */
  | "joined"
  | "over";

/** One attempt to reach one person on the owner's side. */
export interface OwnerLeg {
  /** Part of every callback address of this attempt: what comes back with it belongs to it. */
  nonce: string;
  phone: string;
  name: string;
  /** When we decided to dial: written before Twilio is asked. */
  intent_at: number;
  sid: string | null;
  stage: LegStage;
  /** Pressed 9: this person is not rung again about this lead. */
  passed?: boolean;
  /** They rang us. Nobody else is rung while they are on the line, and the gate was not asked yet. */
  called_in?: boolean;
  whispers: number;
  /** How many look-ups must come back empty before we believe that no call was made. */
  lookups_needed: number;
  /** When `tick` must look after this leg; null when only the outside moves it. */
  deadline: number | null;
}

export type Phase =
  /** Nobody is to be rung now: outside of hours, between two rounds, or because the owner chose so. */
  | "waiting"
  /** Waiting for the gate's word and the dialer's lease. */
  | "clearing"
  /** At least one leg is on its way to a person on the owner's side. */
  | "reaching"
  | "ringing_customer"
  /** The owner is on the line and chooses what to do about a customer who was not reached. */
  | "choosing"
  /** Inbound: the caller hears a menu. */
  | "greeting"
  /** Inbound: the caller may leave a message. */
  | "voicemail"
  | "connected" | "ended";

export type WaitingFor = "hours" | "turn" | "pause" | "customer" | "contact";

export type CustomerOutcome = "customer_no_answer" | "customer_busy" | "customer_voicemail" | "invalid_number" | "carrier_failed";

/** That the rules let this owner and the customer be rung. */
export interface FirstVerdicts {
  phone: string;
  limiter_reached: boolean;
}

export interface BridgeCallState {
  plan: Plan;
  phase: Phase;
  waiting_for: WaitingFor | null;
  legs: OwnerLeg[];
  /** People not tried yet in this round. */
  untried: Person[];
  /** From 1. */
  round: number;
  /** Whose turn it is in a round robin: the people are taken from this index on. */
  turn: number;
  /** The leg whose owner pressed 1. */
  winner: string | null;
  /** The minute at which the hours began that it waited for: those with the same are rung in a row. */
  window_at: number | null;
  /** The first opening of the business's hours at which the customer could not be rung. */
  missed_opening_at?: number;
  /** From when on it could be rung at all: `max_age_ms` counts from here. */
  ringable_at: number;
  customer: { sid: string | null; answered_at: number | null; outcome: CustomerOutcome | null; attempts: number };
  /** Inbound: the caller's leg, the language they chose (an index), and whether a message is there. */
  caller: { sid: string; nonce: string; language: number; menu: "language" | "emergency" | null; message: boolean } | null;
  held: boolean;
  recording_requested: boolean;
  /** Failures in a row of asking Twilio; sets the pace of trying again. */
  setbacks: number;
  /** When `tick` has something to do for the call as a whole; null when only the outside can move it. */
  deadline: number | null;
  connected_at: number | null;
  duration_s: number | null;
  end_reason: EndReason | null;
  timeline: TimelineEntry[];
  /** First time of each milestone, ms since the epoch. */
  marks: Partial<Record<Milestone, number>>;
  /** The gate was answered from what the lead's own batch had read: is written down with the first projection, and taken out then. */
  verdicts?: FirstVerdicts;
  /** Grows with every change: fences projections. */
  revision: number;
  /** When it last changed, ms: a clock that is behind this has been set back. Absent in what an earlier release has stored. */
  touched_at?: number;
  /** Effects not done yet, kept with the state so that a crash forgets none. */
  outbox: PendingEffect[];
  next_effect_id: number;
}

export type Milestone = "dialed" | "owner_ringing" | "owner_answered" | "pressed" | "customer_ringing" | "connected";

/** A vendor's account speaks of a call that was not made with it. */
export type ForeignAccount = "foreign_account";

export interface Transition {
  state: BridgeCallState;
  effects: Effect[];
}
