import type { ContactPurpose } from "../../core/security/consent/consent.types.ts";
import type { LegStatus } from "./bridge-call.types.ts";

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
  /** The customer asks (again) to be called: what is put off by our own choice is done now, and an emergency whatever it is put off by. */
  | { type: "wanted"; asked_at: number | null; emergency: boolean }
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
