import type { Interpreter } from "./interpreter.ts";
import { isOver, PersonHungUp, type Leg } from "./leg.ts";
import { GIVES_UP_MS, ringResult, rings, SETUP_MS, type RingResult } from "./ringing.ts";

type Happening = { readonly kind: "parent-gives-up"; readonly atMs: number } | (Exclude<RingResult, { kind: "told" }> & { readonly child: Leg });

/** What will happen if nobody interferes, soonest first. */
function happenings(parent: Leg, children: readonly Leg[], timeoutMs: number): Happening[] {
  const list = children.flatMap((child): Happening[] => {
    const result = ringResult(child, timeoutMs);
    return result.kind === "told" ? [] : [{ ...result, child }];
  });
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

/** The first of those who ring on and on that is told to pick up; undefined once all of them have been ended. */
async function pickedUp(parent: Leg, children: readonly Leg[], interpreter: Interpreter): Promise<Leg | undefined> {
  const ringing = children.filter((child) => !isOver(child) && ringResult(child, 0).kind === "told");
  if (ringing.length === 0) return undefined;
  const told = ringing.map(async (child): Promise<Leg | undefined> => {
    try {
      await child.handset.next(AbortSignal.any([parent.control.signal, child.control.signal]));
      return child;
    } catch (error) {
      if (parent.control.signal.aborted) throw error;
      endInterrupted(child, interpreter);
      return undefined;
    }
  });
  const first = await Promise.race(told);
  return first ?? (await pickedUp(parent, children, interpreter));
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
    const late = await pickedUp(parent, children, interpreter);
    if (late === undefined) return undefined;
    switchboard.setStatus(late, "in-progress");
    cancelRinging(children.filter((other) => other !== late), interpreter);
    return late;
  } catch (error) {
    cancelRinging(children, interpreter);
    throw error;
  }
}
