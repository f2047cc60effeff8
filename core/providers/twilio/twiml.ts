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
      /** Whether Twilio says who picked up, and where. */
      detect_machine: { mode: "Enable" | "DetectMessageEnd"; callback: string } | null;
      action: string;
      /** Null: the recording is not started by TwiML. */
      recording_callback: string | null;
    }
  /** Speak in several languages, and wait for one key; without one, `action` is asked all the same. */
  | { kind: "choose"; texts: { text: string; language: string }[]; action: string; keypress_timeout_s: number }
  /** Ring people of the business on the caller's leg; each hears a document of their own before the two are joined. */
  | {
      kind: "forward";
      text: string;
      language: string;
      caller_id: string;
      ring_timeout_s: number;
      time_limit_s: number;
      action: string;
      recording_callback: string | null;
      numbers: { to: string; whisper_url: string; status_callback: string }[];
    }
  /** Take a message. */
  | { kind: "record"; text: string; language: string; max_s: number; action: string; recording_callback: string }
  /** Speak or play, then hang up. */
  | { kind: "leave"; text: string | null; audio_url: string | null; language: string }
  /** Keep the line, then go on with another document. */
  | { kind: "pause"; seconds: number; then: string | null }
  /** Do not answer at all. */
  | { kind: "reject" }
  /** Speak and fall off the end of the document: on a dialled number's own document that joins the two. */
  | { kind: "say"; text: string; language: string; then: string | null }
  | { kind: "hang_up"; text: string; language: string }
  | { kind: "nothing" };

type Language = Parameters<VoiceResponse["say"]>[0] extends infer T ? (T extends { language?: infer L } ? L : never) : never;

const recorded = (callback: string | null) =>
  callback === null
    ? {}
    : {
        record: "record-from-answer-dual" as const,
        recordingStatusCallback: callback,
        recordingStatusCallbackMethod: "POST",
        recordingStatusCallbackEvent: ["completed" as const, "absent" as const],
      };

const reported = (callback: string) => ({
  statusCallback: callback,
  statusCallbackMethod: "POST",
  statusCallbackEvent: ["initiated" as const, "ringing" as const, "answered" as const, "completed" as const],
});

const SILENCE_ENDS_MESSAGE_S = 5;

/** Escapes by construction: the texts come from forms. */
export const renderTwiml = (reply: VoiceReply): string => {
  const response = new VoiceResponse();
  const say = (target: { say: VoiceResponse["say"] }, text: string, language: string): void => {
    if (text !== "") target.say({ language: language as Language }, text);
  };
  const dialed = (of: Extract<VoiceReply, { kind: "connect" | "forward" }>) => {
    say(response, of.text, of.language);
    return response.dial({
      callerId: of.caller_id,
      timeout: of.ring_timeout_s,
      timeLimit: of.time_limit_s,
      answerOnBridge: true,
      action: of.action,
      method: "POST",
      ...recorded(of.recording_callback),
    });
  };
  switch (reply.kind) {
    case "ask": {
      const gather = response.gather({ input: ["dtmf"], numDigits: 1, timeout: reply.keypress_timeout_s, action: reply.action, method: "POST" });
      gather.say({ language: reply.language as Language }, reply.text);
      response.hangup();
      break;
    }
    case "connect": {
      const dial = dialed(reply);
      dial.number(
        {
          url: reply.notice_url,
          method: "POST",
          ...reported(reply.status_callback),
          ...(reply.detect_machine === null
            ? {}
            : { machineDetection: reply.detect_machine.mode, amdStatusCallback: reply.detect_machine.callback, amdStatusCallbackMethod: "POST" }),
        },
        reply.to,
      );
      break;
    }
    case "choose": {
      const gather = response.gather({ input: ["dtmf"], numDigits: 1, timeout: reply.keypress_timeout_s, action: reply.action, method: "POST", actionOnEmptyResult: true });
      for (const { text, language } of reply.texts) say(gather, text, language);
      break;
    }
    case "forward": {
      const dial = dialed(reply);
      for (const { to, whisper_url, status_callback } of reply.numbers) dial.number({ url: whisper_url, method: "POST", ...reported(status_callback) }, to);
      break;
    }
    case "record":
      say(response, reply.text, reply.language);
      response.record({
        maxLength: reply.max_s,
        timeout: SILENCE_ENDS_MESSAGE_S,
        playBeep: true,
        finishOnKey: "#",
        trim: "trim-silence",
        action: reply.action,
        method: "POST",
        recordingStatusCallback: reply.recording_callback,
        recordingStatusCallbackMethod: "POST",
        recordingStatusCallbackEvent: ["completed", "absent"],
      });
      response.hangup();
      break;
    case "leave":
      if (reply.audio_url !== null) response.play(reply.audio_url);
      else say(response, reply.text ?? "", reply.language);
      response.hangup();
      break;
    case "pause":
      response.pause({ length: reply.seconds });
      if (reply.then === null) response.hangup();
      else response.redirect({ method: "POST" }, reply.then);
      break;
    case "reject":
      response.reject({ reason: "rejected" });
      break;
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
