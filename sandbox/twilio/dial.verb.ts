import type { Dialogue } from "../audio/dialogue.ts";
import type { CallbackTools } from "./callback-line.ts";
import { converse, type ConversationEnd } from "./conversation.ts";
import { dialPlan, type DialPlan, type DialTarget } from "./dial.plan.ts";
import { ringAll } from "./dial.ring.ts";
import { methodOf, resolveUrl } from "./documents.ts";
import { NEXT, type Interpreter, type Step, type VerbContext, type VerbHandler } from "./interpreter.ts";
import { ApplicationError, durationS, Interrupted, PersonHungUp, type DocumentSource, type Leg } from "./leg.ts";
import { detectMachine } from "./machine-detection.ts";
import type { Recording } from "./recording.ts";
import type { Recordings } from "./recordings.ts";
import type { Params } from "./signature.ts";
import type { Verb } from "./twiml.ts";

export interface DialTools {
  readonly callbacks: CallbackTools;
  readonly recordings: Recordings;
  /** A child that was redirected lives on by itself. */
  readonly release: (leg: Leg, source: DocumentSource) => void;
}

interface DialResult {
  readonly status: string;
  readonly child: Leg | undefined;
  readonly bridged: boolean;
  readonly recording: Recording | undefined;
  /** The parent's person is gone, so nothing follows. */
  readonly parentGone: boolean;
}

/** The status of a Dial that nobody answered, of several the most hopeful. */
function unanswered(children: readonly Leg[]): string {
  return ["no-answer", "busy", "canceled"].find((status) => children.some((child) => child.status === status)) ?? "failed";
}

function resultParams(result: DialResult, recordings: Recordings): Params {
  const { child, recording } = result;
  return [
    ["DialCallStatus", result.status],
    ...(child === undefined ? [] : [["DialCallSid", child.sid] as const]),
    ["DialCallDuration", String(child === undefined ? 0 : durationS(child))],
    ["DialBridged", String(result.bridged)],
    ...(recording === undefined ? [] : [["RecordingUrl", recordings.urlOf(recording)] as const]),
  ];
}

/** Hears the whisper and decides. Hanging up, failing, being ended and being sent elsewhere all count as refusing. */
async function accepts(child: Leg, target: DialTarget, callbacks: CallbackTools, interpreter: Interpreter): Promise<boolean> {
  const { whisper, detection } = target;
  try {
    if (detection !== null) await detectMachine(child, detection, interpreter.switchboard.tokenOf(child), callbacks);
    if (whisper === null) return true;
    const ending = await interpreter.run(child, whisper, "whisper");
    return ending.kind === "finished";
  } catch (error) {
    // Why it was interrupted stays on the leg for whoever ends the Dial.
    if (error instanceof Interrupted || error instanceof PersonHungUp) return false;
    if (!(error instanceof ApplicationError)) throw error;
    interpreter.log.append("error", { code: error.code, message: error.message, call_sid: child.sid });
    return false;
  }
}

async function bridge(parent: Leg, child: Leg, plan: DialPlan, tools: DialTools, interpreter: Interpreter): Promise<ConversationEnd> {
  interpreter.answer(parent);
  interpreter.log.append("call", { call_sid: parent.sid, bridged_to: child.sid });
  if (interpreter.clock.ordered) await Promise.all([parent.callbacks.drained(), child.callbacks.drained()]);
  const { end, dialogue }: { end: ConversationEnd; dialogue: Dialogue } = await converse(parent, child, plan.timeLimitS, interpreter.clock);
  tools.recordings.conversed([parent, child], dialogue);
  return end;
}

/** After somebody answered: whisper, conversation, and the end of the child. */
async function talk(parent: Leg, child: Leg, plan: DialPlan, target: DialTarget, tools: DialTools, interpreter: Interpreter): Promise<DialResult> {
  const { recordings } = tools;
  const startedAt = child.talkedMs;
  const recording = plan.record === null ? undefined : recordings.start(parent, { source: "DialVerb", channels: plan.record.channels, callback: plan.record.callback });
  const parentGone = (): void => child.control.interrupt({ kind: "peer-gone" });
  parent.control.signal.addEventListener("abort", parentGone, { once: true });
  let bridged = false;
  let end: ConversationEnd | undefined;
  try {
    if (await accepts(child, target, tools.callbacks, interpreter)) {
      parent.control.signal.throwIfAborted();
      parent.talkedMs += child.talkedMs - startedAt;
      bridged = true;
      end = await bridge(parent, child, plan, tools, interpreter);
    }
  } finally {
    parent.control.signal.removeEventListener("abort", parentGone);
    const interruption = child.control.take();
    if (interruption?.kind === "redirect") tools.release(child, interruption.source);
    else interpreter.switchboard.end(child, "completed");
    if (recording !== undefined) recordings.stop(recording, null);
  }
  parent.control.signal.throwIfAborted();
  return { status: "completed", child, bridged, recording, parentGone: end === "parent" };
}

async function dialOut(parent: Leg, plan: DialPlan, tools: DialTools, interpreter: Interpreter): Promise<DialResult> {
  const { switchboard } = interpreter;
  if (plan.problem !== null) {
    interpreter.log.append("error", { ...plan.problem, call_sid: parent.sid });
    return { status: "failed", child: undefined, bridged: false, recording: undefined, parentGone: false };
  }
  const targets = new Map<Leg, DialTarget>();
  for (const target of plan.targets) {
    const child = switchboard.create({
      accountSid: parent.accountSid, parentSid: parent.sid, direction: "outbound-dial", to: target.to, from: plan.from, statusCallback: target.statusCallback,
    });
    targets.set(child, target);
  }
  const children = [...targets.keys()];
  let winner: Leg | undefined;
  try {
    winner = await ringAll(parent, children, plan.timeoutMs, interpreter);
  } catch (error) {
    if (!(error instanceof PersonHungUp)) throw error;
    return { status: "canceled", child: children[0], bridged: false, recording: undefined, parentGone: true };
  }
  const target = winner === undefined ? undefined : targets.get(winner);
  if (winner === undefined || target === undefined) return { status: unanswered(children), child: children.at(-1), bridged: false, recording: undefined, parentGone: false };
  return await talk(parent, winner, plan, target, tools, interpreter);
}

export function dialVerb(tools: DialTools): VerbHandler {
  return async (verb: Verb, context: VerbContext): Promise<Step> => {
    const { leg, interpreter, document } = context;
    if (context.role === "whisper") throw new ApplicationError(12200, "A document of <Number url> must not contain <Dial>");
    const plan = dialPlan(verb, leg, document.baseUrl);
    if (!plan.answerOnBridge) interpreter.answer(leg);
    const result = await dialOut(leg, plan, tools, interpreter);
    const params = resultParams(result, tools.recordings);
    interpreter.log.append("call", { call_sid: leg.sid, dial: Object.fromEntries(params) });
    const action = verb.attributes["action"];
    if (result.parentGone) {
      // The action is still told how it ended; what it answers has nobody to hear it.
      if (action !== undefined) await interpreter.documents.notify(leg, resolveUrl(action, document.baseUrl), methodOf(verb.attributes["method"]), params);
      throw new PersonHungUp();
    }
    return action === undefined ? NEXT : interpreter.action(verb, context, params);
  };
}
