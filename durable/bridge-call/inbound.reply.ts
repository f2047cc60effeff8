import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import { callbackUrls } from "./callback-urls.ts";
import { currentBatch } from "./inbound.machine.ts";

const LANGUAGE_WAIT_S = 3;
const EMERGENCY_WAIT_S = 5;
const together = (...texts: string[]): string => texts.filter((text) => text !== "").join(" ");

/** What the caller hears next, by the state alone. */
export const callerReply = (state: BridgeCallState, publicUrl: string): VoiceReply => {
  const { plan, caller } = state;
  const { inbound, recording } = plan;
  const spoken = inbound?.languages[caller?.language ?? 0] ?? inbound?.languages[0];
  if (inbound === null || caller === null || !spoken) return { kind: "hang_up", text: "", language: plan.language };
  const { language } = spoken;
  const notice = recording.enabled ? spoken.notice : "";
  const own = callbackUrls(publicUrl, plan, caller.nonce);
  const isFirst = state.legs.length <= currentBatch(state).length;
  switch (state.phase) {
    case "greeting":
      if (caller.menu === "language") {
        const offers = inbound.languages.slice(1).map((choice) => ({ text: choice.offer, language: choice.language }));
        return { kind: "choose", texts: [{ text: spoken.greeting, language }, ...offers], action: own.callerKey("language"), keypress_timeout_s: LANGUAGE_WAIT_S };
      }
      return { kind: "choose", texts: [{ text: together(spoken.closed_greeting, inbound.emergency_offer ?? ""), language }], action: own.callerKey("emergency"), keypress_timeout_s: EMERGENCY_WAIT_S };
    case "reaching":
    case "connected": {
      const batch = currentBatch(state);
      // With several languages the greeting was heard before the choice.
      const greeting = inbound.languages.length > 1 && language === inbound.languages[0]?.language ? "" : spoken.greeting;
      return {
        kind: "forward",
        text: isFirst ? together(greeting, notice) : "",
        language,
        caller_id: plan.from,
        ring_timeout_s: plan.ring_timeout_s,
        time_limit_s: plan.max_call_s,
        action: callbackUrls(publicUrl, plan, batch[0]?.nonce ?? caller.nonce).dialDone,
        recording_callback: recording.enabled && !recording.strict ? own.recording : null,
        numbers: batch.map((leg) => {
          const urls = callbackUrls(publicUrl, plan, leg.nonce);
          return { to: leg.phone, whisper_url: urls.whisper, status_callback: urls.ownerStatus };
        }),
      };
    }
    case "voicemail": {
      const closed = state.legs.length === 0 ? together(spoken.closed_greeting === "" ? spoken.greeting : spoken.closed_greeting) : "";
      return { kind: "record", text: together(closed, state.legs.length === 0 ? notice : "", spoken.voicemail_prompt), language, max_s: inbound.message_max_s, action: own.messageDone, recording_callback: own.recording };
    }
    default:
      return { kind: "hang_up", text: "", language };
  }
};
