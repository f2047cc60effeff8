import type { BridgeCallState, OwnerLeg } from "./bridge-call.types.ts";
import type { PendingEffect } from "./effect.types.ts";
import { isLive } from "./transition.ts";

/** Clocks that are right differ by less. */
const SKEW_MS = 5_000;
/** How far back an attempt may lie of which no clock that can be trusted tells when it was made. */
const LOOK_BACK_MS = 3_600_000;

/**
 * The call as it is by a clock that has been set back since the call's last change: what was to come after a while comes after that
 * while, not once the wrong time has been reached; and an attempt of which nobody knows what came of it is looked for in all of the
 * last hour. Pure; the state itself as long as the clock has not been set back.
 */
export const afterSetBack = (state: BridgeCallState, now: number): BridgeCallState => {
  const by = (state.touched_at ?? now) - now;
  if (by <= SKEW_MS) return state;
  const sooner = (at: number | null): number | null => (at === null ? null : at - by);
  const intent_at = now - LOOK_BACK_MS;
  const leg = (one: OwnerLeg): OwnerLeg => (isLive(one) ? { ...one, deadline: sooner(one.deadline), ...(one.sid === null ? { intent_at } : {}) } : one);
  const pending = (one: PendingEffect): PendingEffect => ({ ...one, since: one.since - by, due_at: one.due_at - by, effect: one.effect.kind === "look_up" ? { ...one.effect, intent_at } : one.effect });
  // When the business opens, and when a customer may be rung, are times of the day.
  const isTimeOfDay = state.waiting_for === "hours" || state.waiting_for === "contact";
  return { ...state, touched_at: now, deadline: isTimeOfDay ? state.deadline : sooner(state.deadline), legs: state.legs.map(leg), outbox: state.outbox.map(pending) };
};
