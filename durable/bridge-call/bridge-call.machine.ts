import type { BridgeCallState, Transition } from "./bridge-call.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { Plan } from "./plan.schema.ts";
import { customerJudged, customerListening, customerProgress, customerTick, dialDone, menuKey, noticeDone } from "./customer-leg.ts";
import { beginInbound, callerKey, callerProgress, forwardDone, inboundTick, messageAbsent, messageLeft } from "./inbound.machine.ts";
import { end, voicemailCard } from "./outcome.ts";
import { ownerKey } from "./owner-keys.ts";
import {
  adopt, cleared, dialAccepted, dialRefused, dialUnknown, legAbsent, legIsMachine, legProgress, legTick, legUncertain, lookUpFailed, ownerCalledIn,
  ownerListening,
} from "./owner-leg.ts";
import { askClearance, granted, mustWait, peopleRefused, startRound, wanted, windowOpened } from "./reach.ts";
import { after, liveLegs, log, move, nextDeadline, stay } from "./transition.ts";

/*
 * One lead's call as a pure function: (state, event, now) -> state and effects. Twilio's callbacks come late, twice and
 * in any order; every branch asks first whether the message still fits, and one that does not changes nothing.
 */

export interface Beginning {
  /** Whose turn it is in a round robin. */
  turn?: number;
  /** Inbound: the caller's leg, and randomness for the addresses of this call. */
  caller?: { sid: string; nonce: string };
}

/** A call that has just been accepted: ready to ask the gate and the dialer, or to answer the caller. */
export const begin = (plan: Plan, now: number, { turn = 0, caller }: Beginning = {}): Transition => {
  const fresh: BridgeCallState = {
    plan,
    phase: "clearing",
    waiting_for: null,
    legs: [],
    untried: [],
    round: 1,
    turn,
    winner: null,
    window_at: null,
    ringable_at: plan.received_at,
    customer: { sid: null, answered_at: null, outcome: null, attempts: 0 },
    caller: caller ? { ...caller, language: 0, menu: null, message: false } : null,
    held: false,
    recording_requested: false,
    setbacks: 0,
    deadline: null,
    connected_at: null,
    duration_s: null,
    end_reason: null,
    timeline: [],
    marks: {},
    revision: 1,
    outbox: [],
    next_effect_id: 1,
  };
  const received = log(fresh, plan.received_at, "received");
  if (plan.direction === "inbound") return beginInbound(received, now);
  if (plan.destinations.length === 0) {
    return end(log(received, now, "alert", { reason: "no_destination" }), now, "blocked", { because: "no_destination", detail: "The project's DNA names nobody to ring." });
  }
  return startRound(received, now);
};

/** The call's own deadline has passed. */
const callTick = (state: BridgeCallState, now: number): Transition => {
  if (state.plan.direction === "inbound" && state.phase !== "ended") return inboundTick(state, now);
  switch (state.phase) {
    case "waiting":
      if (state.waiting_for === "hours") return windowOpened(state, { type: "window_opened", place: 0 }, now);
      return state.waiting_for === "customer" && state.untried.length > 0 ? askClearance(state, now) : startRound(state, now);
    case "clearing":
      return state.untried.length > 0 ? askClearance(state, now) : startRound(state, now);
    case "reaching":
      return state.untried.length > 0 ? askClearance(state, now) : move(state, { deadline: null });
    case "ringing_customer":
    case "choosing":
    case "connected":
      return customerTick(state, now);
    case "ended":
      // A message's words are late: the owner hears of it without them. The text's key sees to it that there is one.
      return move(state, { deadline: null }, ...voicemailCard(state));
    case "greeting":
    case "voicemail":
      return stay(state);
  }
};

/** Whatever deadline has passed: ask again, look it up, or give up. */
const tick = (state: BridgeCallState, now: number): Transition => {
  const due = nextDeadline(state);
  if (due === null || due > now) return stay(state);
  const late = liveLegs(state).find((leg) => leg.deadline !== null && leg.deadline <= now);
  const next = late ? legTick(state, late, now) : callTick(state, now);
  // Each deadline is set anew or cleared by what it leads to, so this ends; where it did not, the next tick goes on.
  return late ? after(next.effects, tick(next.state, now)) : next;
};

/** What may still come after the end: news of the recording, of texts, and of legs that we had not known to exist. */
const afterTheEnd = (state: BridgeCallState, event: CallEvent, now: number): Transition => {
  switch (event.type) {
    case "dial_done":
      // The length of the conversation may be told after its end.
      return state.end_reason === "connected" && state.duration_s === null && event.duration_s !== null ? move(state, { duration_s: event.duration_s }) : stay(state);
    case "dial_accepted":
    case "owner_listening":
      return adopt(state, event.nonce, event.sid, now);
    case "leg_progress":
    case "leg_found":
      return legProgress(state, { sip_code: null, answered_by: null, ...event, type: "leg_progress" }, now);
    case "dial_unknown": return dialUnknown(state, event, now);
    case "dial_refused": return dialRefused(state, event, now);
    case "leg_absent": return legAbsent(state, event, now);
    case "leg_uncertain": return legUncertain(state, event, now);
    case "look_up_failed": return lookUpFailed(state, event, now);
    // The answer to a question that was asked before the end: the phone goes back.
    case "cleared": return move(state, {}, { kind: "release" });
    case "tick": return tick(state, now);
    default: return stay(state);
  }
};

/** Null: as for any call. What only a call that we place is told of means nothing here. */
const inboundStep = (state: BridgeCallState, event: CallEvent, now: number): Transition | null => {
  switch (event.type) {
    case "caller_listening": return stay(state);
    case "caller_key": return callerKey(state, event, now);
    case "caller_progress": return callerProgress(state, event, now);
    case "message_left": return messageLeft(state, event, now);
    case "message_absent": return messageAbsent(state, now);
    case "dial_done": return forwardDone(state, event, now);
    // A forwarded phone's own report: the <Dial>'s decides.
    case "leg_progress": return event.status === "ringing" || event.status === "in-progress" || event.status === "initiated" ? null : stay(state);
    case "owner_listening":
    case "owner_key":
    case "tick": return null;
    default: return stay(state);
  }
};

const notes = (state: BridgeCallState, event: CallEvent, now: number): Transition | null => {
  switch (event.type) {
    case "noted":
      return move(log(state, now, event.event, event.detail), {});
    case "sms_sent":
      return move(log(state, now, event.party === "owner" ? "sms_owner" : "sms_customer", { sid: event.sid, purpose: event.purpose }), {});
    case "sms_refused":
      return move(log(state, now, "alert", { reason: "sms_failed", purpose: event.purpose, message: event.message }), {});
    default:
      return null;
  }
};

const isBeforeTalk = ({ phase }: BridgeCallState): boolean => phase === "waiting" || phase === "clearing" || phase === "reaching";

const step = (state: BridgeCallState, event: CallEvent, now: number): Transition => {
  const noted = notes(state, event, now);
  if (noted) return noted;
  if (state.phase === "ended") return afterTheEnd(state, event, now);
  const inbound = state.plan.direction === "inbound" ? inboundStep(state, event, now) : null;
  if (inbound) return inbound;
  switch (event.type) {
    case "cleared": return cleared(state, event, now);
    case "granted": return granted(state, event, now);
    case "blocked": return isBeforeTalk(state) ? end(state, now, "blocked", { because: event.reason, detail: event.detail }) : stay(state);
    case "people_refused": return peopleRefused(state, event, now);
    case "must_wait": return mustWait(state, event, now);
    case "window_opened": return windowOpened(state, event, now);
    case "wanted": return wanted(state, event, now);
    case "contacted":
      return isBeforeTalk(state) ? end(state, now, "superseded", { by: event.by }) : stay(state);
    case "owner_called_in": return ownerCalledIn(state, event, now);
    case "dial_accepted": return dialAccepted(state, event, now);
    case "dial_refused": return dialRefused(state, event, now);
    case "dial_unknown": return dialUnknown(state, event, now);
    case "leg_found": return legProgress(state, { ...event, type: "leg_progress", answered_by: null, sip_code: null }, now);
    case "leg_absent": return legAbsent(state, event, now);
    case "leg_uncertain": return legUncertain(state, event, now);
    case "look_up_failed": return lookUpFailed(state, event, now);
    case "leg_progress": return legProgress(state, event, now);
    case "leg_is_machine": return legIsMachine(state, event, now);
    case "owner_listening": return ownerListening(state, event, now);
    case "owner_key": return ownerKey(state, event, now);
    case "menu_opened": return stay(state);
    case "menu_key": return menuKey(state, event, now);
    case "customer_progress": return customerProgress(state, event, now);
    case "customer_judged": return customerJudged(state, event, now);
    case "customer_listening": return customerListening(state, event, now);
    case "notice_done": return noticeDone(state, event, now);
    case "dial_done": return dialDone(state, event, now);
    case "tick": return tick(state, now);
    default: return stay(state);
  }
};

/** @param now business time in ms */
export const reduce = (state: BridgeCallState, event: CallEvent, now: number): Transition => {
  const next = step(state, event, now);
  if (next.effects.length === 0 && JSON.stringify(next.state) === JSON.stringify(state)) return stay(state);
  return { state: { ...next.state, revision: state.revision + 1 }, effects: next.effects };
};
