import type { CallProjection } from "../../core/memory/calls.store.ts";
import type { BridgeCallState, CallStatus } from "./bridge-call.types.ts";
import { liveLegs, winnerOf } from "./transition.ts";

/** The sweep looks after an open call this long after the object itself should have acted. */
const SWEEP_MARGIN_MS = 20_000;
/** And this often while only the outside can move the call. */
const SWEEP_IDLE_MS = 120_000;

const statusOf = (state: BridgeCallState): CallStatus => {
  switch (state.phase) {
    case "waiting":
    case "clearing":
      return state.held ? "held" : "queued";
    case "reaching":
      return liveLegs(state).some((leg) => leg.stage === "answered" || leg.stage === "declining") ? "owner_answered" : "ringing_owner";
    // On the line with us, not with the customer.
    case "choosing":
      return "owner_answered";
    case "greeting":
    case "voicemail":
      return "ringing_owner";
    default:
      return state.phase;
  }
};

/** What the lead's status becomes through the call; null leaves it as it is. */
export const leadStatusOf = (state: BridgeCallState): string | null => {
  // Whoever calls in is a person before they are a lead: only a conversation changes what they are.
  if (state.plan.direction === "inbound") return state.phase === "connected" ? "connected" : state.end_reason === "connected" ? "called" : null;
  switch (state.phase) {
    case "waiting":
    case "clearing":
      return state.held ? "held" : null;
    case "connected":
      return "connected";
    case "ended":
      break;
    default:
      return "calling";
  }
  switch (state.end_reason) {
    case "connected":
      return "called";
    case "invalid_number":
    case "expired":
    case "abandoned":
      return "needs_contact";
    case "blocked":
      return state.timeline.find((entry) => entry.event === "ended")?.detail.because === "opted_out" ? "opted_out" : "needs_contact";
    case "superseded":
    case "canceled":
    case null:
      return null;
    default:
      return "no_answer";
  }
};

const since = (state: BridgeCallState, at: number | undefined): number | null => (at === undefined ? null : Math.max(0, Math.round(at - state.plan.received_at)));

/** When it ended, ms; null before that. */
export const endOf = (state: BridgeCallState): number | null => {
  const endedAt = state.phase === "ended" ? Date.parse(state.timeline.findLast((entry) => entry.event === "ended")?.at ?? "") : NaN;
  return Number.isNaN(endedAt) ? null : endedAt;
};

/** @param wakeAt when the object will act by itself, ms; null when it waits for the outside */
export const projectionOf = (state: BridgeCallState, now: number, wakeAt: number | null): CallProjection => {
  const ended = endOf(state);
  const person = winnerOf(state) ?? state.legs.at(-1);
  const talked = state.connected_at !== null && ended !== null ? Math.round((ended - state.connected_at) / 1000) : null;
  return {
    revision: state.revision,
    status: statusOf(state),
    end_reason: state.end_reason,
    next_due_at: state.phase === "ended" ? null : wakeAt === null ? now + SWEEP_IDLE_MS : Math.max(wakeAt, now) + SWEEP_MARGIN_MS,
    ended_at: ended,
    duration_s: state.end_reason === null ? null : (state.duration_s ?? talked),
    account_sid: state.plan.account_sid,
    call_sid: state.caller?.sid ?? person?.sid ?? null,
    // Whose leg is the parent has the recording's first channel (CONTRACTS 1.5): the owner's where we ring them first, else the caller's.
    parent_party: state.plan.direction === "inbound" ? "customer" : "owner",
    person: person === undefined || person.name === "" ? null : person.name,
    timeline: state.timeline,
    latency: {
      form_to_dial_ms: since(state, state.marks.dialed),
      form_to_owner_ringing_ms: since(state, state.marks.owner_ringing),
      form_to_owner_answer_ms: since(state, state.marks.owner_answered),
      form_to_pressed_ms: since(state, state.marks.pressed),
      form_to_customer_ringing_ms: since(state, state.marks.customer_ringing),
      form_to_connected_ms: since(state, state.marks.connected),
    },
  };
};
