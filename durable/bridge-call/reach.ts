import { isOpen, nextOpening } from "../../core/dna/hours.ts";
import type { BridgeCallState, EndReason, Transition, WaitingFor } from "./bridge-call.types.ts";
import type { EventOf } from "./event.types.ts";
import type { Person, Plan } from "./plan.schema.ts";
import { end } from "./outcome.ts";
import { liveLegs, log, logOnce, move, over, stay } from "./transition.ts";

/*
 * Whom to ring, and when: people in the strategy's order, those whose hours it is, round by round.
 */

export const isExpired = (state: BridgeCallState, now: number): boolean => now - state.ringable_at > state.plan.max_age_ms;

const inOrder = ({ destinations, strategy }: Plan, turn: number): Person[] => {
  const first = strategy === "round_robin" && destinations.length > 0 ? turn % destinations.length : 0;
  return [...destinations.slice(first), ...destinations.slice(0, first)];
};

/** The people who may be rung now, in the order in which they should be. */
export const peopleNow = (plan: Plan, turn: number, now: number): Person[] =>
  inOrder(plan, turn).filter((person) => plan.emergency || isOpen(person.schedule, now));

/** Nothing happens before `until`. What is held says so. */
export const waitUntil = (state: BridgeCallState, now: number, until: number, waitingFor: WaitingFor): Transition =>
  move(log(state, now, "held", { until: new Date(until).toISOString(), because: waitingFor }), { phase: "waiting", waiting_for: waitingFor, held: true, deadline: until }, { kind: "release" });

const waitForHours = (state: BridgeCallState, now: number): Transition => {
  const openings = state.plan.destinations.flatMap((person) => nextOpening(person.schedule, now) ?? []);
  if (openings.length === 0) return end(log(state, now, "alert", { reason: "no_hours" }), now, "expired", { because: "no_hours" });
  const at = Math.min(...openings);
  return waitUntil({ ...state, untried: [], window_at: at }, now, at, "hours");
};

/** Asks gate and dialer about those who were not tried yet, unless the lead has grown too old for a call. */
export const askClearance = (state: BridgeCallState, now: number): Transition => {
  if (isExpired(state, now)) return end(state, now, "expired");
  const phase = liveLegs(state).length > 0 ? state.phase : "clearing";
  return move(state, { phase, waiting_for: null, deadline: null }, {
    kind: "clear", phones: state.untried.map((person) => person.phone), each: state.plan.strategy === "simultaneous",
    retry: state.round > 1 || state.customer.attempts > 0, dial: state.legs.length + 1, attempt: state.customer.attempts + 1,
  });
};

const passedBy = (state: BridgeCallState): Set<string> => new Set(state.legs.flatMap((leg) => (leg.passed === true ? [leg.phone] : [])));

const isPassedByAll = (state: BridgeCallState): boolean => {
  const passed = passedBy(state);
  return state.plan.destinations.every((person) => passed.has(person.phone));
};

/** Everybody whose hours it is, from the beginning. */
export const startRound = (state: BridgeCallState, now: number): Transition => {
  if (isExpired(state, now)) return end(state, now, "expired");
  if (isPassedByAll(state)) return end(state, now, "owner_declined");
  const passed = passedBy(state);
  const people = peopleNow(state.plan, state.turn, now).filter((person) => !passed.has(person.phone));
  return people.length === 0 ? waitForHours(state, now) : askClearance({ ...state, untried: people }, now);
};

/** The later of two times at which the customer asked for a call, if they did. */
const laterAsked = (before: number | null, now: number | null): number | null => (before === null || now === null ? (before ?? now) : Math.max(before, now));

/**
 * Somebody wants the call now: what was put off by our own choice is done at once. Hours and the customer's own stay what they are, unless it has become
 * an emergency: that rings at any hour, and whoever has just asked for it may be rung at any hour too (core/security/consent/judge.ts).
 */
export const wanted = (state: BridgeCallState, { asked_at, emergency }: EventOf<"wanted">, now: number): Transition => {
  if (state.plan.direction === "inbound") return stay(state);
  const becomesUrgent = emergency && !state.plan.emergency;
  const plan = { ...state.plan, asked_at: laterAsked(state.plan.asked_at, asked_at), emergency: state.plan.emergency || emergency };
  const told = becomesUrgent || plan.asked_at !== state.plan.asked_at ? { ...state, plan } : state;
  const isOurChoice = state.waiting_for === "pause" || state.waiting_for === "customer" || state.waiting_for === "turn";
  if (state.phase === "waiting" && (isOurChoice || becomesUrgent)) return startRound({ ...told, ringable_at: now }, now);
  return told === state ? stay(state) : move(told, {});
};

/** Those of these calls that wait for the same opening, in the order in which they are rung: newest first. */
export const inRowFor = (windowAt: number | null, calls: BridgeCallState[]): BridgeCallState[] =>
  calls
    .filter((call) => call.window_at === windowAt)
    .toSorted(({ plan: a }, { plan: b }) => b.received_at - a.received_at || (a.call_id < b.call_id ? -1 : 1));

/** A night's leads are not all rung in its first minute: each has its place in the row. */
export const windowOpened = (state: BridgeCallState, { place }: EventOf<"window_opened">, now: number): Transition => {
  if (state.phase !== "waiting" || state.waiting_for !== "hours" || state.deadline === null || state.deadline > now) return stay(state);
  const at = state.deadline + place * state.plan.spread_s * 1000;
  const next = { ...state, ringable_at: Math.max(at, state.ringable_at) };
  if (at <= now) return startRound({ ...next, ringable_at: Math.max(next.ringable_at, now) }, now);
  return move(next, { waiting_for: "turn", deadline: at });
};

/** -1 … 1, the same for the same call and round: the machine has no chance of its own. */
const chanceOf = (text: string): number => {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return (hash / 0xffff_ffff) * 2 - 1;
};

export const pauseMs = ({ call_id, pause_s, jitter }: Plan, round: number): number => Math.round(pause_s * 1000 * (1 + jitter * chanceOf(`${call_id}/${round}`)));

/** One attempt is over without a conversation: the next person, the next round, or the end. */
export const goOn = (state: BridgeCallState, now: number, reason: EndReason): Transition => {
  const [next] = state.untried;
  if (next) {
    // Where everybody is rung at once, those who wait for their lease are not a next step.
    if (liveLegs(state).length > 0) return move(state, {});
    return askClearance(log(state, now, "escalated", { to: next.phone }), now);
  }
  if (liveLegs(state).length > 0) return move(state, {});
  if (state.round >= state.plan.rounds) return end(state, now, reason);
  // Nobody is left for another round.
  if (isPassedByAll(state)) return end(state, now, "owner_declined");
  return waitUntil({ ...state, round: state.round + 1 }, now, now + pauseMs(state.plan, state.round), "pause");
};

export const giveUp = (state: BridgeCallState, nonce: string, now: number, reason: EndReason): Transition => {
  const phone = state.legs.find((leg) => leg.nonce === nonce)?.phone;
  const next = goOn(over(state, nonce), now, reason);
  const freed = state.plan.strategy === "simultaneous" && phone !== undefined && (next.state.phase === "reaching" || next.state.phase === "clearing");
  return freed ? { state: next.state, effects: [{ kind: "release", phone }, ...next.effects] } : next;
};

/** The dialer has a phone for this call now; the gate has not been asked yet. */
export const granted = (state: BridgeCallState, event: EventOf<"granted">, now: number): Transition =>
  wants(state, event.phone) ? askClearance(state, now) : stay(state);

export const wants = ({ phase, plan, untried }: BridgeCallState, phone: string): boolean =>
  (phase === "clearing" || (phase === "reaching" && plan.strategy === "simultaneous")) && untried.some((person) => person.phone === phone);

/** No rule about the customer's hours rests for longer (core/security/consent/quiet-hours.ts). */
const WEEKEND_MS = 2 * 86_400_000;

/**
 * The customer may not be rung at this hour, whoever is there to talk to them. Where that is so at one opening of the business
 * after another, the hours of the two never meet, and the owner had better have the card.
 */
const waitForCustomer = (state: BridgeCallState, until: number, now: number): Transition => {
  if (isExpired(state, now)) return end(state, now, "expired");
  // Where there are no hours, the first time for which it was put off counts: it may be put off again, say by a cap, but not for ever.
  const missed = state.missed_opening_at ?? state.window_at;
  if (missed !== null && now - missed > Math.max(WEEKEND_MS, state.plan.max_age_ms)) return end(state, now, "expired", { because: "no_common_hours" });
  const put_off = { ...state, missed_opening_at: missed ?? until, ringable_at: Math.max(state.ringable_at, until), untried: [] };
  return waitUntil(put_off, now, until, "contact");
};

export const mustWait = (state: BridgeCallState, event: EventOf<"must_wait">, now: number): Transition => {
  if (event.because === "contact" && (state.phase === "clearing" || state.phase === "waiting")) return waitForCustomer(state, event.until, now);
  if (state.phase === "reaching" && state.untried.length > 0) return move(state, { deadline: event.until });
  if (state.phase !== "clearing") return stay(state);
  if (isExpired(state, now)) return end(state, now, "expired");
  return move(logOnce(state, now, "held", { until: new Date(event.until).toISOString(), because: "busy" }), { held: true, deadline: event.until });
};

export const peopleRefused = (state: BridgeCallState, event: EventOf<"people_refused">, now: number): Transition => {
  const untried = state.untried.filter((person) => !event.phones.includes(person.phone));
  if (untried.length === state.untried.length || (state.phase !== "clearing" && state.phase !== "reaching")) return stay(state);
  if (untried.length > 0 || liveLegs(state).length > 0) return untried.length > 0 && state.phase === "clearing" ? askClearance({ ...state, untried }, now) : move(state, { untried });
  // Others were rung already: that this one may not be is no reason to give the lead up.
  if (state.legs.length > 0) return goOn({ ...state, untried }, now, "owner_no_answer");
  return end({ ...state, untried }, now, "blocked", { because: "owner_not_allowed", detail: event.detail });
};
