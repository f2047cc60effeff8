import { z } from "zod";
import type { AgentContext } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { deleteAtTwilio, deleteRecordings } from "./erasers.ts";

export const deleteRecordingParams = z.object({ call_id: z.string().min(1).max(80) });

/** Takes one call's audio away, at Twilio first, since from there it could be fetched again. Interrupted, it does what is left. The transcript stays. */
export const deleteRecording = async (context: AgentContext<AgentTools>, { call_id }: z.infer<typeof deleteRecordingParams>) => {
  const { retention } = context.memory;
  const found = await retention.recordingOf(call_id);
  if (found.length === 0) return { call_id, deleted: false };
  const traces = { entity_id: "", calls: found };
  await deleteAtTwilio(context, traces);
  await deleteRecordings(context, traces);
  await retention.forgetRecordings(found, "recording.deleted");
  return { call_id, deleted: true };
};
