import { z } from "zod";
import { firstId } from "../../core/ids.ts";
import type { AgentContext } from "../../core/kernel/agent.ts";
import { forgetHunts } from "../lead-gen/hunt/progress.ts";
import type { AgentTools } from "../tools.ts";
import { deleteAtTwilio, deleteRecordings } from "./erasers.ts";

export const retainParams = z.object({ day: z.string() });

const DAY_MS = 86_400_000;
const STEPS = 3;
/** As long as a post may still be the same job's (SAME_JOB_MS): by then nobody mends keywords by it. */
const HUNTS_DAYS = 90;

/**
 * What a project keeps no longer than its DNA says goes: audio (at Twilio too), transcripts, leads that nothing has happened to; and what hunts have
 * left out.
 * Page by page and oldest first; what an interrupted run has done is done.
 */
export const retain = async (context: AgentContext<AgentTools>, _: z.infer<typeof retainParams>) => {
  const { memory, project, dna, tools, runId, report } = context;
  const { retention } = memory;
  const before = (days: number): number => tools.clock.now() - days * DAY_MS;
  const { recordings_days, transcripts_days, leads_days } = dna.retention;
  const counts = { recordings: 0, transcripts: 0, learned: 0, leads: 0, hunts: 0 };

  if (recordings_days !== undefined) {
    for (let page = await retention.oldRecordings(project.id, before(recordings_days), ""); page.length > 0; page = await retention.oldRecordings(project.id, before(recordings_days), page.at(-1)?.call_id ?? "")) {
      const traces = { entity_id: "", calls: page };
      await deleteAtTwilio(context, traces);
      await deleteRecordings(context, traces);
      await retention.forgetRecordings(page);
      counts.recordings += page.length;
    }
  }
  await report({ done: 1, total: STEPS, label: "recordings" });

  if (transcripts_days !== undefined) {
    // What was learned from them first: it is found by the calls' age, so that an interrupted run finds the rest.
    const brain = tools.contextOf(memory);
    await brain.removeCallsBefore(project.id, before(transcripts_days));
    counts.learned = await brain.clear(project.id, { holder: runId });
    for (let page = await retention.forgetTranscripts(project.id, before(transcripts_days), ""); page !== null; page = await retention.forgetTranscripts(project.id, before(transcripts_days), page.last)) counts.transcripts += page.calls;
  }
  await report({ done: 2, total: STEPS, label: "transcripts" });

  if (leads_days !== undefined) {
    for (let page = await retention.oldLeads(project.id, before(leads_days), ""); page.length > 0; page = await retention.oldLeads(project.id, before(leads_days), page.at(-1) ?? "")) {
      // Each erasure is a run of its own, in the same batch; the sweep queues it.
      for (const id of page) await memory.erasure.begin(id, 0);
      counts.leads += page.length;
    }
  }
  counts.hunts = await forgetHunts(tools.storage, memory.tenantId, firstId("run", before(Math.min(leads_days ?? HUNTS_DAYS, HUNTS_DAYS))));
  await report({ done: STEPS, total: STEPS, label: "leads" });
  return counts;
};
