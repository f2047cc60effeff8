import type { Interpreter } from "./interpreter.ts";
import { isOver, PersonHungUp, type Leg } from "./leg.ts";
import { GIVES_UP_MS, ringResult, rings, SETUP_MS, type RingResult } from "./ringing.ts";

type Happening = { readonly kind: "parent-gives-up"; readonly atMs: number } | (RingResult & { readonly child: Leg });

/** What will happen if nobody interferes, soonest first. */
function happenings(parent: Leg, children: readonly Leg[], timeoutMs: number): Happening[] {
  const list: Happening[] = children.map((child) => ({ ...ringResult(child, timeoutMs), child }));
  if (parent.behaviour.hangs_up === "waiting") list.push({ kind: "parent-gives-up", atMs: GIVES_UP_MS });
  return list.sort((a, b) => a.atMs - b.atMs);
}

/** An end that came over the API; a redirect of a leg that only rings is refused there. */
function endInterrupted(child: Leg, interpreter: Interpreter): void {
  child.control.take();
  interpreter.switchboard.end(child, "canceled");
}

/** Waits on the parent's behalf, letting children be ended over the API meanwhile. */
async function waitWhileRinging(parent: Leg, children: readonly Leg[], ms: number, interpreter: Interpreter): Promise<void> {
  const ringing = children.filter((child) => !isOver(child));
  try {
    await interpreter.clock.wait(ms, AbortSignal.any([parent.control.signal, ...ringing.map((child) => child.control.signal)]));
  } catch (error) {
    const ended = ringing.filter((child) => child.control.signal.aborted);
    if (parent.control.signal.aborted || ended.length === 0) throw error;
    for (const child of ended) endInterrupted(child, interpreter);
    if (ringing.length > ended.length) await waitWhileRinging(parent, children, ms, interpreter);
  }
}

/** At speed 0 the product's handlers are awaited, so that what they do about one step comes before the next. */
async function settle(legs: readonly Leg[], interpreter: Interpreter): Promise<void> {
  if (interpreter.clock.ordered) await Promise.all(legs.map((leg) => leg.callbacks.drained()));
}

function cancelRinging(children: readonly Leg[], interpreter: Interpreter): void {
  for (const child of children) interpreter.switchboard.end(child, "canceled");
}

/** Rings everybody at once. Gives the first who answers, the rest being canceled; or undefined when nobody did. */
export async function ringAll(parent: Leg, children: readonly Leg[], timeoutMs: number, interpreter: Interpreter): Promise<Leg | undefined> {
  const { switchboard } = interpreter;
  try {
    for (const child of children) switchboard.setStatus(child, "initiated");
    await settle(children, interpreter);
    await waitWhileRinging(parent, children, SETUP_MS, interpreter);
    for (const child of children) if (rings(child)) switchboard.setStatus(child, "ringing");
    await settle(children, interpreter);
    let elapsedMs = 0;
    for (const happening of happenings(parent, children, timeoutMs)) {
      if (children.every(isOver)) return undefined;
      await waitWhileRinging(parent, children, happening.atMs - elapsedMs, interpreter);
      parent.talkedMs += happening.atMs - elapsedMs;
      elapsedMs = happening.atMs;
      if (happening.kind === "parent-gives-up") throw new PersonHungUp();
      const { child } = happening;
      if (isOver(child)) continue;
      if (happening.kind === "answer") {
        switchboard.setStatus(child, "in-progress");
        cancelRinging(children.filter((other) => other !== child), interpreter);
        return child;
      }
      switchboard.end(child, happening.status);
      await settle([child], interpreter);
    }
    return undefined;
  } catch (error) {
    cancelRinging(children, interpreter);
    throw error;
  }
}
