import type { CallbackTools } from "./callback-line.ts";
import type { Leg } from "./leg.ts";
import type { Params } from "./signature.ts";
import { newIdempotencyToken } from "./webhooks.ts";

/** What is asked of machine detection, from a call's parameters or a Number's attributes. */
export interface Detection {
  readonly mode: "Enable" | "DetectMessageEnd";
  /** Where an asynchronous result goes; null when the document waits for it instead. */
  readonly callback: { readonly url: string; readonly method: "GET" | "POST" } | null;
}

export function detectionMode(text: string | undefined): Detection["mode"] | undefined {
  return text === "Enable" || text === "DetectMessageEnd" ? text : undefined;
}

/** A human is told quickly, a machine by its long greeting, the end of the greeting only then. */
function detectionMs(leg: Leg, mode: Detection["mode"]): number {
  if (!leg.behaviour.machine) return 300;
  return mode === "Enable" ? 800 : 1500;
}

function verdict(leg: Leg, mode: Detection["mode"]): string {
  if (!leg.behaviour.machine) return "human";
  return mode === "Enable" ? "machine_start" : "machine_end_beep";
}

/** Sets `answeredBy`; the asynchronous form posts it and lets the call go on meanwhile. */
export async function detectMachine(leg: Leg, detection: Detection, authToken: string, tools: CallbackTools): Promise<void> {
  const ms = detectionMs(leg, detection.mode);
  const { callback } = detection;
  if (callback === null) {
    await tools.clock.wait(ms, leg.control.signal);
    leg.talkedMs += ms;
    leg.answeredBy = verdict(leg, detection.mode);
    return;
  }
  const later = async (): Promise<void> => {
    await tools.clock.wait(ms);
    if (leg.endAt !== null) return;
    leg.answeredBy = verdict(leg, detection.mode);
    const params: Params = [["CallSid", leg.sid], ["AccountSid", leg.accountSid], ["AnsweredBy", leg.answeredBy], ["MachineDetectionDuration", String(ms)]];
    leg.callbacks.send(
      { purpose: "amd-status", ...callback, params, authToken, idempotencyToken: newIdempotencyToken(), about: { call_sid: leg.sid, event: "amd" } },
      "amd",
    );
  };
  tools.activity.track(later().catch(() => undefined));
}
