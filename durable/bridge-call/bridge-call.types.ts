import { z } from "zod";
import { holidaysSchema, hoursSchema } from "../../core/dna/hours.ts";
import type { ContactPurpose } from "../../core/security/consent/consent.types.ts";

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

const personSchema = z.object({
  name: z.string(),
  phone: z.string(),
  schedule: z.object({ hours: hoursSchema.optional(), holidays: holidaysSchema.optional(), time_zone: z.string() }),
});
export type Person = z.infer<typeof personSchema>;

/** What a caller hears in one language. */
const spokenSchema = z.object({ language: z.string(), greeting: z.string(), closed_greeting: z.string(), notice: z.string(), voicemail_prompt: z.string() });

const cap = z.number().nullable();
const policySchema = z.object({
  allowed_countries: z.array(z.string()).readonly(),
  country: z.string(),
  time_zone: z.string().nullable(),
  cooldown_minutes: z.number(),
  caps: z.object({ calls_per_hour: cap, calls_per_day: cap, sms_per_hour: cap, sms_per_day: cap, money_per_month_micros: cap }),
});

/** All that a call needs to know, taken from lead and DNA when it was accepted: later edits do not change a call in flight. */
export const planSchema = z.object({
  call_id: z.string(),
  lead_id: z.string(),
  project_id: z.string(),
  tenant_id: z.string(),
  direction: z.enum(["outbound", "inbound"]),
  /** ms: when the form came in, or the caller called; every latency counts from here. */
  received_at: z.number(),
  /** When the customer asked for this call, ms; null when they did not. */
  asked_at: z.number().nullable(),
  /** The number that both people see. */
  from: z.string(),
  /** Null: a caller who hides their number. */
  customer: z.object({ name: z.string(), phone: z.string().nullable() }),
  /** Where the customer is, as far as their address tells. */
  place: z.object({ state: z.string().nullable(), time_zone: z.string().nullable() }).nullable(),
  destinations: z.array(personSchema),
  strategy: z.enum(["sequential", "simultaneous", "round_robin"]),
  rounds: z.number(),
  pause_s: z.number(),
  /** 0 … 0.9: the part of the pause that chance may add or take. */
  jitter: z.number(),
  customer_attempts: z.number(),
  customer_retry_s: z.number(),
  spread_s: z.number(),
  /** Hours do not matter. */
  emergency: z.boolean(),
  detect_machines: z.object({ owner: z.boolean(), customer: z.boolean() }),
  /** What the owner hears before the keys are explained. */
  whisper: z.string(),
  decline_reasons: z.array(z.string()),
  voicemail_message: z.object({ text: z.string().optional(), audio_url: z.string().optional() }).nullable(),
  texts: z.object({
    card: z.string(),
    voicemail_card: z.string(),
    alert: z.string(),
    before_ring: z.string().nullable(),
    missed: z.string().nullable(),
    feedback: z.string().nullable(),
    text_back: z.string().nullable(),
  }),
  fallback_phone: z.string().nullable(),
  language: z.string(),
  ring_timeout_s: z.number(),
  customer_ring_timeout_s: z.number(),
  keypress_timeout_s: z.number(),
  max_call_s: z.number(),
  max_age_ms: z.number(),
  recording: z.object({ enabled: z.boolean(), strict: z.boolean(), owner_notice: z.string(), customer_notice: z.string() }),
  /** Null for calls that we place. The first language is the business's own. */
  inbound: z
    .object({
      languages: z.array(spokenSchema.extend({ key: z.string(), offer: z.string() })).min(1),
      message_max_s: z.number(),
      /** Nobody is rung: the tenant is suspended. */
      message_only: z.boolean().default(false),
      emergency_offer: z.string().nullable(),
      /** Names the text-back; the same within the cooldown, so that there is one. */
      text_back_key: z.string(),
    })
    .nullable(),
  policy: policySchema,
});
export type Plan = z.infer<typeof planSchema>;

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
  /** Grows with every change: fences projections. */
  revision: number;
  /** Effects not done yet, kept with the state so that a crash forgets none. */
  outbox: PendingEffect[];
  next_effect_id: number;
}

export type Milestone = "dialed" | "owner_ringing" | "owner_answered" | "pressed" | "customer_ringing" | "connected";

export interface TextEffect {
  kind: "sms";
  /** This text's name: a text of that name is sent once, whoever asks for it how often. */
  key: string;
  purpose: ContactPurpose;
  party: "owner" | "customer";
  to: string;
  body: string;
}

export type Effect =
  /**
   * Ask the gate about everybody concerned and the dialer for a lease on one of these phones (`each`: on every one). `dial` and
   * `attempt` name which dial and which ring of the customer this is about, so that asking again spends nothing again. A `retry`
   * lets fresh leads go first.
   */
  | { kind: "clear"; phones: string[]; each: boolean; retry: boolean; dial: number; attempt: number }
  /** Ask Twilio to ring. At most once per nonce. */
  | { kind: "dial"; nonce: string; phone: string }
  /** Ask Twilio whether a call of ours came to be. */
  | { kind: "look_up"; nonce: string; phone: string; intent_at: number }
  /** Ask Twilio how a leg is doing, because its callbacks are overdue. */
  | { kind: "check_leg"; nonce: string; sid: string }
  | { kind: "check_caller"; sid: string }
  | { kind: "claim_leg"; sid: string }
  | { kind: "renew_lease"; phone: string; until: number }
  /** Give a phone back; without one, all of them. */
  | { kind: "release"; phone?: string }
  | { kind: "hang_up"; sid: string }
  /** Send a live leg to another of our documents. */
  | { kind: "redirect"; sid: string; to: "taken" | "menu" | "parked" | "message"; nonce: string }
  | { kind: "start_recording"; sid: string; nonce: string }
  /** The gate was answered from what the lead's own batch had read: have it written down. */
  | { kind: "note_verdicts"; phone: string; limiter_reached: boolean }
  | TextEffect;

export interface PendingEffect {
  id: number;
  effect: Effect;
  /** How often it was begun. Written before it begins: after a crash, a dial or text that was begun is looked up, never repeated blindly. */
  tries: number;
  /** When it was first owed, and the time before which it is not tried (again). */
  since: number;
  due_at: number;
}

/** What was found out about how a request ended. */
type DialFailure = "permanent" | "opted_out" | "account" | "retry";

export type CallEvent =
  /** `nonce` is fresh randomness for the attempt that this permits: the machine itself has none. */
  | { type: "cleared"; phone: string; nonce: string }
  | { type: "blocked"; reason: string; detail: string }
  /** The gate refuses these people of the business's, but not the call. */
  | { type: "people_refused"; phones: string[]; detail: string }
  /** No lease yet (`busy`), or the gate says later. */
  | { type: "must_wait"; until: number; because: "busy" | "contact" }
  /** The dialer's turn has come for this call. */
  | { type: "granted"; phone: string }
  /** The hours have begun; `place` is this call's in the row of those that waited for them, from 0. */
  | { type: "window_opened"; place: number }
  /** The customer asks (again) to be called: what is put off by our own choice is done now. */
  | { type: "wanted" }
  /** Somebody has spoken to the customer, or is about to, by another way. */
  | { type: "contacted"; by: string }
  /** Somebody of the business calls the business's number, and is on the line. */
  | { type: "owner_called_in"; nonce: string; sid: string; phone: string; name: string }
  | { type: "dial_accepted"; nonce: string; sid: string }
  | { type: "dial_refused"; nonce: string; failure: DialFailure; code: number | null; message: string; retry_after_ms?: number }
  /** `answered`: Twilio answered with a failure of its own; otherwise nothing came back, or we died waiting. */
  | { type: "dial_unknown"; nonce: string; answered: boolean }
  | { type: "leg_found"; nonce: string; sid: string; status: LegStatus }
  | { type: "leg_absent"; nonce: string }
  | { type: "leg_uncertain"; nonce: string; candidates: number }
  | { type: "look_up_failed"; nonce: string }
  | { type: "leg_progress"; nonce: string; sid: string; status: LegStatus; answered_by: string | null; sip_code: number | null }
  | { type: "leg_is_machine"; nonce: string; sid: string }
  | { type: "owner_listening"; nonce: string; sid: string }
  | { type: "owner_key"; nonce: string; sid: string; digit: string }
  /** The owner's leg asks what to say in the menu about the customer. */
  | { type: "menu_opened"; nonce: string; sid: string }
  | { type: "menu_key"; nonce: string; sid: string; digit: string; attempt: number }
  | { type: "customer_progress"; nonce: string; attempt: number; sid: string; status: LegStatus; duration_s: number | null; sip_code: number | null }
  | { type: "customer_judged"; nonce: string; attempt: number; sid: string; answered_by: string }
  | { type: "customer_listening"; nonce: string; attempt: number }
  | { type: "notice_done"; nonce: string; attempt: number }
  /** A <Dial> is over. `over`: so is the leg that it ran on. */
  | { type: "dial_done"; nonce: string; attempt: number; status: string; bridged: boolean | null; duration_s: number | null; over: boolean }
  /** Inbound. */
  | { type: "caller_listening" }
  | { type: "caller_key"; digit: string; menu: string }
  | { type: "caller_progress"; status: LegStatus }
  | { type: "message_left"; duration_s: number | null }
  | { type: "message_absent" }
  | { type: "sms_sent"; sid: string; purpose: ContactPurpose; party: "owner" | "customer" }
  | { type: "sms_refused"; message: string; purpose: ContactPurpose; party: "owner" | "customer" }
  | { type: "noted"; event: "recorded" | "transcribed" | "analysed" | "alert"; detail: Record<string, unknown> }
  | { type: "tick" };

export type EventOf<T extends CallEvent["type"]> = Extract<CallEvent, { type: T }>;

const reservationSchema = z.intersection(
  z.object({ last_unasked_at: z.number().nullable() }),
  z.discriminatedUnion("reserved", [
    z.object({ reserved: z.literal(true) }),
    z.object({ reserved: z.literal(false), cap: z.enum(["calls_per_hour", "calls_per_day", "sms_per_hour", "sms_per_day", "money_per_month_micros"]), retry_at: z.number().nullable() }),
  ]),
);

/** What was found out while the lead was being stored, so that its object can dial at once. */
export const headStartSchema = z.object({
  /** The phone whose lease the dialer has given to this call. */
  phone: z.string(),
  nonce: z.string(),
  /** What the opt-out list said of everybody concerned, in the very transaction that stored the lead. */
  suppressed: z.array(z.object({ phone: z.string(), channel: z.enum(["call", "sms"]), kind: z.enum(["opt_out", "undeliverable"]), since: z.number() })),
  /** The caps' answers for the customer and for that person; null where the limiter could not be reached. */
  reservations: z.object({ customer: reservationSchema.nullable(), owner: reservationSchema.nullable() }),
});
export type HeadStart = z.infer<typeof headStartSchema>;

export interface Transition {
  state: BridgeCallState;
  effects: Effect[];
}
