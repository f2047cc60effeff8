import type { ContactPurpose } from "../security/consent/consent.types.ts";

/** What a text is for; `reply`: what somebody sent us that answers no question of ours. */
export type MessagePurpose = ContactPurpose | "reply";

/** Twilio's words for a text (CONTRACTS 1.11) … */
export type TwilioMessageStatus =
  | "accepted" | "scheduled" | "queued" | "sending" | "sent" | "undelivered" | "failed" | "canceled" | "delivered" | "read" | "partially_delivered";

export type MessageStatus =
  | TwilioMessageStatus
  /** … and ours, of an outgoing one: Twilio has not been asked yet, */
  | "pending"
  /** it is being asked, */
  | "asking"
  /** it was asked and gave no clear answer, */
  | "unclear"
  /** the gate or Twilio said no: it was surely not sent. */
  | "refused"
  /** Of an incoming one: taken in, */
  | "received"
  /** kept, from a number on the blocklist. */
  | "blocked";
