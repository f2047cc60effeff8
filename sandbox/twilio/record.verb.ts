import { cutAt, planMessage, secondsOf } from "../audio/dialogue.ts";
import { SAMPLE_RATE } from "../audio/wav.ts";
import { partyAt } from "./conversation.ts";
import { methodOf, resolveUrl } from "./documents.ts";
import { NEXT, type Step, type VerbHandler } from "./interpreter.ts";
import { PersonHungUp, type Leg } from "./leg.ts";
import { recordingEvents, type RecordingCallback } from "./recording.ts";
import type { Recordings } from "./recordings.ts";
import type { Params } from "./signature.ts";
import type { Verb } from "./twiml.ts";

/** Leaving a message takes less waiting than its sound lasts. */
const SPEAKING_MS = 1500;

function callbackOf(verb: Verb, baseUrl: string | null): RecordingCallback | null {
  const url = verb.attributes["recordingStatusCallback"];
  if (url === undefined) return null;
  return {
    url: resolveUrl(url, baseUrl),
    method: methodOf(verb.attributes["recordingStatusCallbackMethod"]),
    events: recordingEvents((verb.attributes["recordingStatusCallbackEvent"] ?? "").split(/[\s,]+/)),
  };
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && value > 0 ? value : otherwise;
}

function speaker(leg: Leg): "owner" | "customer" | "machine" {
  return partyAt(leg, leg);
}

/** Voicemail. A person who leaves a message hangs up afterwards or presses #; one who says nothing makes it go on to the next verb. */
export function recordVerb(recordings: Recordings): VerbHandler {
  return async (verb, context): Promise<Step> => {
    const { leg, interpreter, document } = context;
    interpreter.answer(leg);
    const recording = recordings.start(leg, { source: "RecordVerb", channels: 1, track: "inbound", callback: callbackOf(verb, document.baseUrl) });
    if (leg.behaviour.message === "silent") {
      try {
        await interpreter.wait(leg, 1000 * positive(verb.attributes["timeout"], 5));
      } finally {
        recordings.stop(recording, null, true);
      }
      return NEXT;
    }
    const message = cutAt(planMessage(`${leg.from}/${leg.to}`, speaker(leg)), Math.round(SAMPLE_RATE * positive(verb.attributes["maxLength"], 3600)));
    try {
      await interpreter.clock.wait(SPEAKING_MS, leg.control.signal);
      leg.talkedMs += secondsOf(message) * 1000;
      recordings.spoke(recording, message);
    } finally {
      recordings.stop(recording, null);
    }
    const presses = leg.behaviour.message === "leaves-and-presses";
    const params: Params = [
      ["RecordingUrl", recordings.urlOf(recording)],
      ["RecordingSid", recording.sid],
      ["RecordingDuration", String(recording.durationS ?? 0)],
      ["Digits", presses ? "#" : "hangup"],
    ];
    if (presses) return interpreter.action(verb, context, params);
    const action = verb.attributes["action"] ?? document.baseUrl;
    if (action !== null) await interpreter.documents.notify(leg, resolveUrl(action, document.baseUrl), methodOf(verb.attributes["method"]), params);
    throw new PersonHungUp();
  };
}
