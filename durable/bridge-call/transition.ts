import { iso } from "../../core/clock.ts";
import type { BridgeCallState, LegStage, Milestone, OwnerLeg, TimelineEvent, Transition } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";

/** A timeline is for people; a vendor that repeats itself for hours must not fill the object's storage. */
const MAX_TIMELINE = 200;

export const stay = (state: BridgeCallState): Transition => ({ state, effects: [] });

/** Lays a change over the state. Pure: the old state is left as it was. */
export const move = (state: BridgeCallState, change: Partial<BridgeCallState>, ...effects: Effect[]): Transition => ({
  state: { ...state, ...change },
  effects,
});

/** What is done after something that already has effects of its own. */
export const after = (effects: Effect[], next: Transition): Transition => ({ state: next.state, effects: [...effects, ...next.effects] });

export const log = (state: BridgeCallState, at: number, event: TimelineEvent, detail: Record<string, unknown> = {}): BridgeCallState =>
  state.timeline.length >= MAX_TIMELINE ? state : { ...state, timeline: [...state.timeline, { at: iso(at), event, detail }] };

/** For milestones: the first time counts, a repeated or late message changes nothing. */
export const logOnce = (state: BridgeCallState, at: number, event: TimelineEvent, detail: Record<string, unknown> = {}): BridgeCallState =>
  state.timeline.some((entry) => entry.event === event) ? state : log(state, at, event, detail);

export const mark = (state: BridgeCallState, name: Milestone, at: number): BridgeCallState =>
  state.marks[name] === undefined ? { ...state, marks: { ...state.marks, [name]: at } } : state;

export const legOf = (state: BridgeCallState, nonce: string): OwnerLeg | undefined => state.legs.find((leg) => leg.nonce === nonce);

export const isLive = (leg: OwnerLeg): boolean => leg.stage !== "over";

export const liveLegs = (state: BridgeCallState): OwnerLeg[] => state.legs.filter(isLive);

export const winnerOf = (state: BridgeCallState): OwnerLeg | undefined => (state.winner === null ? undefined : legOf(state, state.winner));

export const changeLeg = (state: BridgeCallState, nonce: string, change: Partial<OwnerLeg>): BridgeCallState => ({
  ...state,
  legs: state.legs.map((leg) => (leg.nonce === nonce ? { ...leg, ...change } : leg)),
});

export const over = (state: BridgeCallState, nonce: string): BridgeCallState => changeLeg(state, nonce, { stage: "over", deadline: null });

export const setStage = (state: BridgeCallState, nonce: string, stage: LegStage, deadline: number | null): BridgeCallState => changeLeg(state, nonce, { stage, deadline });

/** When the machine wants to be looked at again; null when only the outside can move it. */
export const nextDeadline = (state: BridgeCallState): number | null => {
  const times = [state.deadline, ...liveLegs(state).map((leg) => leg.deadline)].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
};
