import type { BridgeCallState, CustomerOutcome, Transition } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { EventOf } from "./event.types.ts";
import { end } from "./outcome.ts";
import { after, log, logOnce, mark, move, over, setStage, stay, winnerOf } from "./transition.ts";

/*
 * The customer's side once an owner has pressed 1: rung by a <Dial> on the owner's leg, joined, or not reached; then the
 * owner, who is still on the line, chooses.
 */

/** While two people talk, Twilio is asked now and then whether they still do, in case its callbacks were lost. */
const TALK_CHECK_MS = 300_000;
/** Ringing, notice and Twilio's own delays. */
const RING_GRACE_MS = 60_000;
/** A verdict on who picked up takes seconds; without one by then it was a person (Twilio's AMD gives up as "unknown" likewise). */
const VERDICT_MS = 10_000;
const CHOICE_MS = 60_000;

/** Whether this message belongs to the attempt that is under way. */
const isCurrent = (state: BridgeCallState, event: { nonce: string; attempt: number }): boolean =>
  state.winner === event.nonce && state.customer.attempts === event.attempt && (state.phase === "ringing_customer" || state.phase === "connected");

const outcomeOf = (status: string, sipCode: number | null): CustomerOutcome | null => {
  switch (status) {
    case "busy":
      return "customer_busy";
    case "no-answer":
      return "customer_no_answer";
    case "failed":
      // "Could not be completed as dialed, most likely because the number does not exist" (Twilio, Dial reference).
      return sipCode !== null && sipCode >= 500 ? "carrier_failed" : "invalid_number";
    default:
      return null;
  }
};

/** The owner has chosen to talk: the reply to their key rings the customer. Inbound, the customer is on the line already. */
export const customerRung = (state: BridgeCallState, now: number): Transition => {
  const { plan, customer } = state;
  if (plan.direction === "inbound") {
    const sid = state.caller?.sid;
    const records = plan.recording.enabled && plan.recording.strict && sid !== undefined && !state.recording_requested;
    const start: Effect[] = records ? [{ kind: "start_recording", sid, nonce: state.winner ?? "" }] : [];
    return move(connect({ ...state, customer: { ...customer, answered_at: plan.received_at } }, now, now), { recording_requested: state.recording_requested || records }, ...start);
  }
  const attempts = customer.attempts + 1;
  const text = plan.texts.before_ring;
  const announce: Effect[] =
    attempts > 1 || text === null || plan.customer.phone === null
      ? []
      : [{ kind: "sms", key: `${plan.call_id}:before_ring`, purpose: "before_ring", party: "customer", to: plan.customer.phone, body: text.replaceAll("{person}", winnerOf(state)?.name ?? "") }];
  const rung = { ...state, customer: { sid: null, answered_at: null, outcome: null, attempts } };
  return move(rung, { phase: "ringing_customer", deadline: now + plan.customer_ring_timeout_s * 1000 + RING_GRACE_MS }, ...announce);
};

const answeredAt = (state: BridgeCallState, at: number): BridgeCallState =>
  state.customer.answered_at !== null
    ? state
    : { ...logOnce(logOnce(mark(state, "customer_ringing", at), at, "customer_ringing"), at, "customer_answered"), customer: { ...state.customer, answered_at: at } };

/** `at` may lie in the past: a conversation began when the customer picked up, though it was known to be a person only later. */
const connect = (state: BridgeCallState, at: number, now: number): BridgeCallState =>
  state.phase === "connected" ? state : { ...logOnce(mark(state, "connected", at), at, "connected"), phase: "connected", connected_at: at, deadline: now + TALK_CHECK_MS };

export const customerProgress = (state: BridgeCallState, event: EventOf<"customer_progress">, now: number): Transition => {
  if (!isCurrent(state, event)) return stay(state);
  const known = state.customer.sid === null ? { ...state, customer: { ...state.customer, sid: event.sid } } : state;
  switch (event.status) {
    case "queued":
    case "initiated":
      return move(known, {});
    case "ringing":
      return move(logOnce(mark(known, "customer_ringing", now), now, "customer_ringing"), {});
    case "in-progress": {
      const answered = answeredAt(known, now);
      if (known.plan.detect_machines.customer && known.phase !== "connected") return known.customer.answered_at === null ? move(answered, { deadline: now + VERDICT_MS }) : move(answered, {});
      return move(connect(answered, now, now), {});
    }
    case "completed":
      return move(known, { duration_s: known.duration_s ?? event.duration_s });
    default:
      return move(known, { customer: { ...known.customer, outcome: outcomeOf(event.status, event.sip_code) } });
  }
};

/**
 * What Twilio thinks of who picked up. A machine: the owner is taken into the menu; the machine's leg is parked for a
 * message, if there is one to leave.
 */
export const customerJudged = (state: BridgeCallState, event: EventOf<"customer_judged">, now: number): Transition => {
  if (!isCurrent(state, event)) return stay(state);
  const answered = answeredAt({ ...state, customer: { ...state.customer, sid: event.sid } }, now);
  const leg = winnerOf(answered);
  if (!/^(?:machine|fax)/.test(event.answered_by) || !leg || leg.sid === null) return move(connect(answered, answered.customer.answered_at ?? now, now), {});
  // A verdict that came late: it was no conversation after all.
  const marks = { ...answered.marks };
  delete marks.connected;
  const told = log({ ...answered, marks }, now, "customer_voicemail", { answered_by: event.answered_by });
  const park: Effect[] = state.plan.voicemail_message === null ? [] : [{ kind: "redirect", sid: event.sid, to: "parked", nonce: leg.nonce }];
  return move(
    told,
    { phase: "choosing", connected_at: null, deadline: now + CHOICE_MS, customer: { ...told.customer, outcome: "customer_voicemail" } },
    ...park,
    { kind: "redirect", sid: leg.sid, to: "menu", nonce: leg.nonce },
  );
};

/** The customer picked up and hears the notice. */
export const customerListening = (state: BridgeCallState, event: EventOf<"customer_listening">, now: number): Transition =>
  isCurrent(state, event) ? move(answeredAt(state, now), {}) : stay(state);

/** Strict projects only: both have heard the notice, so now the recording may start. */
export const noticeDone = (state: BridgeCallState, event: EventOf<"notice_done">, now: number): Transition => {
  const sid = winnerOf(state)?.sid;
  if (!isCurrent(state, event) || state.recording_requested || sid === null || sid === undefined) return stay(state);
  const answered = answeredAt(state, now);
  const talking = state.plan.detect_machines.customer ? answered : connect(answered, now, now);
  return move(talking, { recording_requested: true }, { kind: "start_recording", sid, nonce: event.nonce });
};

export const dialDone = (state: BridgeCallState, event: EventOf<"dial_done">, now: number): Transition => {
  if (!isCurrent(state, event)) return stay(state);
  const spoke = (event.status === "completed" || event.status === "answered") && event.bridged !== false;
  if (spoke) {
    const began = state.connected_at ?? state.customer.answered_at ?? now - (event.duration_s ?? 0) * 1000;
    const known = event.over ? over(state, event.nonce) : state;
    return end({ ...connect(answeredAt(known, began), began, now), duration_s: event.duration_s ?? state.duration_s }, now, "connected");
  }
  // Whoever does not wait for an answer cannot say that there was none.
  const ownerLeft = event.over && (event.status === "canceled" || event.status === "no-answer");
  // Or picked up and gone again while the notice was spoken.
  const isAbandoned = ownerLeft || state.customer.answered_at !== null || event.status === "completed";
  const outcome = isAbandoned ? null : (state.customer.outcome ?? outcomeOf(event.status === "canceled" ? "no-answer" : event.status, null));
  // Whoever is still on the line hears so by the reply to this very request, and is hung up by it.
  const last = over(state, event.nonce);
  if (outcome === null) return end(last, now, "abandoned", ownerLeft ? { by: "owner" } : {});
  const isWorthAgain = outcome === "customer_busy" || outcome === "customer_no_answer";
  const told = isWorthAgain ? log(state, now, outcome, state.customer.attempts > 1 ? { attempt: state.customer.attempts } : {}) : log(state, now, "alert", { reason: outcome });
  if (!isWorthAgain || event.over || state.customer.attempts >= state.plan.customer_attempts) return end({ ...told, legs: last.legs }, now, outcome);
  return move(told, { phase: "choosing", deadline: now + CHOICE_MS, customer: { ...told.customer, outcome } });
};

/**
 * Whether a leg is still to be sent where it was to be sent. Done late, or once more after a crash, it would tear a leg out of what
 * its person has chosen meanwhile: out of a <Dial> that rings the customer, who would be rung again.
 */
export const isRedirectDue = ({ phase, winner, customer }: BridgeCallState, { to, sid, nonce }: Extract<Effect, { kind: "redirect" }>): boolean => {
  if (to !== "menu" && to !== "parked") return true;
  const isMachine = phase === "choosing" && customer.outcome === "customer_voicemail";
  return isMachine && (to === "menu" ? winner === nonce : customer.sid === sid);
};

/** Nobody has more to say to a machine that records silence. */
export const freeMachine = ({ customer: { sid, outcome } }: BridgeCallState): Effect[] => (outcome === "customer_voicemail" && sid !== null ? [{ kind: "hang_up", sid }] : []);

/** What the owner wants done about a customer who was not reached. The customer's own wishes are asked of the gate before this. */
export const menuKey = (state: BridgeCallState, event: EventOf<"menu_key">, now: number): Transition => {
  const leg = winnerOf(state);
  if (state.phase !== "choosing" || leg?.nonce !== event.nonce || leg.sid !== event.sid || event.attempt !== state.customer.attempts) return stay(state);
  const outcome = state.customer.outcome ?? "customer_no_answer";
  const { sid } = state.customer;
  const isMachine = outcome === "customer_voicemail";
  const leave = freeMachine(state);
  const mayTryAgain = state.customer.attempts < state.plan.customer_attempts;
  if (event.digit === "1" && mayTryAgain) return after(leave, customerRung(state, now));
  if (event.digit === "2" && isMachine && state.plan.voicemail_message !== null && sid !== null) {
    return after([{ kind: "redirect", sid, to: "message", nonce: leg.nonce }], end(over(state, leg.nonce), now, outcome, { message_left: true }));
  }
  if (event.digit === "2" && !isMachine && mayTryAgain) return later(state, now);
  return after(leave, end(over(state, leg.nonce), now, outcome));
};

/** The same person is rung again in a while; the lead stays theirs. */
const later = (state: BridgeCallState, now: number): Transition => {
  const leg = winnerOf(state);
  const at = now + state.plan.customer_retry_s * 1000;
  const person = state.plan.destinations.find((candidate) => candidate.phone === leg?.phone);
  const told = log(state, now, "held", { until: new Date(at).toISOString(), because: "customer" });
  const idle = leg ? setStage(told, leg.nonce, "over", null) : told;
  return move(
    idle,
    { phase: "waiting", waiting_for: "customer", winner: null, held: true, deadline: at, ringable_at: at, untried: person ? [person] : [] },
    { kind: "release" },
  );
};

/** Nothing was heard for long. */
export const customerTick = (state: BridgeCallState, now: number): Transition => {
  const leg = winnerOf(state);
  const { answered_at: at, outcome } = state.customer;
  if (state.phase === "choosing") return after(freeMachine(state), end(leg ? over(state, leg.nonce) : state, now, outcome ?? "abandoned"));
  if (!leg || leg.stage === "over") return end(state, now, outcome ?? (at !== null ? "connected" : "abandoned"));
  if (state.phase === "ringing_customer" && at !== null) return move(connect(state, at, now), {});
  return leg.sid === null ? move(state, { deadline: null }) : move(state, { deadline: now + (state.phase === "connected" ? TALK_CHECK_MS : 30_000) }, { kind: "check_leg", nonce: leg.nonce, sid: leg.sid });
};
