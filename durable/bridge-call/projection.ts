import type { CallProjection } from "../../core/memory/calls.store.ts";
import type { BridgeCallState, CallStatus } from "./bridge-call.types.ts";
import { currentLeg } from "./transition.ts";

/** The sweep looks after an open call this long after the object itself should have acted. */
const SWEEP_MARGIN_MS = 20_000;
/** And this often while only the outside can move the call. */
const SWEEP_IDLE_MS = 120_000;

const statusOf = (state: BridgeCallState): CallStatus => {
  switch (state.phase) {
    case "clearing":
      return state.held ? "held" : "queued";
    case "dialing":
    case "resolving":
      return "ringing_owner";
    default:
      return state.phase;
  }
};

/** What the lead's status becomes through the call; null leaves it as it is. */
export const leadStatusOf = (state: BridgeCallState): string | null => {
  switch (state.phase) {
    case "clearing":
      return state.held ? "held" : null;
    case "dialing":
    case "resolving":
    case "ringing_owner":
    case "owner_answered":
    case "ringing_customer":
      return "calling";
    case "connected":
      return "connected";
    case "ended":
      break;
  }
  switch (state.end_reason) {
    case "connected":
      return "called";
    case "invalid_number":
    case "expired":
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

/** @param wakeAt when the object will act by itself, ms; null when it waits for the outside */
export const projectionOf = (state: BridgeCallState, now: number, wakeAt: number | null): CallProjection => {
  const endedAt = state.phase === "ended" ? Date.parse(state.timeline.findLast((entry) => entry.event === "ended")?.at ?? "") : NaN;
  const ended = Number.isNaN(endedAt) ? null : endedAt;
  const talked = state.connected_at !== null && ended !== null ? Math.round((ended - state.connected_at) / 1000) : null;
  return {
    revision: state.revision,
    status: statusOf(state),
    end_reason: state.end_reason,
    next_due_at: state.phase === "ended" ? null : wakeAt === null ? now + SWEEP_IDLE_MS : Math.max(wakeAt, now) + SWEEP_MARGIN_MS,
    ended_at: ended,
    duration_s: state.end_reason === null ? null : (state.duration_s ?? talked),
    call_sid: currentLeg(state)?.sid ?? null,
    // We ring the owner first, so theirs is the parent leg and the recording's first channel (CONTRACTS 1.5).
    parent_party: "owner",
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
