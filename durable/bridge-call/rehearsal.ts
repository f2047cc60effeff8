import type { Suppression } from "../../core/memory/opt-outs.store.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { Verdict } from "../../core/security/consent/consent.types.ts";
import { begin, reduce } from "./bridge-call.machine.ts";
import { replyTo } from "./bridge-call.reply.ts";
import { judgeOwner } from "./clearance.ts";
import type { EndReason } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { Plan } from "./plan.schema.ts";

/** What a call by this plan would do if everybody picked up and the owner pressed 1. */
export interface RehearsedCall {
  /** The phone that would ring first (E.164); null for none. */
  rang: string | null;
  /** What its person would hear. */
  heard: string;
  /** Whom pressing 1 would connect them with (E.164). */
  joined: string | null;
  end: EndReason | null;
  /** The consent rules on that person; null when nobody would be rung. Caps, which live in the limiter, are not asked. */
  verdict: Verdict | null;
}

const NONCE = "rehearsal";
const SID = "CA00000000000000000000000000000000";
const STEP_MS = 1000;

/**
 * Plays a call through the machine, the consent rules and the spoken documents of real ones; only Twilio and the people are
 * played. Pure: nothing is stored, nobody is rung. It rings at any hour, since it is about whom, not when.
 */
export const rehearse = (planned: Plan, { suppressed, publicUrl, now }: { suppressed: readonly Suppression[]; publicUrl: string; now: number }): RehearsedCall => {
  const plan: Plan = { ...planned, emergency: true };
  let at = now;
  let { state, effects } = begin(plan, at);
  const did = <Kind extends Effect["kind"]>(kind: Kind): Extract<Effect, { kind: Kind }> | undefined => effects.find((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind);
  const send = (event: CallEvent): VoiceReply => {
    at += STEP_MS;
    ({ state, effects } = reduce(state, event, at));
    return replyTo(state, event, publicUrl);
  };

  const asked = did("clear")?.phones[0];
  if (asked === undefined) return { rang: null, heard: "", joined: null, end: state.end_reason, verdict: null };
  const verdict = judgeOwner(plan, asked, suppressed, now);
  if (verdict.answer === "no") return { rang: null, heard: "", joined: null, end: null, verdict };

  send({ type: "cleared", phone: asked, nonce: NONCE });
  const rang = did("dial")?.phone ?? null;
  send({ type: "dial_accepted", nonce: NONCE, sid: SID });
  send({ type: "leg_progress", nonce: NONCE, sid: SID, status: "ringing", answered_by: null, sip_code: null });
  const whisper = send({ type: "owner_listening", nonce: NONCE, sid: SID });
  const pressed = send({ type: "owner_key", nonce: NONCE, sid: SID, digit: "1" });
  const customer = { nonce: NONCE, attempt: 1, sid: `${SID}-customer`, duration_s: null, sip_code: null };
  send({ type: "customer_progress", ...customer, status: "ringing" });
  send({ type: "customer_progress", ...customer, status: "in-progress" });
  send({ type: "dial_done", nonce: NONCE, attempt: 1, status: "completed", bridged: true, duration_s: 60, over: true });
  return { rang, heard: whisper.kind === "ask" ? whisper.text : "", joined: pressed.kind === "connect" ? pressed.to : null, end: state.end_reason, verdict };
};
