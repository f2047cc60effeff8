import { chunked } from "../../../core/chunked.ts";
import { z } from "zod";
import { type Agent, type AgentContext, action, later } from "../../../core/kernel/agent.ts";
import { startParts } from "../../../core/kernel/parts.ts";
import type { AgentTools } from "../../tools.ts";
import { estimateScoring } from "./estimate.ts";
import { scoreLeads } from "./score-leads.ts";

/** Leads of one part: five questions. */
const LEADS_A_PART = 50;
/** Leads of one run; what is left, the next one takes. */
const LEADS_A_RUN = 1000;
/** The last part wakes the run; this is for when it could not. */
const LOOK_AGAIN_MS = 600_000;

const LABEL = "leads scored, by fifties";

const leadIds = z.array(z.string().min(1).max(80)).min(1).max(LEADS_A_RUN);
const params = z.object({
  /** Default: every found lead that has no score. */
  lead_ids: leadIds.optional(),
  /** All found leads once more, after weights, rules or the business have changed. What rests on the same words and business costs nothing. */
  rescore: z.boolean().default(false),
});
const partParams = z.object({ lead_ids: leadIds.max(LEADS_A_PART) });

const leadsToScore = async ({ memory, project }: Pick<AgentContext<AgentTools>, "memory" | "project">, { lead_ids, rescore }: z.infer<typeof params>): Promise<string[]> => {
  if (lead_ids !== undefined) return [...new Set(lead_ids)];
  return rescore ? memory.leadScores.found(project.id, undefined, LEADS_A_RUN) : memory.leadScores.unscored(project.id, "", LEADS_A_RUN);
};

const countsSchema = z.object({ not_found: z.number(), scored: z.number(), by_rules: z.number(), by_model: z.number(), reused: z.number(), unanswered: z.number() });

/**
 * Scores leads in parts of fifty, each a run of its own that is tried again on its own. When all are over, their figures are the result.
 * @returns `{scored, by_rules, by_model, reused, unanswered, not_found, failed_parts}`; `unanswered`: a model was asked in vain, the lead has no score
 */
const score = action<AgentTools, typeof params>(params, async ({ runId, memory, project, tools, report }, asked) => {
  const started = await memory.runs.parts(runId);
  if (started.length === 0) {
    const ids = await leadsToScore({ memory, project }, asked);
    const chunks = chunked(ids, LEADS_A_PART);
    await startParts({ runId, projectId: project.id, memory, tools }, chunks.map((lead_ids) => ({ task: "lead_scorer", action: "score_part", params: { lead_ids }, key: `score:${runId}:${lead_ids[0] ?? ""}` })));
    await report({ done: 0, total: chunks.length, label: LABEL, steps: "parts" });
    if (chunks.length > 0) return later(LOOK_AGAIN_MS);
  }
  const over = started.filter(({ status }) => status !== "queued" && status !== "running");
  await report({ done: over.length, total: started.length, label: LABEL, steps: "parts" });
  if (over.length < started.length) return later(LOOK_AGAIN_MS);
  const counts = over.flatMap(({ result }) => countsSchema.safeParse(result).data ?? []);
  const sum = (name: keyof (typeof counts)[number]): number => counts.reduce((total, one) => total + one[name], 0);
  return { scored: sum("scored"), by_rules: sum("by_rules"), by_model: sum("by_model"), reused: sum("reused"), unanswered: sum("unanswered"), not_found: sum("not_found"), failed_parts: over.length - counts.length };
});

/** What `score` with the same words would come to. */
const estimate = action<AgentTools, typeof params>(params, async ({ memory, project, dna, tools }, asked) => {
  const leads = [];
  for (const ids of chunked(await leadsToScore({ memory, project }, asked), LEADS_A_PART)) leads.push(...(await memory.leadScores.among(project.id, ids)));
  return estimateScoring(leads, dna, tools.clock.now());
});

const scorePart = action<AgentTools, typeof partParams>(partParams, async ({ runId, memory, project, dna, tools }, { lead_ids }) => {
  const leads = await memory.leadScores.among(project.id, lead_ids);
  const counts = await scoreLeads({ memory, gateway: tools.gatewayOf(memory, project.id, runId), clock: tools.clock, runId }, leads, dna);
  return { not_found: lead_ids.length - leads.length, ...counts };
});

export const leadScorer: Agent<AgentTools> = {
  task: "lead_scorer",
  defaultAction: "score",
  actions: { score, estimate, score_part: scorePart },
};
