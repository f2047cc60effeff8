import { smsSize } from "../contact/segments.ts";
import { incomingLegMicros, outgoingLegMicros, textMicros } from "../security/consent/prices.data.ts";
import type { UsageLine } from "./usage.types.ts";

/** A call that is over, as far as it costs something. */
export interface EndedCall {
  direction: "outbound" | "inbound";
  canary: boolean;
  /** Whether it was made with a Twilio account of the tenant's own: they pay for it themselves. */
  own_account: boolean;
  received_at: number;
  ended_at: number;
  /** From form (or ring) to the owner's answer; null: nobody answered. */
  form_to_owner_answer_ms: number | null;
  /** Of the conversation. */
  duration_s: number | null;
  /** The project's, ISO 3166-1 alpha-2: where its own people are. */
  country: string;
  /** E.164; null: not known any more. */
  customer_phone: string | null;
}

/** A text that was handed over or came in. */
export interface SentText {
  direction: "in" | "out";
  own_account: boolean;
  /** Not sent, and not charged. */
  failed: boolean;
  phone_to: string;
  body: string;
}

/** Told apart in the ledger: what the service pays from what tenants pay with accounts of their own. */
const named = (name: string, ownAccount: boolean): string => (ownAccount ? `${name}:own_account` : name);

/**
 * What a call has used: itself, and the time on each leg that was answered. An estimate by our own clock and prices; Twilio's
 * invoice knows better.
 */
export const linesOfCall = (call: EndedCall): UsageLine[] => {
  const kind = named(call.canary ? "canary" : call.direction, call.own_account);
  const total = Math.max(0, Math.round((call.ended_at - call.received_at) / 1000));
  const owner = call.form_to_owner_answer_ms === null ? 0 : Math.max(0, total - Math.round(call.form_to_owner_answer_ms / 1000));
  const talked = call.duration_s ?? 0;
  const { country, customer_phone: phone } = call;
  const legs: { leg: string; seconds: number; cost_micros: number }[] = [
    { leg: "owner", seconds: owner, cost_micros: outgoingLegMicros({ phone: null, country, seconds: owner }) },
    call.direction === "inbound" ? { leg: "caller", seconds: total, cost_micros: incomingLegMicros(total) } : { leg: "customer", seconds: talked, cost_micros: outgoingLegMicros({ phone, country, seconds: talked }) },
  ];
  const used = legs.filter(({ seconds }) => seconds > 0);
  return [{ kind: "calls", detail: kind, quantity: 1, cost_micros: 0 }, ...used.map(({ leg, seconds, cost_micros }): UsageLine => ({ kind: "call_seconds", detail: `${kind}:${leg}`, quantity: seconds, cost_micros }))];
};

export const linesOfText = ({ direction, own_account, failed, phone_to, body }: SentText): UsageLine[] => {
  if (failed) return [];
  const segments = smsSize(body).segments;
  return [{ kind: "sms_segments", detail: named(direction, own_account), quantity: segments, cost_micros: textMicros({ phone: direction === "out" ? phone_to : null, segments }) }];
};
