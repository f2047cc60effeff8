import type { AgentContext } from "../../core/kernel/agent.ts";
import type { Call } from "../../core/memory/calls.store.ts";
import type { AgentTools } from "../tools.ts";

/** A recording that is not there a day after it was asked for will not be there any more. */
const PATIENCE_MS = 86_400_000;

/**
 * The call with its recording. Where nobody has told of one, because the callback was lost, Twilio is asked: of several the longest is
 * the call's. @returns null while Twilio is still making it; a call for which there is none comes back as it was
 */
export const withRecording = async ({ memory, tools, queuedAt }: AgentContext<AgentTools>, call: Call): Promise<Call | null> => {
  if (call.recording_sid !== null || call.call_sid === null) return call;
  const listed = (await tools.twilioOf(memory.tenantId, call.account_sid).listRecordings(call.call_sid)).filter(({ status }) => status !== "absent");
  if (listed.some(({ status }) => status !== "completed") && tools.clock.now() - queuedAt < PATIENCE_MS) return null;
  const [longest] = listed.filter(({ status }) => status === "completed").toSorted((a, b) => b.duration - a.duration);
  return longest === undefined ? call : memory.calls.setRecording(call.id, { sid: longest.sid, duration_s: longest.duration });
};
