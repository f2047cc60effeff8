import { z } from "zod";

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

const personSchema = z.object({ name: z.string(), phone: z.string() });

/** All that a call needs to know, taken from lead and DNA when it was accepted: later edits do not change a call in flight. */
export const planSchema = z.object({
  call_id: z.string(),
  lead_id: z.string(),
  project_id: z.string(),
  tenant_id: z.string(),
  /** ms: when the form came in; every latency counts from here. */
  received_at: z.number(),
  /** The number that both people see. */
  from: z.string(),
  customer: personSchema,
  destinations: z.array(personSchema),
  whisper: z.string(),
  sms_card: z.string(),
  language: z.string(),
  ring_timeout_s: z.number(),
  customer_ring_timeout_s: z.number(),
  keypress_timeout_s: z.number(),
  max_call_s: z.number(),
  max_age_ms: z.number(),
  recording: z.object({ enabled: z.boolean(), strict: z.boolean(), owner_notice: z.string(), customer_notice: z.string() }),
  policy: z.object({ allowed_countries: z.array(z.string()), country: z.string() }),
});
export type Plan = z.infer<typeof planSchema>;

/** Twilio's words for a leg (CONTRACTS 1.3). */
export type LegStatus = "queued" | "initiated" | "ringing" | "in-progress" | "completed" | "busy" | "failed" | "no-answer" | "canceled";

/** One attempt to reach one person on the owner's side. */
export interface OwnerLeg {
  /** Part of every callback address of this attempt: what comes back with it belongs to it. */
  nonce: string;
  phone: string;
  name: string;
  /** When we decided to dial: written before Twilio is asked. */
  intent_at: number;
  sid: string | null;
  whispers: number;
  /** How many look-ups must come back empty before we believe that no call was made. */
  lookups_needed: number;
  ended: boolean;
}

export type Phase =
  /** Waiting for the gate's word and the dialer's lease. */
  | "clearing"
  /** The intent is stored; Twilio is being asked. */
  | "dialing"
  /** Twilio may or may not have made the call. */
  | "resolving"
  | "ringing_owner" | "owner_answered" | "ringing_customer" | "connected" | "ended";

export interface BridgeCallState {
  plan: Plan;
  phase: Phase;
  legs: OwnerLeg[];
  /** Destinations not tried yet. */
  untried: { name: string; phone: string }[];
  customer: { sid: string | null; answered: boolean; outcome: "customer_no_answer" | "customer_busy" | "invalid_number" | "carrier_failed" | null };
  held: boolean;
  recording_requested: boolean;
  /** Failures in a row of asking Twilio; sets the pace of trying again. */
  setbacks: number;
  /** When `tick` has something to do; null when only the outside can move the call. */
  deadline: number | null;
  connected_at: number | null;
  duration_s: number | null;
  end_reason: EndReason | null;
  timeline: TimelineEntry[];
  /** First time of each milestone, ms since the epoch. */
  marks: { dialed?: number; owner_ringing?: number; owner_answered?: number; pressed?: number; customer_ringing?: number; connected?: number };
  /** Grows with every change: fences projections. */
  revision: number;
  /** Effects not done yet, kept with the state so that a crash forgets none. */
  outbox: PendingEffect[];
  next_effect_id: number;
}

export type Effect =
  /** Ask the gate about everybody concerned and the dialer for a lease on one of these phones. */
  | { kind: "clear"; phones: string[] }
  /** Ask Twilio to ring. At most once per nonce. */
  | { kind: "dial"; nonce: string; phone: string }
  /** Ask Twilio whether a call of ours came to be. */
  | { kind: "look_up"; nonce: string; phone: string; intent_at: number }
  /** Ask Twilio how a leg is doing, because its callbacks are overdue. */
  | { kind: "check_leg"; nonce: string; sid: string }
  | { kind: "claim_leg"; sid: string }
  | { kind: "renew_lease"; phone: string; until: number }
  | { kind: "release" }
  | { kind: "hang_up"; sid: string }
  | { kind: "start_recording"; sid: string; nonce: string }
  /** The lead card. At most one per call. */
  | { kind: "sms_owner"; phone: string; body: string };

export interface PendingEffect {
  id: number;
  effect: Effect;
  /** How often it was begun. Written before it begins: after a crash, a dial or text that was begun is looked up, never repeated blindly. */
  tries: number;
  /** Not before this time. */
  due_at: number;
}

export type CallEvent =
  /** `nonce` is fresh randomness for the attempt that this permits: the machine itself has none. */
  | { type: "cleared"; phone: string; nonce: string }
  | { type: "blocked"; reason: string; detail: string }
  | { type: "must_wait"; until: number }
  | { type: "dial_accepted"; nonce: string; sid: string }
  | { type: "dial_refused"; nonce: string; failure: "permanent" | "opted_out" | "account" | "retry"; code: number | null; message: string; retry_after_ms?: number }
  /** `answered`: Twilio answered with a failure of its own; otherwise nothing came back, or we died waiting. */
  | { type: "dial_unknown"; nonce: string; answered: boolean }
  | { type: "leg_found"; nonce: string; sid: string; status: LegStatus }
  | { type: "leg_absent"; nonce: string }
  | { type: "leg_uncertain"; nonce: string; candidates: number }
  | { type: "look_up_failed"; nonce: string }
  | { type: "leg_progress"; nonce: string; sid: string; status: LegStatus; answered_by: string | null; sip_code: number | null }
  | { type: "owner_listening"; nonce: string; sid: string }
  | { type: "owner_key"; nonce: string; sid: string; digit: string }
  | { type: "customer_progress"; nonce: string; sid: string; status: LegStatus; duration_s: number | null; sip_code: number | null }
  | { type: "customer_listening"; nonce: string }
  | { type: "notice_done"; nonce: string }
  | { type: "dial_done"; nonce: string; status: string; bridged: boolean | null; duration_s: number | null }
  | { type: "sms_sent"; sid: string }
  | { type: "sms_refused"; message: string }
  | { type: "noted"; event: "recorded" | "transcribed" | "analysed" | "alert"; detail: Record<string, unknown> }
  | { type: "tick" };

/** What was found out while the lead was being stored, so that its object can dial at once. */
export const headStartSchema = z.object({
  /** The phone whose lease the dialer has given to this call. */
  phone: z.string(),
  nonce: z.string(),
  /** What the opt-out list said of everybody concerned, in the very transaction that stored the lead. */
  opted_out: z.array(z.object({ phone: z.string(), channel: z.enum(["call", "sms"]) })),
});
export type HeadStart = z.infer<typeof headStartSchema>;

export interface Transition {
  state: BridgeCallState;
  effects: Effect[];
}
