import { iso } from "../../core/clock.ts";
import type { BridgeCallState, Effect, EndReason, OwnerLeg, TimelineEvent, Transition } from "./bridge-call.types.ts";

/** A timeline is for people; a vendor that repeats itself for hours must not fill the object's storage. */
const MAX_TIMELINE = 200;

export const stay = (state: BridgeCallState): Transition => ({ state, effects: [] });

/** Lays a change over the state. Pure: the old state is left as it was. */
export const move = (state: BridgeCallState, change: Partial<BridgeCallState>, ...effects: Effect[]): Transition => ({
  state: { ...state, ...change },
  effects,
});

export const log = (state: BridgeCallState, at: number, event: TimelineEvent, detail: Record<string, unknown> = {}): BridgeCallState =>
  state.timeline.length >= MAX_TIMELINE ? state : { ...state, timeline: [...state.timeline, { at: iso(at), event, detail }] };

/** For milestones: the first time counts, a repeated or late message changes nothing. */
export const logOnce = (state: BridgeCallState, at: number, event: TimelineEvent, detail: Record<string, unknown> = {}): BridgeCallState =>
  state.timeline.some((entry) => entry.event === event) ? state : log(state, at, event, detail);

export const mark = (state: BridgeCallState, name: keyof BridgeCallState["marks"], at: number): BridgeCallState =>
  state.marks[name] === undefined ? { ...state, marks: { ...state.marks, [name]: at } } : state;

export const currentLeg = (state: BridgeCallState): OwnerLeg | undefined => state.legs.at(-1);

export const legOf = (state: BridgeCallState, nonce: string): OwnerLeg | undefined => state.legs.find((leg) => leg.nonce === nonce);

export const changeLeg = (state: BridgeCallState, nonce: string, change: Partial<OwnerLeg>): BridgeCallState => ({
  ...state,
  legs: state.legs.map((leg) => (leg.nonce === nonce ? { ...leg, ...change } : leg)),
});

/** Ends that leave the owner without having spoken to the customer: the lead goes to them as a card by SMS. */
const NEEDS_CARD: ReadonlySet<EndReason> = new Set<EndReason>([
  "owner_no_answer", "owner_busy", "owner_voicemail", "customer_no_answer", "customer_busy", "customer_voicemail", "invalid_number",
  "carrier_failed", "blocked", "expired", "abandoned",
]);

/** Ends the call: the duty closes, the phone is free for the next lead, and the owner has the lead in some form. */
export const end = (state: BridgeCallState, at: number, reason: EndReason, detail: Record<string, unknown> = {}): Transition => {
  if (state.phase === "ended") return stay(state);
  const leg = currentLeg(state);
  const ended = log({ ...state, phase: "ended", end_reason: reason, deadline: null, held: false }, at, "ended", { reason, ...detail });
  const card = state.plan.destinations[0];
  const effects: Effect[] = [{ kind: "release" }];
  if (leg?.sid && !leg.ended && reason !== "connected") effects.unshift({ kind: "hang_up", sid: leg.sid });
  if (card && NEEDS_CARD.has(reason)) effects.push({ kind: "sms_owner", phone: leg?.phone ?? card.phone, body: state.plan.sms_card });
  return { state: ended, effects };
};
