import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { BridgeCallState, OwnerLeg } from "./bridge-call.types.ts";
import type { CallEvent } from "./event.types.ts";
import { callbackUrls } from "./callback-urls.ts";
import { callerReply } from "./inbound.reply.ts";
import { legOf, winnerOf } from "./transition.ts";

const NOTHING: VoiceReply = { kind: "nothing" };
const KEYS = "Press 1 to connect, 2 to hear this again, 9 to pass it on, 0 to decline.";

const farewell = (state: BridgeCallState): string => {
  if (state.phase === "waiting" && state.waiting_for === "customer") return `We will ring you again in ${Math.round(state.plan.customer_retry_s / 60)} minutes. Goodbye.`;
  switch (state.end_reason) {
    case "customer_busy":
      return "Their line is busy. We have sent you their number.";
    case "customer_no_answer":
    case "invalid_number":
    case "carrier_failed":
      return "They could not be reached. We have sent you their number.";
    case "customer_voicemail":
      return state.timeline.some((entry) => entry.event === "ended" && entry.detail.message_left === true) ? "Your message is being left. Goodbye." : "We have sent you their number.";
    default:
      return "";
  }
};

/** What the owner may do about a customer who was not reached. */
const menu = (state: BridgeCallState, leg: OwnerLeg, publicUrl: string): VoiceReply => {
  const { plan, customer } = state;
  const isMachine = customer.outcome === "customer_voicemail";
  const again = customer.attempts < plan.customer_attempts;
  const choices = [
    ...(again ? ["Press 1 to try again now"] : []),
    ...(isMachine && plan.voicemail_message !== null ? ["2 to leave your recorded message"] : []),
    ...(!isMachine && again ? [`2 to try again in ${Math.round(plan.customer_retry_s / 60)} minutes`] : []),
  ];
  const what = isMachine ? "You have reached their voicemail." : customer.outcome === "customer_busy" ? "Their line is busy." : "They do not answer.";
  const urls = callbackUrls(publicUrl, plan, leg.nonce, customer.attempts);
  return { kind: "ask", text: `${what} ${choices.length > 0 ? `${choices.join(", ")}, or hang up.` : "Hang up; we send you their number."}`, language: plan.language, action: urls.menuKey, keypress_timeout_s: plan.keypress_timeout_s };
};

const connect = (state: BridgeCallState, leg: OwnerLeg, publicUrl: string): VoiceReply => {
  const { plan, customer } = state;
  const { recording } = plan;
  const urls = callbackUrls(publicUrl, plan, leg.nonce, customer.attempts);
  return {
    kind: "connect",
    text: recording.enabled ? `Connecting. ${recording.owner_notice}` : "Connecting.",
    language: plan.language,
    to: plan.customer.phone ?? "",
    caller_id: plan.from,
    ring_timeout_s: plan.customer_ring_timeout_s,
    time_limit_s: plan.max_call_s,
    notice_url: urls.notice,
    status_callback: urls.customerStatus,
    // A message is left after the beep, so its end is waited for; else the sooner the better.
    detect_machine: plan.detect_machines.customer ? { mode: plan.voicemail_message === null ? "Enable" : "DetectMessageEnd", callback: urls.customerMachine } : null,
    action: urls.dialDone,
    recording_callback: recording.enabled && !recording.strict ? urls.recording : null,
  };
};

/** What the owner's leg hears at the point where its attempt stands. */
const ownerReply = (state: BridgeCallState, leg: OwnerLeg, publicUrl: string): VoiceReply => {
  const { plan } = state;
  const say = (text: string): VoiceReply => ({ kind: "hang_up", text, language: plan.language });
  const urls = callbackUrls(publicUrl, plan, leg.nonce);
  const ask = (text: string): VoiceReply => ({ kind: "ask", text, language: plan.language, action: urls.key, keypress_timeout_s: plan.keypress_timeout_s });
  if (leg.stage === "answered") return ask(`${plan.whisper} ${KEYS}`);
  if (leg.stage === "declining") return ask(`Why not? ${plan.decline_reasons.map((reason, index) => `Press ${index + 1} for ${reason}.`).join(" ")}`);
  if (state.winner === leg.nonce && leg.stage === "joined") {
    if (state.phase === "ringing_customer" || state.phase === "connected") return plan.direction === "inbound" ? NOTHING : connect(state, leg, publicUrl);
    if (state.phase === "choosing") return menu(state, leg, publicUrl);
  }
  if (state.winner !== null && state.winner !== leg.nonce) return say(TAKEN);
  return say(state.winner === leg.nonce || state.legs.at(-1) === leg ? farewell(state) : "");
};

export type FixedDocument = "taken" | "parked" | "message";
const TAKEN = "This lead is already taken. Goodbye.";
/** A machine records silence for so long while the owner decides. */
const PARKED_S = 25;

/** What a leg hears that we have sent there by REST. */
export const fixedDocument = (plan: BridgeCallState["plan"], what: FixedDocument): VoiceReply => {
  switch (what) {
    case "taken":
      return { kind: "hang_up", text: TAKEN, language: plan.language };
    case "parked":
      return { kind: "pause", seconds: PARKED_S, then: null };
    case "message":
      return { kind: "leave", text: plan.voicemail_message?.text ?? null, audio_url: plan.voicemail_message?.audio_url ?? null, language: plan.language };
  }
};

const isOwn = (state: BridgeCallState, nonce: string): OwnerLeg | undefined => (state.winner === nonce ? winnerOf(state) : undefined);

/**
 * What Twilio is told, given the state after the event. It depends on the state alone, so a request that Twilio
 * repeats gets the same answer.
 */
export const replyTo = (state: BridgeCallState, event: CallEvent, publicUrl: string): VoiceReply => {
  const { plan } = state;
  const { language } = plan;
  const hangUp = (text = ""): VoiceReply => ({ kind: "hang_up", text, language });

  switch (event.type) {
    case "owner_listening":
    case "owner_called_in":
    case "owner_key":
    case "menu_opened":
    case "menu_key": {
      const leg = legOf(state, event.nonce);
      return leg ? ownerReply(state, leg, publicUrl) : hangUp();
    }
    case "customer_listening": {
      const leg = isOwn(state, event.nonce);
      if (!leg || state.phase === "ended" || state.customer.attempts !== event.attempt) return hangUp();
      const { recording } = plan;
      if (!recording.enabled) return NOTHING;
      return { kind: "say", text: recording.customer_notice, language, then: recording.strict ? callbackUrls(publicUrl, plan, leg.nonce, event.attempt).noticeDone : null };
    }
    case "dial_done": {
      if (plan.direction === "inbound") return callerReply(state, publicUrl);
      const leg = isOwn(state, event.nonce) ?? legOf(state, event.nonce);
      if (!leg) return hangUp();
      // The machine's leg was parked and the owner's is being redirected: the menu is not to be heard twice.
      if (state.phase === "choosing" && state.customer.outcome === "customer_voicemail") return { kind: "pause", seconds: 4, then: callbackUrls(publicUrl, plan, leg.nonce).menu };
      return state.phase === "choosing" ? ownerReply(state, leg, publicUrl) : hangUp(farewell(state));
    }
    case "caller_listening":
    case "caller_key":
    case "message_left":
      return callerReply(state, publicUrl);
    default:
      return NOTHING;
  }
};
