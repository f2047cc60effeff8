import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { BridgeCallState, CallEvent } from "./bridge-call.types.ts";
import { currentLeg } from "./transition.ts";

/** Where Twilio reports what becomes of one attempt. The query names the call and the attempt (and the lead, for whoever searches a log); Twilio's signature covers it. */
export const callbackUrls = (publicUrl: string, plan: BridgeCallState["plan"], nonce: string) => {
  const query = new URLSearchParams({ tenant: plan.tenant_id, project: plan.project_id, lead: plan.lead_id, call: plan.call_id, leg: nonce }).toString();
  const to = (path: string): string => `${publicUrl}/api/voice/${path}?${query}`;
  return {
    whisper: to("whisper"),
    key: to("connect"),
    ownerStatus: to("status"),
    customerStatus: to("customer-status"),
    notice: to("notice"),
    noticeDone: to("notice-done"),
    dialDone: to("dial-done"),
    recording: to("recording-status"),
  };
};

const NOTHING: VoiceReply = { kind: "nothing" };

const afterDial = (state: BridgeCallState): string => {
  switch (state.end_reason) {
    case "customer_busy":
      return "Their line is busy. We have sent you their number.";
    case "customer_no_answer":
    case "invalid_number":
    case "carrier_failed":
      return "They could not be reached. We have sent you their number.";
    default:
      return "";
  }
};

/**
 * What Twilio is told, given the state after the event. It depends on the state alone, so a request that Twilio
 * repeats gets the same answer.
 */
export const replyTo = (state: BridgeCallState, event: CallEvent, publicUrl: string): VoiceReply => {
  const { plan } = state;
  const { language } = plan;
  const leg = currentLeg(state);
  const hangUp = (text = ""): VoiceReply => ({ kind: "hang_up", text, language });
  const isCurrent = "nonce" in event && leg?.nonce === event.nonce;

  switch (event.type) {
    case "owner_listening":
    case "owner_key": {
      if (!isCurrent) return hangUp();
      const urls = callbackUrls(publicUrl, plan, leg.nonce);
      if (state.phase === "owner_answered") {
        return { kind: "ask", text: plan.whisper, language, action: urls.key, keypress_timeout_s: plan.keypress_timeout_s };
      }
      if (event.type === "owner_key" && event.digit === "1" && (state.phase === "ringing_customer" || state.phase === "connected")) {
        const { recording } = plan;
        return {
          kind: "connect",
          text: recording.enabled ? `Connecting. ${recording.owner_notice}` : "Connecting.",
          language,
          to: plan.customer.phone,
          caller_id: plan.from,
          ring_timeout_s: plan.customer_ring_timeout_s,
          time_limit_s: plan.max_call_s,
          notice_url: urls.notice,
          status_callback: urls.customerStatus,
          action: urls.dialDone,
          recording_callback: recording.enabled && !recording.strict ? urls.recording : null,
        };
      }
      return hangUp();
    }
    case "customer_listening": {
      if (!isCurrent || state.phase === "ended") return hangUp();
      const { recording } = plan;
      if (!recording.enabled) return NOTHING;
      return { kind: "say", text: recording.customer_notice, language, then: recording.strict ? callbackUrls(publicUrl, plan, leg.nonce).noticeDone : null };
    }
    case "dial_done":
      return hangUp(isCurrent ? afterDial(state) : "");
    default:
      return NOTHING;
  }
};
