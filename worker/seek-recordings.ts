import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { Services } from "./services.ts";

const log = logger("metering");

export interface SeekTools {
  memory: Pick<Services["memory"], "for">;
  dna: Pick<Services["dna"], "load">;
  jobs: Pick<Services["jobs"], "submit">;
}

/** Where the DNA cannot be read now it is taken to say so: the run reads it again, with time for more than one attempt. */
const saysToRecord = async ({ dna }: SeekTools, store: TenantMemory, projectId: string): Promise<boolean> => {
  try {
    return (await dna.load(await store.projects.get(projectId))).modules.lead_gen.sales_bridge.recording.enabled;
  } catch (error) {
    log.error("whether a project records is not known", { tenant_id: store.tenantId, project_id: projectId, error: describeError(error) });
    return true;
  }
};

/**
 * Twilio tells of a recording by one callback, which it repeats three times within seconds: a database that is away for longer misses it. So a
 * conversation that is over, should have been recorded, and has no recording is asked after, by the run that would have fetched it. The
 * key makes it one run a call, whatever dies in between; it bears the name of the request that the call came from.
 * A call that cannot be asked after is in the log, and keeps neither another from it nor any out of the ledger.
 */
export const seekRecordings = async (tools: SeekTools, store: TenantMemory, ids: readonly string[]): Promise<void> => {
  const recorded = new Map<string, boolean>();
  for (const { id, project_id, request_id } of await store.calls.withoutRecording(ids)) {
    const isRecorded = recorded.get(project_id) ?? (await saysToRecord(tools, store, project_id));
    recorded.set(project_id, isRecorded);
    if (!isRecorded) continue;
    try {
      await tools.jobs.submit(tools.memory.for(store.tenantId, systemActor("metering", request_id)), { project_id, task: "lead_gen_manager", action: "transcribe_call", params: { call_id: id }, idempotency_key: `seek_recording:${id}` });
    } catch (error) {
      log.error("recording not asked after", { tenant_id: store.tenantId, project_id, call_id: id, error: describeError(error) });
    }
  }
};
