import type { BridgeCallState, CallEvent, Transition } from "./bridge-call.types.ts";
import { currentLeg, end, log, logOnce, mark, move, stay } from "./transition.ts";

type EventOf<T extends CallEvent["type"]> = Extract<CallEvent, { type: T }>;
type CustomerOutcome = NonNullable<BridgeCallState["customer"]["outcome"]>;

/** While two people talk, Twilio is asked now and then whether they still do, in case its callbacks were lost. */
const TALK_CHECK_MS = 300_000;

/** Whether this message belongs to the conversation that the owner has just asked for. */
const isCurrent = (state: BridgeCallState, nonce: string): boolean =>
  currentLeg(state)?.nonce === nonce && (state.phase === "ringing_customer" || state.phase === "connected");

const outcomeOf = (status: string, sipCode: number | null): CustomerOutcome | null => {
  switch (status) {
    case "busy":
      return "customer_busy";
    case "no-answer":
    case "canceled":
      return "customer_no_answer";
    case "failed":
      // "Could not be completed as dialed, most likely because the number does not exist" (Twilio, Dial reference).
      return sipCode !== null && sipCode >= 500 ? "carrier_failed" : "invalid_number";
    default:
      return null;
  }
};

const answered = (state: BridgeCallState, at: number): BridgeCallState => ({
  ...logOnce(logOnce(state, at, "customer_ringing"), at, "customer_answered"),
  customer: { ...state.customer, answered: true },
});

/** `at` may lie in the past when only the Dial's report tells of a conversation. */
const connect = (state: BridgeCallState, at: number, now: number): BridgeCallState =>
  state.phase === "connected"
    ? state
    : { ...logOnce(mark(answered(state, at), "connected", at), at, "connected"), phase: "connected", connected_at: at, deadline: now + TALK_CHECK_MS };

export const customerProgress = (state: BridgeCallState, event: EventOf<"customer_progress">, now: number): Transition => {
  if (!isCurrent(state, event.nonce)) return stay(state);
  const known = state.customer.sid === null ? { ...state, customer: { ...state.customer, sid: event.sid } } : state;
  switch (event.status) {
    case "queued":
    case "initiated":
      return move(known, {});
    case "ringing":
      return move(logOnce(known, now, "customer_ringing"), {});
    case "in-progress":
      return move(connect(known, now, now), {});
    case "completed":
      return move(known, { duration_s: known.duration_s ?? event.duration_s });
    default:
      return move(known, { customer: { ...known.customer, outcome: outcomeOf(event.status, event.sip_code) } });
  }
};

/** The customer picked up and hears the notice. */
export const customerListening = (state: BridgeCallState, event: EventOf<"customer_listening">, now: number): Transition =>
  isCurrent(state, event.nonce) ? move(answered(state, now), {}) : stay(state);

/** Strict projects only: both have heard the notice, so now the recording may start. */
export const noticeDone = (state: BridgeCallState, event: EventOf<"notice_done">, now: number): Transition => {
  const sid = currentLeg(state)?.sid;
  if (!isCurrent(state, event.nonce) || state.recording_requested || sid === null || sid === undefined) return stay(state);
  return move(connect(state, now, now), { recording_requested: true }, { kind: "start_recording", sid, nonce: event.nonce });
};

export const dialDone = (state: BridgeCallState, event: EventOf<"dial_done">, now: number): Transition => {
  if (!isCurrent(state, event.nonce)) return stay(state);
  const spoke = (event.status === "completed" || event.status === "answered") && event.bridged !== false;
  if (spoke) {
    const began = state.connected_at ?? now - (event.duration_s ?? 0) * 1000;
    return end({ ...connect(state, began, now), duration_s: event.duration_s ?? state.duration_s }, now, "connected");
  }
  // Picked up and gone again while the notice was spoken, or the owner did not wait.
  const outcome = state.customer.answered || event.status === "completed" ? null : (state.customer.outcome ?? outcomeOf(event.status, null));
  if (outcome === null) return end(state, now, "abandoned");
  const known = outcome === "customer_busy" || outcome === "customer_no_answer";
  return end(known ? log(state, now, outcome) : log(state, now, "alert", { reason: outcome }), now, outcome);
};
