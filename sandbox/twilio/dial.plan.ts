import { isE164 } from "../kit/phone.ts";
import { callEvents, methodOf, resolveUrl } from "./documents.ts";
import { ApplicationError, type DocumentSource, type Leg, type StatusCallback } from "./leg.ts";
import { detectionMode, type Detection } from "./machine-detection.ts";
import { recordingEvents, type RecordingCallback } from "./recording.ts";
import type { Verb } from "./twiml.ts";

/** One number to ring, from a <Number> or the text of a <Dial>. */
export interface DialTarget {
  readonly to: string;
  /** The document that its person hears before being bridged. */
  readonly whisper: DocumentSource | null;
  readonly statusCallback: StatusCallback | null;
  readonly detection: Detection | null;
}

export interface DialPlan {
  readonly targets: readonly DialTarget[];
  readonly from: string;
  readonly timeoutMs: number;
  readonly timeLimitS: number;
  readonly answerOnBridge: boolean;
  /** Null when nothing is recorded. From ringing or from the answer is the same here: ringing makes no sound. */
  readonly record: { readonly channels: 1 | 2; readonly callback: RecordingCallback | null } | null;
  /** Why nobody can be rung, with Twilio's code. */
  readonly problem: { readonly code: number; readonly message: string } | null;
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : otherwise;
}

function targetOf(number: Verb, baseUrl: string | null): DialTarget {
  const { attributes } = number;
  const url = attributes["url"];
  const callback = attributes["statusCallback"];
  const amd = attributes["amdStatusCallback"];
  const mode = detectionMode(attributes["machineDetection"]);
  return {
    to: number.text.replace(/[\s()-]/g, ""),
    whisper: url === undefined ? null : { kind: "url", url: resolveUrl(url, baseUrl), method: methodOf(attributes["method"]) },
    statusCallback:
      callback === undefined
        ? null
        : { url: resolveUrl(callback, baseUrl), method: methodOf(attributes["statusCallbackMethod"]), events: callEvents((attributes["statusCallbackEvent"] ?? "").split(/[\s,]+/)) },
    detection:
      mode === undefined ? null : { mode, callback: amd === undefined ? null : { url: resolveUrl(amd, baseUrl), method: methodOf(attributes["amdStatusCallbackMethod"]) } },
  };
}

function recordOf(verb: Verb, baseUrl: string | null): DialPlan["record"] {
  const wish = verb.attributes["record"] ?? "do-not-record";
  if (wish === "do-not-record" || wish === "false") return null;
  const url = verb.attributes["recordingStatusCallback"];
  return {
    channels: wish.endsWith("-dual") ? 2 : 1,
    callback:
      url === undefined
        ? null
        : {
            url: resolveUrl(url, baseUrl),
            method: methodOf(verb.attributes["recordingStatusCallbackMethod"]),
            events: recordingEvents((verb.attributes["recordingStatusCallbackEvent"] ?? "").split(/[\s,]+/)),
          },
  };
}

function problemOf(targets: readonly DialTarget[], nouns: readonly Verb[], from: string): DialPlan["problem"] {
  const strange = nouns.find((noun) => noun.name !== "Number");
  if (strange !== undefined) return { code: 12200, message: `<${strange.name}> in <Dial> is not played by this sandbox` };
  if (targets.length > 10) return { code: 12200, message: "More than ten numbers in one Dial" };
  if (!isE164(from)) return { code: 13214, message: `Invalid callerId: ${from}` };
  const invalid = targets.find((target) => !isE164(target.to));
  return invalid === undefined ? null : { code: 13223, message: `Invalid phone number format: ${invalid.to}` };
}

export function dialPlan(verb: Verb, parent: Leg, baseUrl: string | null): DialPlan {
  const { attributes } = verb;
  const nouns: readonly Verb[] = verb.children.length > 0 ? verb.children : [{ name: "Number", attributes: {}, text: verb.text, children: [] }];
  const targets = nouns.filter((noun) => noun.name === "Number").map((noun) => targetOf(noun, baseUrl));
  if (targets.length === 0 && nouns.length === 0) throw new ApplicationError(12200, "A Dial without anybody to ring");
  const from = attributes["callerId"] ?? parent.from;
  return {
    targets,
    from,
    timeoutMs: 1000 * numberOf(attributes["timeout"], 30),
    timeLimitS: numberOf(attributes["timeLimit"], 14_400),
    answerOnBridge: attributes["answerOnBridge"] === "true",
    record: recordOf(verb, baseUrl),
    problem: problemOf(targets, nouns, from),
  };
}
