import { hearingMs, NEXT, type Step, type VerbHandler } from "./interpreter.ts";
import { PersonHungUp, type Leg } from "./leg.ts";
import type { Verb } from "./twiml.ts";

interface Keying {
  /** What the product gets; undefined when nothing was pressed in time. */
  readonly digits: string | undefined;
  /** From the start of the Gather to its end. */
  readonly ms: number;
}

function seconds(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value >= 0 ? value : otherwise;
}

/** What this person presses at this Gather, the first being number 0. The last entry of the list repeats. */
function keysOf(leg: Leg, gather: number): string {
  return leg.behaviour.keys[Math.min(gather, leg.behaviour.keys.length - 1)] ?? "";
}

/**
 * Pressing is compared with the time-out as numbers and only then waited for, so
 * that the outcome does not depend on the machine's load. Pressing during the
 * nested Say cuts it short (barge-in).
 */
function keying(verb: Verb, leg: Leg): Keying {
  const spokenMs = verb.children.reduce((sum, child) => sum + hearingMs(child), 0);
  const timeoutMs = 1000 * seconds(verb.attributes["timeout"], 5);
  const numDigits = seconds(verb.attributes["numDigits"], Infinity);
  const finish = verb.attributes["finishOnKey"] ?? "#";
  const pressed = keysOf(leg, leg.gathers);
  const silent: Keying = { digits: undefined, ms: spokenMs + timeoutMs };
  if (!(verb.attributes["input"] ?? "dtmf").split(" ").includes("dtmf") || pressed === "" || leg.behaviour.key_after_ms > silent.ms) return silent;
  let digits = "";
  for (const key of pressed) {
    if (finish !== "" && finish.includes(key)) return { digits, ms: leg.behaviour.key_after_ms };
    digits += key;
    if (digits.length >= numDigits) return { digits, ms: leg.behaviour.key_after_ms };
  }
  // Fewer than were asked for: Twilio waits for more until the time-out.
  return { digits, ms: leg.behaviour.key_after_ms + timeoutMs };
}

export const gather: VerbHandler = async (verb, context): Promise<Step> => {
  const { leg, interpreter } = context;
  interpreter.answer(leg);
  for (const child of verb.children) interpreter.log.append("call", { call_sid: leg.sid, heard: child.name, text: child.text, in: "Gather" });
  if (leg.behaviour.hangs_up === "whisper") {
    await interpreter.wait(leg, leg.behaviour.key_after_ms);
    throw new PersonHungUp();
  }
  const { digits, ms } = leg.behaviour.told ? { digits: await leg.handset.next(leg.control.signal), ms: leg.behaviour.key_after_ms } : keying(verb, leg);
  leg.gathers += 1;
  await interpreter.wait(leg, ms);
  interpreter.log.append("call", { call_sid: leg.sid, pressed: digits ?? null });
  if (digits === undefined && verb.attributes["actionOnEmptyResult"] !== "true") return NEXT;
  return interpreter.action(verb, context, [["Digits", digits ?? ""]]);
};
