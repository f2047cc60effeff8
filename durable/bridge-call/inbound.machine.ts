import type { BridgeCallState, EndReason, OwnerLeg, Transition } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { EventOf } from "./event.types.ts";
import { end } from "./outcome.ts";
import { peopleNow } from "./reach.ts";
import { after, liveLegs, log, mark, move, over, stay } from "./transition.ts";

/*
 * A customer calls the business. The caller's leg is the parent: it asks us for one document after another, and the owner's
 * people are rung by a <Dial> on it, with the same whisper and keys as ever. What Twilio is told is inbound.reply.ts.
 */

/** Greeting and menus, then silence: the caller has gone without Twilio telling us. */
const MENU_MS = 60_000;
const DIAL_GRACE_MS = 60_000;
const MESSAGE_GRACE_MS = 60_000;
/** <Dial> takes ten numbers at most. */
const MOST_AT_ONCE = 10;

/** The next people are rung on the caller's leg: one after another, or all at once, where Twilio joins the first who picks up. */
const forward = (state: BridgeCallState, now: number): Transition => {
  const { plan, caller } = state;
  if (caller === null) return stay(state);
  const batch = state.untried.slice(0, plan.strategy === "simultaneous" ? MOST_AT_ONCE : 1);
  const legs = batch.map((person, index): OwnerLeg => ({
    nonce: `${caller.nonce}-${state.legs.length + index + 1}`,
    phone: person.phone, name: person.name, intent_at: now, sid: null, stage: "ringing", whispers: 0, lookups_needed: 0, deadline: null,
  }));
  const dialing = legs.reduce((next, leg) => log(mark(next, "dialed", now), now, "dialed", { to: leg.phone }), state);
  // The phones count as taken, so that no lead's call rings them meanwhile.
  const occupied = legs.map((leg): Effect => ({ kind: "renew_lease", phone: leg.phone, until: now + (plan.ring_timeout_s + 60) * 1000 }));
  return move(
    dialing,
    { phase: "reaching", legs: [...state.legs, ...legs], untried: state.untried.slice(batch.length), deadline: now + plan.ring_timeout_s * 1000 + DIAL_GRACE_MS },
    ...occupied,
  );
};

const takeMessage = (state: BridgeCallState, now: number): Transition =>
  move(state, { phase: "voicemail", deadline: now + (state.plan.inbound?.message_max_s ?? 0) * 1000 + MESSAGE_GRACE_MS }, { kind: "release" });

/** Rings whoever works now; outside of hours a message, or an emergency's choice first. */
const route = (state: BridgeCallState, now: number): Transition => {
  if (state.caller === null) return stay(state);
  if (state.plan.inbound?.message_only === true) return takeMessage(state, now);
  const people = peopleNow(state.plan, state.turn, now);
  if (people.length > 0) return forward({ ...state, untried: people }, now);
  const asks = state.plan.inbound?.emergency_offer !== null && state.plan.destinations.length > 0;
  if (!asks) return takeMessage(state, now);
  return move(state, { phase: "greeting", deadline: now + MENU_MS, caller: { ...state.caller, menu: "emergency" } });
};

/** The call has just come in. */
export const beginInbound = (state: BridgeCallState, now: number): Transition => {
  if (state.caller === null) return stay(state);
  const choices = state.plan.inbound?.languages ?? [];
  return choices.length > 1 ? move(state, { phase: "greeting", deadline: now + MENU_MS, caller: { ...state.caller, menu: "language" } }) : route(state, now);
};

/** A menu's key; "" when none was pressed, which means: go on as for everybody. */
export const callerKey = (state: BridgeCallState, event: EventOf<"caller_key">, now: number): Transition => {
  const { caller, plan } = state;
  if (state.phase !== "greeting" || caller?.menu !== event.menu) return stay(state);
  if (caller.menu === "language") {
    const chosen = plan.inbound?.languages.findIndex((language) => language.key === event.digit && event.digit !== "") ?? -1;
    return route({ ...state, caller: { ...caller, menu: null, language: Math.max(0, chosen) } }, now);
  }
  const quiet = { ...state, caller: { ...caller, menu: null } };
  if (event.digit !== "1") return takeMessage(quiet, now);
  const urgent = { ...quiet, plan: { ...plan, emergency: true } };
  return forward({ ...urgent, untried: peopleNow(urgent.plan, state.turn, now) }, now);
};

const lastOwnerOutcome = (state: BridgeCallState): EndReason => (state.legs.length === 0 ? "abandoned" : "owner_no_answer");

/** Each <Dial> is named by its first leg. */
const batchOf = (state: BridgeCallState, nonce: string): OwnerLeg[] => {
  const first = state.legs.findIndex((leg) => leg.nonce === nonce);
  return first < 0 ? [] : state.legs.slice(first, first + (state.plan.strategy === "simultaneous" ? MOST_AT_ONCE : 1));
};

/** The <Dial> that is under way, by its name; null before the first. */
export const currentBatch = (state: BridgeCallState): OwnerLeg[] => {
  const size = state.plan.strategy === "simultaneous" ? MOST_AT_ONCE : 1;
  return state.legs.slice(Math.floor(Math.max(0, state.legs.length - 1) / size) * size);
};

/** A <Dial> to some of the owner's people is over. */
export const forwardDone = (state: BridgeCallState, event: EventOf<"dial_done">, now: number): Transition => {
  const batch = batchOf(state, event.nonce);
  if (state.phase === "connected") {
    return batch.some((leg) => leg.nonce === state.winner) ? end({ ...state, duration_s: event.duration_s ?? state.duration_s }, now, "connected") : stay(state);
  }
  // A report about an earlier <Dial>, said again, comes too late to matter.
  if (state.phase !== "reaching" || batch.length === 0 || batch[0]?.nonce !== currentBatch(state)[0]?.nonce) return stay(state);
  const unheard = liveLegs(state);
  const told = unheard.length === 0 ? state : log(state, now, event.status === "busy" ? "owner_busy" : "owner_no_answer", { status: event.status });
  const done = unheard.reduce((next, leg) => over(next, leg.nonce), told);
  if (event.over) return end(done, now, "abandoned");
  if (done.untried.length > 0) return forward(log(done, now, "escalated", { to: done.untried[0]?.phone }), now);
  return takeMessage(done, now);
};

export const messageLeft = (state: BridgeCallState, event: EventOf<"message_left">, now: number): Transition => {
  if (state.phase !== "voicemail" || state.caller === null) return stay(state);
  if (event.duration_s === 0) return end(state, now, lastOwnerOutcome(state));
  return end({ ...state, duration_s: event.duration_s, caller: { ...state.caller, message: true } }, now, "voicemail_left");
};

export const messageAbsent = (state: BridgeCallState, now: number): Transition =>
  state.phase === "voicemail" ? end(state, now, lastOwnerOutcome(state)) : stay(state);

/** What Twilio says of the caller's own leg. */
export const callerProgress = (state: BridgeCallState, event: EventOf<"caller_progress">, now: number): Transition => {
  if (["queued", "initiated", "ringing", "in-progress"].includes(event.status)) return stay(state);
  switch (state.phase) {
    case "connected":
      return end(state, now, "connected");
    case "greeting":
    case "reaching":
      return end(liveLegs(state).reduce((next, leg) => over(next, leg.nonce), state), now, "abandoned");
    case "voicemail":
      // The message may be on its way: its recording is reported after the call.
      return move(state, { deadline: now + 20_000 });
    default:
      return stay(state);
  }
};

export const inboundTick = (state: BridgeCallState, now: number): Transition => {
  const { caller } = state;
  if (caller === null) return end(state, now, "abandoned");
  const asked: Effect[] = [{ kind: "check_caller", sid: caller.sid }];
  if (state.phase === "voicemail" && state.setbacks > 0) return end(state, now, lastOwnerOutcome(state));
  return after(asked, move(state, { deadline: now + 30_000, setbacks: state.phase === "voicemail" ? 1 : state.setbacks }));
};
