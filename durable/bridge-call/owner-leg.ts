import type { BridgeCallState, CallEvent, EndReason, LegStatus, Transition } from "./bridge-call.types.ts";
import { changeLeg, currentLeg, end, legOf, log, logOnce, mark, move, stay } from "./transition.ts";

type EventOf<T extends CallEvent["type"]> = Extract<CallEvent, { type: T }>;

/** Twilio reports some seconds after the ring timeout; then the call is asked after. */
const RING_GRACE_MS = 20_000;
/** Whisper, repeats and the wait for a key. */
const WHISPER_GRACE_MS = 60_000;
/** How long a call that Twilio may have made gets to announce itself by a callback, before we ask for it. */
const ANNOUNCE_MS = { answered: 2_000, silent: 3_000 };
const MAX_WHISPERS = 3;

export const isExpired = (state: BridgeCallState, now: number): boolean => now - state.plan.received_at > state.plan.max_age_ms;

/** 2, 4, 8 … at most 30 seconds. */
export const backoffMs = (setbacks: number): number => Math.min(30_000, 1000 * 2 ** Math.min(setbacks, 5));

/** Asks gate and dialer again, unless the lead has grown too old for a call. */
export const askClearance = (state: BridgeCallState, now: number): Transition =>
  isExpired(state, now)
    ? end(state, now, "expired")
    : move(state, { phase: "clearing", deadline: null }, { kind: "clear", phones: state.untried.map((person) => person.phone) });

export const cleared = (state: BridgeCallState, event: EventOf<"cleared">, now: number): Transition => {
  if (state.phase !== "clearing" || legOf(state, event.nonce)) return stay(state);
  if (isExpired(state, now)) return end(state, now, "expired");
  const person = state.untried.find((candidate) => candidate.phone === event.phone);
  if (!person) return stay(state);
  const leg = { ...person, nonce: event.nonce, intent_at: now, sid: null, whispers: 0, lookups_needed: 0, ended: false };
  const dialing = log(mark(state, "dialed", now), now, "dialed", { to: person.phone, attempt: state.legs.length + 1 });
  return move(
    dialing,
    { phase: "dialing", held: false, deadline: null, legs: [...state.legs, leg], untried: state.untried.filter((candidate) => candidate !== person) },
    { kind: "dial", nonce: leg.nonce, phone: leg.phone },
  );
};

export const mustWait = (state: BridgeCallState, event: EventOf<"must_wait">, now: number): Transition => {
  if (state.phase !== "clearing") return stay(state);
  if (isExpired(state, now)) return end(state, now, "expired");
  return move(logOnce(state, now, "held", { until: new Date(event.until).toISOString() }), { held: true, deadline: event.until });
};

/** The leg is over without a conversation: the next person, or the end of the call. */
const giveUp = (state: BridgeCallState, nonce: string, now: number, reason: EndReason): Transition => {
  const over = changeLeg(state, nonce, { ended: true });
  if (over.untried.length === 0) return end(over, now, reason);
  return askClearance(log(over, now, "escalated", { to: over.untried[0]?.phone }), now);
};

/** Nobody was rung by this attempt: the same person again, later. The phone is given back meanwhile, so that fresher leads go first. */
const tryAgain = (state: BridgeCallState, nonce: string, now: number, waitMs: number): Transition => {
  const leg = legOf(state, nonce);
  if (!leg) return stay(state);
  const again = { ...changeLeg(state, nonce, { ended: true }), untried: [{ name: leg.name, phone: leg.phone }, ...state.untried] };
  return move(again, { phase: "clearing", setbacks: state.setbacks + 1, deadline: now + waitMs }, { kind: "release" });
};

/** A call of ours exists under this SID: true of the REST answer, of any callback that bears the nonce, and of a look-up. */
const adopt = (state: BridgeCallState, nonce: string, sid: string, now: number): Transition => {
  const leg = legOf(state, nonce);
  if (!leg || leg.sid !== null) return stay(state);
  const known = changeLeg(state, nonce, { sid });
  // An attempt that we had given up for never made rings after all, and a newer one is on its way: one of them must go.
  if (leg !== currentLeg(state)) return move(known, {}, { kind: "claim_leg", sid }, { kind: "hang_up", sid });
  const ringing = { phase: "ringing_owner" as const, setbacks: 0, deadline: now + state.plan.ring_timeout_s * 1000 + RING_GRACE_MS };
  if (state.phase === "clearing") {
    // The same, but nothing newer was dialled yet: this one is the call.
    const revived = changeLeg(known, nonce, { ended: false });
    return move(revived, { ...ringing, untried: state.untried.filter((person) => person.phone !== leg.phone) }, { kind: "claim_leg", sid }, { kind: "renew_lease", phone: leg.phone, until: now + 120_000 });
  }
  return move(known, ringing, { kind: "claim_leg", sid });
};

export const dialAccepted = (state: BridgeCallState, event: EventOf<"dial_accepted">, now: number): Transition => adopt(state, event.nonce, event.sid, now);

export const dialRefused = (state: BridgeCallState, event: EventOf<"dial_refused">, now: number): Transition => {
  const leg = currentLeg(state);
  if (leg?.nonce !== event.nonce || leg.sid !== null || state.phase !== "dialing") return stay(state);
  const detail = { code: event.code, message: event.message };
  if (event.failure === "retry") return tryAgain(state, event.nonce, now, event.retry_after_ms ?? backoffMs(state.setbacks + 1));
  const told = log(state, now, "alert", { reason: "twilio_refused", ...detail });
  if (event.failure === "account") return tryAgain(state.setbacks === 0 ? told : state, event.nonce, now, 30_000);
  return giveUp(told, event.nonce, now, event.failure === "opted_out" ? "blocked" : "invalid_number");
};

export const dialUnknown = (state: BridgeCallState, event: EventOf<"dial_unknown">, now: number): Transition => {
  const leg = currentLeg(state);
  if (leg?.nonce !== event.nonce || leg.sid !== null || state.phase !== "dialing") return stay(state);
  const wait = event.answered ? ANNOUNCE_MS.answered : ANNOUNCE_MS.silent;
  return move(changeLeg(state, event.nonce, { lookups_needed: event.answered ? 1 : 2 }), { phase: "resolving", deadline: now + wait });
};

export const legAbsent = (state: BridgeCallState, event: EventOf<"leg_absent">, now: number): Transition => {
  const leg = currentLeg(state);
  if (leg?.nonce !== event.nonce || state.phase !== "resolving") return stay(state);
  if (leg.lookups_needed > 1) {
    return move(changeLeg(state, event.nonce, { lookups_needed: leg.lookups_needed - 1 }), { deadline: now + ANNOUNCE_MS.silent });
  }
  return tryAgain(state, event.nonce, now, 0);
};

export const legUncertain = (state: BridgeCallState, event: EventOf<"leg_uncertain">, now: number): Transition => {
  if (currentLeg(state)?.nonce !== event.nonce || state.phase !== "resolving") return stay(state);
  return end(log(state, now, "alert", { reason: "dial_outcome_unknown", candidates: event.candidates }), now, "carrier_failed");
};

export const lookUpFailed = (state: BridgeCallState, event: EventOf<"look_up_failed">, now: number): Transition => {
  if (currentLeg(state)?.nonce !== event.nonce || state.phase !== "resolving") return stay(state);
  if (isExpired(state, now)) return end(log(state, now, "alert", { reason: "dial_outcome_unknown" }), now, "expired");
  return move(state, { setbacks: state.setbacks + 1, deadline: now + backoffMs(state.setbacks + 1) });
};

const failureOf = (status: LegStatus, answeredBy: string | null, sipCode: number | null, answered: boolean): EndReason => {
  if (answeredBy !== null && answeredBy.startsWith("machine")) return "owner_voicemail";
  if (answered) return "owner_no_answer";
  if (status === "busy") return "owner_busy";
  if (status === "failed") return sipCode !== null && sipCode >= 500 ? "carrier_failed" : "invalid_number";
  return "owner_no_answer";
};

const answered = (state: BridgeCallState, now: number): BridgeCallState =>
  state.phase === "ringing_owner"
    ? { ...logOnce(mark(state, "owner_answered", now), now, "owner_answered"), phase: "owner_answered", deadline: now + WHISPER_GRACE_MS }
    : state;

export const legProgress = (state: BridgeCallState, event: EventOf<"leg_progress">, now: number): Transition => {
  const adopted = adopt(state, event.nonce, event.sid, now);
  const leg = currentLeg(adopted.state);
  if (leg?.nonce !== event.nonce || leg.ended || leg.sid !== event.sid) return adopted;
  const on = (next: Transition): Transition => ({ state: next.state, effects: [...adopted.effects, ...next.effects] });
  const known = adopted.state;
  switch (event.status) {
    case "queued":
    case "initiated":
      // Twilio keeps a call in its queue for a day; whoever asked an hour ago is not rung out of the blue.
      return known.phase === "ringing_owner" && isExpired(known, now) ? on(end(known, now, "expired")) : adopted;
    case "ringing":
      return on(move(logOnce(known, now, "owner_ringing"), {}));
    case "in-progress":
      return on(move(answered(known, now), {}));
    case "completed":
    case "busy":
    case "failed":
    case "no-answer":
    case "canceled": {
      if (known.phase === "connected") return on(end(changeLeg(known, leg.nonce, { ended: true }), now, "connected"));
      if (known.phase === "ringing_customer") {
        // The Dial's own report may still be on its way and knows more; `tick` ends the call if it is not.
        return on(move(changeLeg(known, leg.nonce, { ended: true }), { deadline: now + 3_000 }));
      }
      // The leg is over and nobody pressed a key.
      const reason = failureOf(event.status, event.answered_by, event.sip_code, known.phase === "owner_answered");
      const name = reason === "owner_busy" || reason === "owner_voicemail" || reason === "owner_no_answer" ? reason : "alert";
      return on(giveUp(log(known, now, name, { status: event.status, sip_code: event.sip_code }), leg.nonce, now, reason));
    }
  }
};

export const ownerListening = (state: BridgeCallState, event: EventOf<"owner_listening">, now: number): Transition => {
  const adopted = adopt(state, event.nonce, event.sid, now);
  const leg = currentLeg(adopted.state);
  if (leg?.nonce !== event.nonce || leg.ended) return adopted;
  const listening = answered(adopted.state, now);
  return { state: listening.phase === "owner_answered" && leg.whispers === 0 ? changeLeg(listening, leg.nonce, { whispers: 1 }) : listening, effects: adopted.effects };
};

export const ownerKey = (state: BridgeCallState, event: EventOf<"owner_key">, now: number): Transition => {
  const leg = currentLeg(state);
  if (leg?.nonce !== event.nonce || leg.ended || leg.sid !== event.sid || state.phase !== "owner_answered") return stay(state);
  if (event.digit === "1") {
    const pressed = logOnce(state, now, "owner_pressed", { digit: "1" });
    return move(pressed, { phase: "ringing_customer", deadline: now + state.plan.customer_ring_timeout_s * 1000 + WHISPER_GRACE_MS }, { kind: "renew_lease", phone: leg.phone, until: now + (state.plan.max_call_s + 300) * 1000 });
  }
  if (event.digit === "2" && leg.whispers < MAX_WHISPERS) return move(changeLeg(state, leg.nonce, { whispers: leg.whispers + 1 }), {});
  const declined = log(state, now, "owner_declined", { digit: event.digit });
  if (event.digit === "9") return giveUp(declined, leg.nonce, now, "owner_declined");
  // The leg hangs up by the reply to this very request.
  return end(changeLeg(declined, leg.nonce, { ended: true }), now, "owner_declined");
};
