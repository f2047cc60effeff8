import type { BridgeCallState, EndReason, LegStatus, OwnerLeg, Transition } from "./bridge-call.types.ts";
import type { EventOf } from "./event.types.ts";
import { freeMachine } from "./customer-leg.ts";
import { giveUp, isExpired } from "./reach.ts";
import { end } from "./outcome.ts";
import { after, changeLeg, legOf, liveLegs, log, logOnce, mark, move, over, setStage, stay } from "./transition.ts";

/*
 * One attempt to ring one person of the business: from the intent, through whatever Twilio answers, to somebody who
 * listens. What they press is owner-keys.ts.
 */

/** Twilio reports some seconds after the ring timeout; then the call is asked after. */
const RING_GRACE_MS = 20_000;
/** Whisper, repeats and the wait for a key. */
export const WHISPER_GRACE_MS = 60_000;
/** How long a call that Twilio may have made gets to announce itself by a callback, before we ask for it. */
const ANNOUNCE_MS = { answered: 2_000, silent: 3_000 };

/** 2, 4, 8 … at most 30 seconds. */
export const backoffMs = (setbacks: number): number => Math.min(30_000, 1000 * 2 ** Math.min(setbacks, 5));

const isSettled = (state: BridgeCallState): boolean => state.winner !== null || state.phase === "ended";

/** Nobody is to be rung any more, as far as can be told now: settled, or somebody who has called in is listening. */
const isTaken = (state: BridgeCallState): boolean => isSettled(state) || liveLegs(state).some((leg) => leg.called_in === true);

export const cleared = (state: BridgeCallState, event: EventOf<"cleared">, now: number): Transition => {
  const together = state.plan.strategy === "simultaneous" && state.phase === "reaching";
  // Asked for before it was decided to wait: the phone is not needed now.
  if (state.phase === "waiting") return move(state, {}, { kind: "release" });
  if ((state.phase !== "clearing" && !together) || legOf(state, event.nonce)) return stay(state);
  const person = state.untried.find((candidate) => candidate.phone === event.phone);
  if (!person) return stay(state);
  if (isExpired(state, now)) return end(state, now, "expired");
  const leg: OwnerLeg = { nonce: event.nonce, phone: person.phone, name: person.name, intent_at: now, sid: null, stage: "dialing", whispers: 0, lookups_needed: 0, deadline: null };
  const dialing = log(mark(state, "dialed", now), now, "dialed", { to: person.phone, attempt: state.legs.length + 1, ...(state.round > 1 ? { round: state.round } : {}) });
  return move(
    dialing,
    { phase: "reaching", held: false, deadline: null, legs: [...state.legs, leg], untried: state.untried.filter((candidate) => candidate !== person) },
    { kind: "dial", nonce: leg.nonce, phone: leg.phone },
  );
};

/** Nobody was rung by this attempt: the same person again, later. The phone is given back meanwhile, so that fresher leads go first. */
const tryAgain = (state: BridgeCallState, nonce: string, now: number, waitMs: number): Transition => {
  const leg = legOf(state, nonce);
  if (!leg) return stay(state);
  const idle = over(state, nonce);
  // Somebody else has the lead, or it is over: nothing more to try.
  if (isTaken(state)) return move(idle, {});
  const person = state.plan.destinations.find((candidate) => candidate.phone === leg.phone);
  const untried = person ? [person, ...state.untried] : state.untried;
  const others = liveLegs(idle).length > 0;
  return move(idle, { untried, phase: others ? state.phase : "clearing", setbacks: state.setbacks + 1, deadline: now + waitMs }, { kind: "release", ...(others ? { phone: leg.phone } : {}) });
};

/** A call of ours exists under this SID: true of the REST answer, of any callback that bears the nonce, and of a look-up. */
export const adopt = (state: BridgeCallState, nonce: string, sid: string, now: number): Transition => {
  const leg = legOf(state, nonce);
  if (!leg || leg.sid !== null || sid === "") return stay(state);
  const known = changeLeg(state, nonce, { sid });
  // A forwarded call's leg belongs to its <Dial>: whether it rings on or is over is Twilio's doing, whenever we hear of it.
  if (state.plan.direction === "inbound" && (leg.stage === "over" || isSettled(state))) return move(known, {});
  const others = liveLegs(state).filter((other) => other !== leg);
  // An attempt that we had given up for never made rings after all, and a newer one is on its way; or somebody has the lead
  // by now. One of them must go.
  const isDoubled = leg.stage === "over" && others.some((other) => state.plan.strategy !== "simultaneous" || other.phone === leg.phone);
  if (isTaken(state) || isDoubled) return move(over(known, nonce), {}, { kind: "claim_leg", sid }, { kind: "hang_up", sid });
  // A forwarded phone is looked after by its <Dial>.
  const overdueAt = state.plan.direction === "inbound" ? null : now + state.plan.ring_timeout_s * 1000 + RING_GRACE_MS;
  const ringing = setStage(known, nonce, "ringing", overdueAt);
  if (leg.stage !== "over") return move(ringing, { setbacks: 0 }, { kind: "claim_leg", sid });
  // Given up for never made, and nothing newer was dialled yet: this one is the call.
  const untried = state.untried.filter((person) => person.phone !== leg.phone);
  return move(
    ringing,
    { phase: "reaching", waiting_for: null, held: false, setbacks: 0, deadline: null, untried },
    { kind: "claim_leg", sid },
    { kind: "renew_lease", phone: leg.phone, until: now + 120_000 },
  );
};

export const dialAccepted = (state: BridgeCallState, event: EventOf<"dial_accepted">, now: number): Transition => adopt(state, event.nonce, event.sid, now);

const isAsking = (leg: OwnerLeg | undefined, stage: "dialing" | "resolving"): leg is OwnerLeg => leg?.stage === stage && leg.sid === null;

export const dialRefused = (state: BridgeCallState, event: EventOf<"dial_refused">, now: number): Transition => {
  if (!isAsking(legOf(state, event.nonce), "dialing")) return stay(state);
  if (isTaken(state)) return move(over(state, event.nonce), {});
  const detail = { code: event.code, message: event.message };
  if (event.failure === "retry") return tryAgain(state, event.nonce, now, event.retry_after_ms ?? backoffMs(state.setbacks + 1));
  const told = log(state, now, "alert", { reason: "twilio_refused", ...detail });
  if (event.failure === "account") return tryAgain(state.setbacks === 0 ? told : state, event.nonce, now, 30_000);
  return giveUp(told, event.nonce, now, event.failure === "opted_out" ? "blocked" : "invalid_number");
};

export const dialUnknown = (state: BridgeCallState, event: EventOf<"dial_unknown">, now: number): Transition => {
  if (!isAsking(legOf(state, event.nonce), "dialing")) return stay(state);
  const wait = event.answered ? ANNOUNCE_MS.answered : ANNOUNCE_MS.silent;
  return move(changeLeg(state, event.nonce, { stage: "resolving", lookups_needed: event.answered ? 1 : 2, deadline: now + wait }), {});
};

export const legAbsent = (state: BridgeCallState, event: EventOf<"leg_absent">, now: number): Transition => {
  const leg = legOf(state, event.nonce);
  if (!isAsking(leg, "resolving")) return stay(state);
  if (leg.lookups_needed > 1) return move(changeLeg(state, event.nonce, { lookups_needed: leg.lookups_needed - 1, deadline: now + ANNOUNCE_MS.silent }), {});
  // Once is an accident; an outage is not to be met with a dial every two seconds.
  return tryAgain(state, event.nonce, now, state.setbacks === 0 ? 0 : backoffMs(state.setbacks));
};

export const legUncertain = (state: BridgeCallState, event: EventOf<"leg_uncertain">, now: number): Transition => {
  if (!isAsking(legOf(state, event.nonce), "resolving")) return stay(state);
  const told = over(log(state, now, "alert", { reason: "dial_outcome_unknown", candidates: event.candidates }), event.nonce);
  return isSettled(state) || liveLegs(told).length > 0 ? move(told, {}) : end(told, now, "carrier_failed");
};

export const lookUpFailed = (state: BridgeCallState, event: EventOf<"look_up_failed">, now: number): Transition => {
  if (!isAsking(legOf(state, event.nonce), "resolving")) return stay(state);
  if (isExpired(state, now)) {
    const told = over(log(state, now, "alert", { reason: "dial_outcome_unknown" }), event.nonce);
    return isSettled(state) || liveLegs(told).length > 0 ? move(told, {}) : end(told, now, "expired");
  }
  return move(changeLeg(state, event.nonce, { deadline: now + backoffMs(state.setbacks + 1) }), { setbacks: state.setbacks + 1 });
};

const failureOf = (status: LegStatus, answeredBy: string | null, sipCode: number | null, leg: OwnerLeg): EndReason => {
  if (leg.stage === "declining") return "owner_declined";
  if (answeredBy !== null && /^(?:machine|fax)/.test(answeredBy)) return "owner_voicemail";
  if (leg.stage === "answered") return "owner_no_answer";
  if (status === "busy") return "owner_busy";
  if (status === "failed") return sipCode !== null && sipCode >= 500 ? "carrier_failed" : "invalid_number";
  return "owner_no_answer";
};

export const answered = (state: BridgeCallState, nonce: string, now: number): BridgeCallState =>
  legOf(state, nonce)?.stage === "ringing" && !isSettled(state)
    ? setStage(logOnce(mark(state, "owner_answered", now), now, "owner_answered", nameOf(state, nonce)), nonce, "answered", now + WHISPER_GRACE_MS)
    : state;

const nameOf = (state: BridgeCallState, nonce: string): Record<string, unknown> => {
  const name = legOf(state, nonce)?.name;
  return name === undefined || name === "" ? {} : { person: name };
};

/** The leg is over and its person has not taken the lead. */
const fell = (state: BridgeCallState, leg: OwnerLeg, now: number, reason: EndReason, detail: Record<string, unknown>): Transition => {
  if (isSettled(state)) return move(over(state, leg.nonce), {});
  if (reason === "owner_declined") return end(over(state, leg.nonce), now, reason);
  const event = reason === "owner_busy" || reason === "owner_voicemail" || reason === "owner_no_answer" ? reason : "alert";
  return giveUp(log(state, now, event, detail), leg.nonce, now, reason);
};

/** The person who has the lead has put the phone down. */
const winnerLeft = (state: BridgeCallState, leg: OwnerLeg, now: number): Transition => {
  const gone = over(state, leg.nonce);
  switch (state.phase) {
    case "connected":
      return end(gone, now, "connected");
    case "ringing_customer":
      // The Dial's own report may still be on its way and knows more; `tick` ends the call if it is not.
      return move(gone, { deadline: now + 3_000 });
    case "choosing":
      return after(freeMachine(state), end(gone, now, state.customer.outcome ?? "abandoned"));
    case "ended":
      return move(gone, {}, { kind: "release" });
    default:
      return move(gone, {});
  }
};

export const legProgress = (state: BridgeCallState, event: EventOf<"leg_progress">, now: number): Transition => {
  const adopted = adopt(state, event.nonce, event.sid, now);
  const leg = legOf(adopted.state, event.nonce);
  if (!leg || leg.stage === "over" || leg.sid !== event.sid) return adopted;
  const known = adopted.state;
  switch (event.status) {
    case "queued":
    case "initiated":
      // Twilio keeps a call in its queue for a day; whoever asked an hour ago is not rung out of the blue.
      return leg.stage === "ringing" && known.plan.direction === "outbound" && !isSettled(known) && isExpired(known, now) ? after(adopted.effects, end(known, now, "expired")) : adopted;
    case "ringing":
      return after(adopted.effects, move(logOnce(mark(known, "owner_ringing", now), now, "owner_ringing"), {}));
    case "in-progress":
      return after(adopted.effects, move(answered(known, leg.nonce, now), {}));
    default: {
      if (known.winner === leg.nonce) return after(adopted.effects, winnerLeft(known, leg, now));
      const reason = failureOf(event.status, event.answered_by, event.sip_code, leg);
      return after(adopted.effects, fell(known, leg, now, reason, { status: event.status, sip_code: event.sip_code }));
    }
  }
};

/** A machine presses no key and would be given up anyway; this only gives it up sooner. Whoever has pressed one is no machine. */
export const legIsMachine = (state: BridgeCallState, event: EventOf<"leg_is_machine">, now: number): Transition => {
  const leg = legOf(state, event.nonce);
  if (!leg || (leg.stage !== "ringing" && leg.stage !== "answered") || leg.sid !== event.sid || leg.whispers > 1) return stay(state);
  const next = fell(state, leg, now, "owner_voicemail", { answered_by: "machine" });
  return { state: next.state, effects: [{ kind: "hang_up", sid: event.sid }, ...next.effects] };
};

export const ownerListening = (state: BridgeCallState, event: EventOf<"owner_listening">, now: number): Transition => {
  const adopted = adopt(state, event.nonce, event.sid, now);
  const leg = legOf(adopted.state, event.nonce);
  if (!leg || leg.stage === "over") return adopted;
  const listening = answered(adopted.state, leg.nonce, now);
  const first = legOf(listening, leg.nonce)?.stage === "answered" && leg.whispers === 0;
  return { state: first ? changeLeg(listening, leg.nonce, { whispers: 1 }) : listening, effects: adopted.effects };
};

/** Somebody of the business calls in and is on the line: nobody has to be rung any more. */
export const ownerCalledIn = (state: BridgeCallState, event: EventOf<"owner_called_in">, now: number): Transition => {
  if (isSettled(state) || legOf(state, event.nonce)) return stay(state);
  const ringing = liveLegs(state).filter((leg) => leg.sid !== null);
  const quiet = ringing.reduce((next, leg) => over(next, leg.nonce), state);
  const leg: OwnerLeg = { nonce: event.nonce, phone: event.phone, name: event.name, intent_at: now, sid: event.sid, stage: "answered", called_in: true, whispers: 1, lookups_needed: 0, deadline: now + WHISPER_GRACE_MS };
  const told = logOnce(mark(quiet, "owner_answered", now), now, "owner_answered", { person: event.name, called_in: true });
  return move(
    told,
    { phase: "reaching", waiting_for: null, held: false, deadline: null, untried: [], round: state.plan.rounds, legs: [...told.legs, leg] },
    ...ringing.map((other) => ({ kind: "hang_up" as const, sid: other.sid ?? "" })),
    { kind: "release" },
    { kind: "renew_lease", phone: event.phone, until: now + 120_000 },
  );
};

/** A deadline of one leg has passed: look it up, or ask how it is. */
export const legTick = (state: BridgeCallState, leg: OwnerLeg, now: number): Transition => {
  if (leg.stage === "resolving") {
    const known = state.legs.flatMap(({ sid }) => sid ?? []);
    return move(changeLeg(state, leg.nonce, { deadline: null }), {}, { kind: "look_up", nonce: leg.nonce, phone: leg.phone, intent_at: leg.intent_at, known });
  }
  if (leg.sid === null || leg.stage === "dialing" || leg.stage === "over" || state.plan.direction === "inbound") return move(changeLeg(state, leg.nonce, { deadline: null }), {});
  return move(changeLeg(state, leg.nonce, { deadline: now + POLL_MS }), {}, { kind: "check_leg", nonce: leg.nonce, sid: leg.sid });
};

export const POLL_MS = 30_000;
