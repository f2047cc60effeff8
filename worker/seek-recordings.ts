import { systemActor } from "../core/memory/actor.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { Services } from "./services.ts";

export interface SeekTools {
  memory: Pick<Services["memory"], "for">;
  dna: Pick<Services["dna"], "load">;
  jobs: Pick<Services["jobs"], "submit">;
}

/**
 * Twilio tells of a recording by one callback, which it repeats three times within seconds: a database that is away for longer misses it. So a
 * conversation that is over, should have been recorded, and has no recording is asked after, by the run that would have fetched it. The
 * key makes it one run a call, whatever dies in between; it bears the name of the request that the call came from.
 */
export const seekRecordings = async ({ memory, dna, jobs }: SeekTools, store: TenantMemory, ids: readonly string[]): Promise<void> => {
  const recorded = new Map<string, boolean>();
  for (const { id, project_id, request_id } of await store.calls.withoutRecording(ids)) {
    const isRecorded = recorded.get(project_id) ?? (await dna.load(await store.projects.get(project_id))).modules.lead_gen.sales_bridge.recording.enabled;
    recorded.set(project_id, isRecorded);
    if (isRecorded) await jobs.submit(memory.for(store.tenantId, systemActor("metering", request_id)), { project_id, task: "lead_gen_manager", action: "transcribe_call", params: { call_id: id }, idempotency_key: `seek_recording:${id}` });
  }
};
