import type { BridgeCallState, EndReason, OwnerLeg, Transition } from "./bridge-call.types.ts";
import type { Effect, TextEffect } from "./effect.types.ts";
import { changeLeg, isLive, liveLegs, log, stay, winnerOf } from "./transition.ts";

/*
 * How a call ends, and which texts are owed then: the owner has the lead in some form, the customer hears from the business
 * once, and somebody else is told when nobody could be reached.
 */

type Owed = Record<"card" | "missed" | "alert", ReadonlySet<EndReason>>;

const OWED: Record<"outbound" | "inbound", Owed> = {
  outbound: {
    card: new Set<EndReason>(["owner_no_answer", "owner_busy", "owner_voicemail", "customer_no_answer", "customer_busy", "customer_voicemail", "invalid_number", "carrier_failed", "blocked", "expired", "abandoned"]),
    missed: new Set<EndReason>(["owner_no_answer", "owner_busy", "owner_voicemail", "customer_no_answer", "customer_busy", "customer_voicemail", "carrier_failed", "expired"]),
    alert: new Set<EndReason>(["owner_no_answer", "owner_busy", "owner_voicemail", "carrier_failed", "expired"]),
  },
  inbound: {
    card: new Set<EndReason>(["abandoned", "owner_no_answer"]),
    missed: new Set<EndReason>(["abandoned", "owner_no_answer", "voicemail_left"]),
    alert: new Set<EndReason>(["abandoned", "owner_no_answer"]),
  },
};

/** A message's words are sent to the owner when they are known; if that takes longer, the owner is told of the message without them. */
export const VOICEMAIL_CARD_MS = 180_000;
/** Less was not a conversation that anybody could answer for. */
const FEEDBACK_AFTER_S = 10;

export const voicemailCard = (state: BridgeCallState): TextEffect[] => {
  const to = state.plan.destinations[0]?.phone;
  return to === undefined ? [] : [{ kind: "sms", key: `${state.plan.call_id}:voicemail`, purpose: "voicemail_card", party: "owner", to, body: state.plan.texts.voicemail_card }];
};

const textsOwed = (state: BridgeCallState, reason: EndReason): TextEffect[] => {
  const { plan } = state;
  const owed = OWED[plan.direction];
  const owner = (winnerOf(state) ?? state.legs.at(-1))?.phone ?? plan.destinations[0]?.phone;
  const texts: TextEffect[] = [];
  if (owner !== undefined && owed.card.has(reason)) texts.push({ kind: "sms", key: `${plan.call_id}:card`, purpose: "lead_card", party: "owner", to: owner, body: plan.texts.card });
  if (plan.fallback_phone !== null && plan.fallback_phone !== owner && owed.alert.has(reason)) {
    texts.push({ kind: "sms", key: `${plan.call_id}:alert`, purpose: "alert", party: "owner", to: plan.fallback_phone, body: plan.texts.alert });
  }
  const { phone } = plan.customer;
  if (phone !== null && owed.missed.has(reason)) {
    if (plan.inbound !== null && plan.texts.text_back !== null) texts.push({ kind: "sms", key: plan.inbound.text_back_key, purpose: "text_back", party: "customer", to: phone, body: plan.texts.text_back });
    // Once a lead, however often it is called.
    if (plan.inbound === null && plan.texts.missed !== null) texts.push({ kind: "sms", key: `${plan.lead_id}:missed`, purpose: "missed_text", party: "customer", to: phone, body: plan.texts.missed });
  }
  return texts;
};

/** Asks the person who took the call how it went. Sent when the conversation's length is known. */
const feedback = (state: BridgeCallState, at: number): TextEffect[] => {
  const { plan } = state;
  const to = winnerOf(state)?.phone;
  const talked = state.duration_s ?? (state.connected_at === null ? 0 : (at - state.connected_at) / 1000);
  if (plan.texts.feedback === null || to === undefined || talked < FEEDBACK_AFTER_S) return [];
  return [{ kind: "sms", key: `${plan.call_id}:feedback`, purpose: "feedback", party: "owner", to, body: plan.texts.feedback }];
};

/** A conversation's last words to the owner's phone are the reply to the report that it is over; when the phone has still not hung up then, Twilio is asked. */
const HANGING_UP_MS = 10_000;

const isUnresolved = (leg: OwnerLeg): boolean => leg.sid === null && (leg.stage === "dialing" || leg.stage === "resolving");

/**
 * Ends the call: the duty closes, the phones are free for the next lead, nobody is left ringing. A leg of which we do not
 * know yet whether Twilio made it stays under watch, to be hung up when it turns out to exist. So does the phone of whoever has just
 * talked: it is given to the next lead when it is reported to have hung up, not while it is still being told to.
 */
export const end = (state: BridgeCallState, at: number, reason: EndReason, detail: Record<string, unknown> = {}): Transition => {
  if (state.phase === "ended") return stay(state);
  const closed = log({ ...state, phase: "ended", waiting_for: null, end_reason: reason, held: false, untried: [], deadline: reason === "voicemail_left" ? at + VOICEMAIL_CARD_MS : null }, at, "ended", { reason, ...detail });
  // Inbound legs are children of the caller's, and go with it; a conversation's legs end by themselves.
  const toHangUp = state.plan.direction === "inbound" || reason === "connected" ? [] : liveLegs(state).filter((leg) => leg.sid !== null);
  const talker = state.plan.direction === "outbound" && reason === "connected" ? liveLegs(state).find((leg) => leg.nonce === state.winner) : undefined;
  const watched = talker ? changeLeg(closed, talker.nonce, { deadline: at + HANGING_UP_MS }) : closed;
  const ended = watched.legs.filter((leg) => isLive(leg) && !isUnresolved(leg) && leg.nonce !== talker?.nonce).reduce((next, leg) => changeLeg(next, leg.nonce, { stage: "over", deadline: null }), watched);
  const effects: Effect[] = [
    ...toHangUp.map((leg): Effect => ({ kind: "hang_up", sid: leg.sid ?? "" })),
    ...(talker ? [] : [{ kind: "release" } as const]),
    ...(reason === "connected" ? feedback(state, at) : textsOwed(state, reason)),
  ];
  return { state: ended, effects };
};
