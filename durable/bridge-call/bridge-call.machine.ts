import type { BridgeCallState, CallEvent, Plan, Transition } from "./bridge-call.types.ts";
import { customerListening, customerProgress, dialDone, noticeDone } from "./customer-leg.ts";
import {
  askClearance, cleared, dialAccepted, dialRefused, dialUnknown, legAbsent, legProgress, legUncertain, lookUpFailed, mustWait,
  ownerKey, ownerListening,
} from "./owner-leg.ts";
import { currentLeg, end, log, move, stay } from "./transition.ts";

/*
 * One lead's call as a pure function: (state, event, now) -> state and effects. Twilio's callbacks come late, twice and
 * in any order; every branch asks first whether the message still fits, and one that does not changes nothing.
 */

const POLL_MS = 30_000;

/** A call that has just been accepted: ready to ask the gate and the dialer. */
export const begin = (plan: Plan, now: number): Transition => {
  const fresh: BridgeCallState = {
    plan,
    phase: "clearing",
    legs: [],
    untried: plan.destinations,
    customer: { sid: null, answered: false, outcome: null },
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
  if (plan.destinations.length === 0) {
    return end(log(received, now, "alert", { reason: "no_destination" }), now, "blocked", { because: "no_destination", detail: "The project's DNA names nobody to ring." });
  }
  return askClearance(received, now);
};

/** A deadline has passed: ask again, look it up, or give up. */
const tick = (state: BridgeCallState, now: number): Transition => {
  if (state.deadline === null || state.deadline > now) return stay(state);
  const leg = currentLeg(state);
  switch (state.phase) {
    case "clearing":
      return askClearance(state, now);
    case "resolving":
      return leg ? move(state, { deadline: null }, { kind: "look_up", nonce: leg.nonce, phone: leg.phone, intent_at: leg.intent_at }) : stay(state);
    case "ringing_owner":
    case "owner_answered":
    case "ringing_customer":
    case "connected":
      if (leg?.ended) {
        const { outcome, answered } = state.customer;
        return end(state, now, outcome ?? (answered ? "connected" : "abandoned"));
      }
      return leg?.sid ? move(state, { deadline: now + POLL_MS }, { kind: "check_leg", nonce: leg.nonce, sid: leg.sid }) : stay(state);
    case "dialing":
    case "ended":
      return stay(state);
  }
};

const step = (state: BridgeCallState, event: CallEvent, now: number): Transition => {
  switch (event.type) {
    case "noted":
      return move(log(state, now, event.event, event.detail), {});
    case "sms_sent":
      return move(log(state, now, "sms_owner", { sid: event.sid }), {});
    case "sms_refused":
      return move(log(state, now, "alert", { reason: "sms_failed", message: event.message }), {});
    default:
  }
  if (state.phase === "ended") {
    // The length of the conversation may be told after its end.
    return event.type === "dial_done" && state.end_reason === "connected" && state.duration_s === null && event.duration_s !== null
      ? move(state, { duration_s: event.duration_s })
      : stay(state);
  }
  switch (event.type) {
    case "cleared": return cleared(state, event, now);
    case "blocked": return state.phase === "clearing" ? end(state, now, "blocked", { because: event.reason, detail: event.detail }) : stay(state);
    case "must_wait": return mustWait(state, event, now);
    case "dial_accepted": return dialAccepted(state, event, now);
    case "dial_refused": return dialRefused(state, event, now);
    case "dial_unknown": return dialUnknown(state, event, now);
    case "leg_found": return legProgress(state, { ...event, type: "leg_progress", answered_by: null, sip_code: null }, now);
    case "leg_absent": return legAbsent(state, event, now);
    case "leg_uncertain": return legUncertain(state, event, now);
    case "look_up_failed": return lookUpFailed(state, event, now);
    case "leg_progress": return legProgress(state, event, now);
    case "owner_listening": return ownerListening(state, event, now);
    case "owner_key": return ownerKey(state, event, now);
    case "customer_progress": return customerProgress(state, event, now);
    case "customer_listening": return customerListening(state, event, now);
    case "notice_done": return noticeDone(state, event, now);
    case "dial_done": return dialDone(state, event, now);
    case "contacted": return stay(state);
    case "tick": return tick(state, now);
  }
};

/** @param now business time in ms */
export const reduce = (state: BridgeCallState, event: CallEvent, now: number): Transition => {
  const next = step(state, event, now);
  if (next.effects.length === 0 && JSON.stringify(next.state) === JSON.stringify(state)) return stay(state);
  return { state: { ...next.state, revision: state.revision + 1 }, effects: next.effects };
};
