import VoiceResponse from "twilio/lib/twiml/VoiceResponse.js";

/** What to say to Twilio when it asks how a call goes on. The edge turns it into TwiML; nothing below knows XML. */
export type VoiceReply =
  /** Speak, and wait for one key; without a key the call ends (a machine that answers never presses one). */
  | { kind: "ask"; text: string; language: string; action: string; keypress_timeout_s: number }
  | {
      kind: "connect";
      /** Said to the person on this leg before the other phone rings; "" for nothing. */
      text: string;
      language: string;
      to: string;
      caller_id: string;
      ring_timeout_s: number;
      time_limit_s: number;
      /** Heard by the other person alone, before the two are joined. */
      notice_url: string;
      status_callback: string;
      action: string;
      /** Null: the recording is not started by TwiML. */
      recording_callback: string | null;
    }
  /** Speak and fall off the end of the document: on a dialled number's own document that joins the two. */
  | { kind: "say"; text: string; language: string; then: string | null }
  | { kind: "hang_up"; text: string; language: string }
  | { kind: "nothing" };

type Language = Parameters<VoiceResponse["say"]>[0] extends infer T ? (T extends { language?: infer L } ? L : never) : never;

/** Escapes by construction: the texts come from forms. */
export const renderTwiml = (reply: VoiceReply): string => {
  const response = new VoiceResponse();
  const say = (target: { say: VoiceResponse["say"] }, text: string, language: string): void => {
    if (text !== "") target.say({ language: language as Language }, text);
  };
  switch (reply.kind) {
    case "ask": {
      const gather = response.gather({ input: ["dtmf"], numDigits: 1, timeout: reply.keypress_timeout_s, action: reply.action, method: "POST" });
      gather.say({ language: reply.language as Language }, reply.text);
      response.hangup();
      break;
    }
    case "connect": {
      say(response, reply.text, reply.language);
      const dial = response.dial({
        callerId: reply.caller_id,
        timeout: reply.ring_timeout_s,
        timeLimit: reply.time_limit_s,
        answerOnBridge: true,
        action: reply.action,
        method: "POST",
        ...(reply.recording_callback === null
          ? {}
          : {
              record: "record-from-answer-dual" as const,
              recordingStatusCallback: reply.recording_callback,
              recordingStatusCallbackMethod: "POST",
              recordingStatusCallbackEvent: ["completed" as const, "absent" as const],
            }),
      });
      dial.number(
        {
          url: reply.notice_url,
          method: "POST",
          statusCallback: reply.status_callback,
          statusCallbackMethod: "POST",
          statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
        },
        reply.to,
      );
      break;
    }
    case "say":
      say(response, reply.text, reply.language);
      if (reply.then !== null) response.redirect({ method: "POST" }, reply.then);
      break;
    case "hang_up":
      say(response, reply.text, reply.language);
      response.hangup();
      break;
    case "nothing":
      break;
  }
  return response.toString();
};
