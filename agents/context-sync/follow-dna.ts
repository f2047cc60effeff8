import { z } from "zod";
import type { AgentContext } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { estimateSync, type SyncEstimate } from "./estimate.ts";

/** `version`: of the layer whose writing asked for it; absent when it was the day's look. */
export const followParams = z.object({ version: z.string().max(80).optional() });

/** Makes the brand brain say what the project's DNA says now. What that will cost is said before it is asked for: in the run's progress, and in its result. A version that is not in force any more has a run of its own behind it. */
export const followDna = async ({ memory, project, dna, tools, runId, report }: AgentContext<AgentTools>, { version }: z.infer<typeof followParams>) => {
  if (version !== undefined && version !== project.dna_custom && version !== project.dna_generated) return { superseded: true };
  let estimate: SyncEstimate | null = null;
  const counts = await tools.contextOf(memory).followDna(project.id, dna, {
    holder: runId,
    version: project.dna_custom ?? project.dna_generated,
    begin: async (due) => {
      estimate = estimateSync(due, tools.clock.now());
      if (estimate.passages > 0) await report({ done: 0, total: estimate.passages, label: `passages, for some $${estimate.usd.toFixed(4)}` });
    },
    report: async ({ done, left }) => report({ done, total: done + left, label: "passages" }),
  });
  return { ...counts, estimate };
};
