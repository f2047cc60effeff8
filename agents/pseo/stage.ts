import { z } from "zod";
import { type AgentContext, later } from "../../core/kernel/agent.ts";
import { type Part, startParts } from "../../core/kernel/parts.ts";
import { createCheckpoints } from "../onboarding/checkpoints.ts";
import type { AgentTools } from "../tools.ts";
import { getPage, type Page } from "./page.ts";
import { type PageStatus, pageMetadataSchema } from "./page.schemas.ts";

/*
 * What stages of the pipeline have in common that work on one page after another: each page is a part (a run) of its own, tried again
 * and given up on its own, and started once for each turn that the page is in.
 */

export const stageParams = z.object({
  ids: z.array(z.string().regex(/^ent_[a-z0-9]{1,60}$/, "must be an entity's id")).min(1).max(5000).optional().describe("Pages; default: all that are due"),
  limit: z.number().int().min(1).max(5000).optional().describe("At most so many, those first that are worth most"),
});
export type StageParams = z.infer<typeof stageParams>;

export interface Stage {
  task: string;
  /** Statuses in which a page waits for this stage. */
  due: readonly PageStatus[];
  /** What tells one turn of a page from the next, e.g. which draft it is. */
  turnOf: (page: Pick<Page, "metadata">) => string;
  /** Does one page that is due. Safe to repeat. */
  work: (context: AgentContext<AgentTools>, page: Page) => Promise<Record<string, unknown>>;
}

/** Parts wake their parent when the last of them ends; this is for when that got lost. */
const LOOK_AGAIN_MS = 60_000;
const startedSchema = z.object({ ids: z.array(z.string()) });

const partsOf = async ({ task, due, turnOf }: Stage, { memory, project }: AgentContext<AgentTools>, { ids, limit }: StageParams): Promise<(Part & { page: string })[]> => {
  const found: { id: string; value: number; turn: string }[] = [];
  const take = (id: string, raw: unknown): void => {
    const metadata = pageMetadataSchema.safeParse(raw).data;
    if (metadata && due.includes(metadata.status)) found.push({ id, value: metadata.expected_value, turn: turnOf({ metadata }) });
  };
  if (ids !== undefined) {
    for (const entity of await memory.keyed.withIds(ids)) if (entity.entity_type === "page" && entity.project_id === project.id) take(entity.id, entity.metadata);
  } else {
    for (const status of due) for await (const rows of memory.keyed.each(project.id, "page", { status })) for (const { id, metadata } of rows) take(id, metadata);
  }
  return found
    .toSorted((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id, turn }) => ({ page: id, task, action: null, params: { ids: [id] }, key: `${task}:${id}:${turn}` }));
};

/** Parts whose key is known already: one that is over left its page where it was, so it is done again; one that is under way is left to it. */
const startAgain = async (context: AgentContext<AgentTools>, parts: readonly Part[]): Promise<void> => {
  const over: Part[] = [];
  for (const part of parts) {
    const run = await context.memory.runs.withKey(part.key);
    if (run && run.status !== "queued" && run.status !== "running") over.push({ ...part, key: `${part.key}:${context.runId}` });
  }
  await startParts(context, over);
};

const countStatuses = async ({ memory }: AgentContext<AgentTools>, ids: readonly string[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { metadata } of await memory.keyed.withIds(ids)) counts[String(metadata.status)] = (counts[String(metadata.status)] ?? 0) + 1;
  return counts;
};

/**
 * Runs a stage: one page at once, more of them as parts.
 * @throws AppError 404 for a single page that is not the project's
 */
export const runStage = async (stage: Stage, context: AgentContext<AgentTools>, params: StageParams): Promise<unknown> => {
  const { memory, runId, tools, report } = context;
  if (params.ids?.length === 1) {
    const page = await getPage(context, params.ids[0] ?? "");
    if (!stage.due.includes(page.metadata.status)) return { page_id: page.id, outcome: "not_due", status: page.metadata.status };
    return { page_id: page.id, ...(await stage.work(context, page)) };
  }
  const kept = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  // What was due at the beginning: pages that become due meanwhile are another run's.
  const { ids } = await kept.step("pages", startedSchema, async () => {
    const parts = await partsOf(stage, context, params);
    const plain = parts.map(({ page: _page, ...part }) => part);
    if ((await startParts(context, plain)) < parts.length) await startAgain(context, plain);
    return { ids: parts.map(({ page }) => page) };
  });
  const parts = await memory.runs.partsOf(runId);
  const [open, failed] = [(parts.queued ?? 0) + (parts.running ?? 0), (parts.failed ?? 0) + (parts.dead ?? 0)];
  await report({ done: ids.length - open, total: ids.length, label: stage.task, steps: "parts" });
  if (open > 0) return later(LOOK_AGAIN_MS);
  const result = { pages: ids.length, failed, statuses: await countStatuses(context, ids) };
  await kept.clear();
  return result;
};
