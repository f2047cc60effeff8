import { z } from "zod";
import { type AgentContext, action, later } from "../../core/kernel/agent.ts";
import { type Part, startParts } from "../../core/kernel/parts.ts";
import type { AgentTools } from "../tools.ts";

type Context = AgentContext<AgentTools>;

const params = z.object({
  platforms: z.array(z.string().min(1).max(60)).min(1).max(20).optional(),
  keywords: z.array(z.string().min(1).max(120)).max(100).optional(),
  max_pages: z.number().int().min(1).max(50).optional(),
});

/** The last part wakes the run; this is for when it could not. */
const LOOK_AGAIN_MS = 600_000;
/** One hunt rings and texts about so many leads at most, the best first; the next takes the others. */
const MOST_ACTIONS = 50;
/** Of what was found earlier nobody is rung: a threshold that was lowered is no reason to ring about last month's posts. */
const FRESH_MS = 86_400_000;

const isOver = ({ status }: { status: string }): boolean => status !== "queued" && status !== "running";

/** Starts parts, and looks whether those of a stage are over. A stage's parts are known by the beginning of their keys. */
const stageOf = async (context: Context, stage: string) => {
  const { runId, memory } = context;
  const all = (await memory.runs.parts(runId)).filter((part) => part.idempotency_key?.startsWith(`hunt:${runId}:${stage}:`) === true);
  return { all, begun: all.length > 0, open: all.filter((part) => !isOver(part)).length };
};

const begin = async ({ runId, memory, project, tools }: Context, stage: string, parts: (Omit<Part, "key"> & { name: string })[]): Promise<void> => {
  await startParts({ runId, projectId: project.id, memory, tools }, parts.map(({ name, ...part }) => ({ ...part, key: `hunt:${runId}:${stage}:${name}` })));
};

const foundSchema = z.looseObject({ joined: z.array(z.string()).optional() });
/** Of leads that were posted again; what one run of the scorer takes. */
const MOST_AGAIN = 1000;
const resultOf = ({ all }: Awaited<ReturnType<typeof stageOf>>) => all.map(({ status, result, error }) => (status === "succeeded" ? result : { status, error }));

/**
 * A whole hunt: reading and saving, scoring, and what follows from the scores, each stage in parts of its own. Where it stands is which
 * parts there are, so that a run that dies goes on where it was. A stage that fails does not keep what there is from the next.
 * @returns `{scrape, score, act}`: what each stage's parts gave, or how they failed
 */
export const huntSniper = action<AgentTools, typeof params>(params, async (context, asked) => {
  const { memory, project, dna, tools, report } = context;
  const scrape = await stageOf(context, "scrape");
  if (!scrape.begun) {
    await begin(context, "scrape", [{ name: "all", task: "sniper_agent", action: null, params: asked }]);
    await report({ done: 0, total: 3, label: "reading" });
  }
  if (!scrape.begun || scrape.open > 0) return later(LOOK_AGAIN_MS);

  const score = await stageOf(context, "score");
  if (!score.begun) {
    // What was found anew, and what was posted again with other words: where nothing changed, scoring it costs nothing.
    const again = [...new Set(scrape.all.flatMap(({ result }) => foundSchema.safeParse(result).data?.joined ?? []))].slice(0, MOST_AGAIN);
    const parts = [{ name: "unscored", params: {} }, ...(again.length > 0 ? [{ name: "again", params: { lead_ids: again } }] : [])];
    await begin(context, "score", parts.map((part) => ({ ...part, task: "lead_scorer", action: "score" })));
    await report({ done: 1, total: 3, label: "scoring" });
  }
  if (!score.begun || score.open > 0) return later(LOOK_AGAIN_MS);

  const act = await stageOf(context, "act");
  const worth = await memory.leadScores.overThreshold(project.id, dna.modules.lead_gen.scoring.score_threshold, tools.clock.now() - FRESH_MS, MOST_ACTIONS);
  // Asked again each time: parts may have been begun in part only. One whose part has failed is not begun again.
  const begun = new Set(act.all.map(({ idempotency_key }) => idempotency_key?.split(":").at(-1)));
  const missing = worth.filter(({ id }) => !begun.has(id)).slice(0, Math.max(0, MOST_ACTIONS - act.all.length));
  if (missing.length > 0) {
    await begin(context, "act", missing.map(({ id }) => ({ name: id, task: "lead_gen_manager", action: "act_on_lead", params: { lead_id: id } })));
    await report({ done: 2, total: 3, label: "calling" });
    return later(LOOK_AGAIN_MS);
  }
  if (act.open > 0) return later(LOOK_AGAIN_MS);
  await report({ done: 3, total: 3, label: "done" });
  return { scrape: resultOf(scrape)[0] ?? null, score: resultOf(score), act: resultOf(act) };
});
