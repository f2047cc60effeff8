import { cutAfterLine, cutAt, planDialogue, secondsOf, type Dialogue, type Party } from "../audio/dialogue.ts";
import { SAMPLE_RATE } from "../audio/wav.ts";
import type { Clock } from "../kit/clock.ts";
import type { Bridge, Leg } from "./leg.ts";

/** Who ended it. `interrupted`: by the API, which one of the legs knows more about. */
export type ConversationEnd = "child" | "parent" | "limit" | "interrupted";

interface Plan {
  readonly dialogue: Dialogue;
  /** Waiting time, before the sandbox's speed. */
  readonly ms: number;
  readonly end: Exclude<ConversationEnd, "interrupted">;
}

/** In a call that we placed the parent leg is the business's own phone; in one that came in it is the customer's. */
export function partyAt(leg: Leg, parent: Leg): Party {
  if (leg.behaviour.machine) return "machine";
  const parentParty = parent.direction === "inbound" ? "customer" : "owner";
  return leg === parent ? parentParty : parentParty === "owner" ? "customer" : "owner";
}

function plan(parent: Leg, child: Leg, limitS: number, ordered: boolean): Plan {
  const seed = [parent.to, parent.from, child.to].join("/");
  const whole = planDialogue(seed, partyAt(parent, parent), partyAt(child, parent), child.behaviour.spoken_s ?? parent.behaviour.spoken_s);
  const talks = [parent.behaviour.talk_ms, child.behaviour.talk_ms].filter((ms) => ms !== null);
  // With nobody who ends it, time has to: at speed 0 there is none, so such a call stays until it is ended from outside.
  if (talks.length < 2) return { dialogue: whole, ms: ordered ? Infinity : limitS * 1000, end: "limit" };
  const ms = Math.min(...talks);
  const impatient = parent.behaviour.hangs_up === "talking" ? "parent" : child.behaviour.hangs_up === "talking" ? "child" : undefined;
  const half = impatient === undefined ? whole : cutAfterLine(whole, 0.5);
  const spokenS = secondsOf(half);
  if (spokenS > limitS) return { dialogue: cutAt(half, Math.round(limitS * SAMPLE_RATE)), ms: (ms * limitS) / secondsOf(whole), end: "limit" };
  return { dialogue: half, ms: impatient === undefined ? ms : ms / 2, end: impatient ?? "child" };
}

/**
 * Two bridged legs talk. The waiting time is short whatever the length of what is
 * said, so that an hour's recording does not take an hour.
 */
export async function converse(parent: Leg, child: Leg, limitS: number, clock: Clock): Promise<{ end: ConversationEnd; dialogue: Dialogue }> {
  const { dialogue, ms, end } = plan(parent, child, limitS, clock.ordered);
  const startedAt = clock.now();
  const wallMs = ms === Infinity ? Infinity : ms * clock.speed;
  let over = false;
  const bridge: Bridge = {
    dialogue,
    progress: () => (over ? 1 : wallMs === 0 || wallMs === Infinity ? 0 : Math.min(1, (clock.now() - startedAt) / wallMs)),
  };
  const finish = (ending: ConversationEnd, said: Dialogue): { end: ConversationEnd; dialogue: Dialogue } => {
    over = true;
    for (const leg of [parent, child]) {
      leg.talkedMs += secondsOf(said) * 1000;
      leg.bridge = null;
    }
    return { end: ending, dialogue: said };
  };
  parent.bridge = bridge;
  child.bridge = bridge;
  try {
    await clock.wait(ms, AbortSignal.any([parent.control.signal, child.control.signal]));
    return finish(end, dialogue);
  } catch (error) {
    if (!parent.control.signal.aborted && !child.control.signal.aborted) throw error;
    // A call without an end of its own is recorded whole, whenever it is ended.
    const share = ms === Infinity ? 1 : bridge.progress();
    return finish("interrupted", cutAt(dialogue, Math.round(share * dialogue.frames)));
  }
}
