import type { Channel } from "../../memory/opt-outs.store.ts";

/* What the consent gate is asked and what it answers; the rules are beside it. */

export const contactPurposes = [
  "bridge_call", "forward", "lead_card", "missed_text", "before_ring", "text_back", "voicemail_card", "feedback", "reply_forward", "alert",
  "opt_out_confirmation", "campaign", "by_hand", "canary", "verification",
] as const;
export type ContactPurpose = (typeof contactPurposes)[number];

export interface ContactPolicy {
  /** ISO 3166-1 alpha-2 codes that the business may contact, its own included. */
  allowed_countries: readonly string[];
  /** The project's country: short emergency numbers are read with it, and a customer's hours where the number tells no place. */
  country: string;
  /** IANA name of the project's zone: a customer's hours where neither number nor address tells a place. */
  time_zone: string | null;
  /** Least minutes between two unasked contacts of one customer by the same channel; 0: none. */
  cooldown_minutes: number;
  caps: ContactCaps;
}

/** Per tenant. Null: no cap. */
export interface ContactCaps {
  calls_per_hour: number | null;
  calls_per_day: number | null;
  sms_per_hour: number | null;
  sms_per_day: number | null;
  /** In micro-dollars a calendar month (UTC), by the prices in the rules' data. */
  money_per_month_micros: number | null;
}

export interface ContactRequest {
  /** Names this attempt: asked again with the same id, no cap is spent twice. */
  attempt_id: string;
  channel: Channel;
  purpose: ContactPurpose;
  /** E.164. */
  phone: string;
  /** The business's own people have their hours in the DNA: quiet hours and cooldowns are the customers'. */
  party: "owner" | "customer";
  /** When this person asked for the contact, business time in ms; null when they did not. */
  asked_at: number | null;
  /** What is known of where they are, from their address: ISO 3166-2 state ("US-TX"), IANA zone. */
  place: { state: string | null; time_zone: string | null } | null;
  /** What the audit row is about: `call:…` or `entity:…`. */
  resource: string;
  policy: ContactPolicy;
}

export type RefusalReason = "opted_out" | "emergency_number" | "number_type" | "country" | "not_textable" | "cap" | "cooldown" | "unverified";

export type Verdict =
  | { answer: "yes" }
  | { answer: "no"; reason: RefusalReason; detail: string }
  /** `at`: business time in ms. */
  | { answer: "not_before"; at: number; reason: "quiet_hours" | "cap" | "cooldown" | "suspended"; detail: string };

/** The one question that everything which rings or texts asks first. Writes the verdict down. */
export interface ConsentGate {
  ask(request: ContactRequest): Promise<Verdict>;
}
