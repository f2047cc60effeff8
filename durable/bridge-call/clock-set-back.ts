import { SKEW_MS } from "../../core/clock.ts";
import type { BridgeCallState, OwnerLeg } from "./bridge-call.types.ts";
import type { PendingEffect } from "./effect.types.ts";
import { isLive } from "./transition.ts";

/**
 * The call as it is by a clock that has been set back since the call's last change: what was to come after a while comes after that
 * while, not once the wrong time has been reached. Pure; the state itself as long as the clock has not been set back.
 */
export const afterSetBack = (state: BridgeCallState, now: number): BridgeCallState => {
  const by = (state.touched_at ?? now) - now;
  if (by <= SKEW_MS) return state;
  const sooner = (at: number | null): number | null => (at === null ? null : at - by);
  const leg = (one: OwnerLeg): OwnerLeg => (isLive(one) ? { ...one, deadline: sooner(one.deadline) } : one);
  const pending = (one: PendingEffect): PendingEffect => ({ ...one, since: one.since - by, due_at: one.due_at - by });
  // When the business opens, and when a customer may be rung, are times of the day.
  const isTimeOfDay = state.waiting_for === "hours" || state.waiting_for === "contact";
  return { ...state, touched_at: now, deadline: isTimeOfDay ? state.deadline : sooner(state.deadline), legs: state.legs.map(leg), outbox: state.outbox.map(pending) };
};
