import type { ContactPurpose } from "../../core/security/consent/consent.types.ts";

/** What a call itself has to say. */
export type TextPurpose = Extract<ContactPurpose, "before_ring" | "lead_card" | "missed_text" | "alert" | "text_back" | "voicemail_card" | "feedback">;

export interface TextEffect {
  kind: "sms";
  /** This text's name: a text of that name is sent once, whoever asks for it how often. */
  key: string;
  purpose: TextPurpose;
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
  /** Ask Twilio whether a call of ours came to be. `known`: other attempts' (absent in what an earlier release has stored). */
  | { kind: "look_up"; nonce: string; phone: string; intent_at: number; known?: string[] }
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
