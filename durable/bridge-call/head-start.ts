import { reduce } from "./bridge-call.machine.ts";
import type { Transition } from "./bridge-call.types.ts";
import { judgeFirst } from "./clearance.ts";
import type { HeadStart } from "./head-start.schema.ts";
import { wants } from "./reach.ts";

/** With a lease in hand and the gate's facts at hand, the call goes on to the dial in the same write as it begins. */
export const withHeadStart = (first: Transition, head: HeadStart, now: number): Transition => {
  const { plan } = first.state;
  if (!wants(first.state, head.phone) || !judgeFirst(plan, head, now)) return first;
  const next = reduce(first.state, { type: "cleared", phone: head.phone, nonce: head.nonce }, now);
  // Where everybody is rung at once, the others' phones are still to be asked for.
  const others = first.effects.filter((effect) => effect.kind !== "clear" || effect.each);
  const verdicts = { phone: head.phone, limiter_reached: head.reservations.customer !== null && head.reservations.owner !== null };
  return { state: { ...next.state, verdicts }, effects: [...others, ...next.effects] };
};
