import { chunked } from "../../../core/chunked.ts";
import { z } from "zod";
import { conflict } from "../../../core/errors.ts";
import { type AgentContext, later, type Later } from "../../../core/kernel/agent.ts";
import type { Part } from "../../../core/kernel/parts.ts";
import { createCheckpoints } from "../../onboarding/checkpoints.ts";
import type { AgentTools } from "../../tools.ts";
import { checkBudgetIsEnough, type Estimate, estimateRun, microsOf } from "./budget.ts";
import { choosePages } from "./choose-pages.ts";
import { stageIsOver } from "./part.ts";
import type { ManagerParams, Phase } from "./pipeline.schemas.ts";
import { movePipeline, openPipeline, type PipelineRow } from "./pipeline.store.ts";
import { resultOf } from "./result.ts";
import { AT_ONCE, lookAtPages } from "./work-on-pages.ts";

export type Context = AgentContext<AgentTools>;

/** Parts wake their parent when the last of them ends; pages are looked at sooner, so that others take the place of those that are done. */
const LOOK_AT_PAGES_MS = 5_000;
const LOOK_AT_STAGE_MS = 60_000;
/** `resume` wakes it; this is for when that got lost. */
const PAUSED_LOOK_MS = 3_600_000;
/** Ids in one part's params. */
const IDS_A_PART = 500;

const idsSchema = z.array(z.string());

/** What a phase came to: it is over, or something is still to be waited for. */
type Step = { next: Phase; set?: Partial<PipelineRow> } | { wait: Later };

const stage = (context: Context, task: string, name: string, params: Record<string, unknown>): Part => ({ task, action: null, params, key: `manager:${context.runId}:${name}` });
const defined = (params: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
const keptOf = ({ tools, memory, runId }: Context) => createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });

/** The pages of this run, best first: chosen once. */
const chosenOf = async (context: Context, params: ManagerParams): Promise<string[]> => {
  const most = Math.min(params.max_pages ?? Infinity, context.dna.modules.local_seo.pages.max_pages);
  return keptOf(context).step("pages", idsSchema, async () => choosePages(context.memory, context.project.id, params, most));
};

export const estimateOf = ({ dna, tools }: Pick<Context, "dna" | "tools">, pages: number): Estimate => estimateRun(dna, pages, tools.clock.now());

const one = async (context: Context, pipeline: PipelineRow, part: Part, next: Phase): Promise<Step> => ((await stageIsOver(context, pipeline, part)) ? { next } : { wait: later(LOOK_AT_STAGE_MS) });

/** A stage for those of this run's pages that have passed (or are out already), some at a time. */
const forPassed = async (context: Context, pipeline: PipelineRow, params: ManagerParams, task: string, next: Phase): Promise<Step> => {
  const { memory } = context;
  const ids = await keptOf(context).step("passed", idsSchema, async () => {
    const chosen = await chosenOf(context, params);
    const passed = new Set<string>();
    for (const some of chunked(chosen, IDS_A_PART)) {
      for (const { id, metadata } of await memory.keyed.withIds(some)) if (metadata.status === "passed" || metadata.status === "published") passed.add(id);
    }
    return chosen.filter((id) => passed.has(id));
  });
  for (let at = 0; at < ids.length; at += IDS_A_PART) {
    if (!(await stageIsOver(context, pipeline, stage(context, task, `${task}:${at}`, { ids: ids.slice(at, at + IDS_A_PART) })))) return { wait: later(LOOK_AT_STAGE_MS) };
  }
  return { next };
};

/** Some pages further: those that came out make room for others, while there is money. */
const workOnPages = async (context: Context, pipeline: PipelineRow, params: ManagerParams): Promise<Step> => {
  const { memory, dna, runId, report } = context;
  const chosen = await chosenOf(context, params);
  const { active, over } = await lookAtPages(context, pipeline, pipeline.active, dna.modules.local_seo.pages.max_drafts);
  const outcomes = { ...pipeline.outcomes };
  for (const { outcome } of over) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const spent = pipeline.spent || (params.max_usd !== undefined && (await memory.usage.costOfRun(runId)) >= microsOf(params.max_usd));
  const room = spent ? 0 : AT_ONCE - active.length;
  const taken = Math.min(chosen.length, pipeline.taken + Math.max(0, room));
  const moved = await movePipeline(memory, pipeline, { active: [...active, ...chosen.slice(pipeline.taken, taken)], taken, outcomes, spent });
  // Somebody else is at it: what is there now is looked at anew.
  if (moved === null) return { wait: later(LOOK_AT_PAGES_MS) };
  const done = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  await report({ done, total: chosen.length, label: spent ? "pages; the money for more is spent" : "pages" });
  if (moved.active.length === 0 && (spent || moved.taken >= chosen.length)) return { next: "link", set: { outcomes: spent && taken < chosen.length ? { ...outcomes, not_begun: chosen.length - taken } : outcomes } };
  // Those that were just taken up wait for their first part.
  return { wait: later(moved.taken > pipeline.taken ? 0 : LOOK_AT_PAGES_MS) };
};

/** Pages rest on what the brand brain says, so it first says what the DNA does. Asked once: what a person edits meanwhile is the next run's. */
const learn = async (context: Context, pipeline: PipelineRow): Promise<Step> => {
  const { memory, project, dna, tools } = context;
  const lags = await keptOf(context).step("brain-lags", z.boolean(), async () => tools.contextOf(memory).lags(project.id, dna));
  return lags ? one(context, pipeline, { ...stage(context, "context_sync", "learn", {}), action: "follow" }, "scout") : { next: "scout" };
};

const publishes = ({ dna }: Context, params: ManagerParams): boolean => params.publish ?? dna.modules.local_seo.publishing.target !== "none";

const step = async (context: Context, pipeline: PipelineRow, params: ManagerParams): Promise<Step> => {
  const { services, places, keywords_csv } = params;
  switch (pipeline.phase) {
    case "learn":
      return learn(context, pipeline);
    case "scout":
      return one(context, pipeline, stage(context, "scout_anchors", "scout", defined({ places })), "plan");
    case "plan": {
      const planned = await one(context, pipeline, stage(context, "strategist_run", "plan", defined({ services, places, limit: params.max_pages, keywords_csv })), "pages");
      if ("wait" in planned) return planned;
      const chosen = await chosenOf(context, params);
      checkBudgetIsEnough(estimateOf(context, chosen.length), params.max_usd);
      return { next: "pages", set: { total: chosen.length } };
    }
    case "pages":
      return workOnPages(context, pipeline, params);
    case "link":
      return one(context, pipeline, stage(context, "librarian_link", "link", {}), "illustrate");
    case "illustrate":
      return forPassed(context, pipeline, params, "enhance_media", publishes(context, params) ? "publish" : "done");
    case "publish":
      return forPassed(context, pipeline, params, "publish", "measure");
    case "measure":
      return one(context, pipeline, stage(context, "analytics_audit", "measure", {}), "done");
    case "done":
      return { next: "done" };
  }
};

/**
 * Drives a project's pages from the map to the world. Every step begins with what is stored and ends by storing where it got to, so that
 * it may be cut anywhere; what is paid for is in parts, each started once.
 * @throws AppError 409 `local_seo_disabled`, `pipeline_running`, 502 `stage_failed`, 422 `budget_too_small`
 */
export const manage = async (context: Context, params: ManagerParams): Promise<unknown> => {
  const { memory, project, runId, tools, report, dna } = context;
  // Asked each time: switched off on the way, it stops here, and goes on when it is tried again.
  if (!dna.modules.local_seo.enabled) throw conflict("local_seo_disabled", "Local pages are switched off for this business: modules.local_seo.enabled of its DNA says so.");
  let pipeline = await openPipeline(memory, project.id, runId, tools.clock.now());
  while (pipeline.phase !== "done") {
    if (pipeline.status === "paused") {
      await report({ done: Object.values(pipeline.outcomes).reduce((sum, count) => sum + count, 0), total: pipeline.total ?? 0, label: "paused" });
      return later(PAUSED_LOOK_MS);
    }
    if (pipeline.phase !== "pages") await report({ done: Object.values(pipeline.outcomes).reduce((sum, count) => sum + count, 0), total: pipeline.total ?? 0, label: pipeline.phase });
    const taken = await step(context, pipeline, params);
    if ("wait" in taken) return taken.wait;
    // A step may itself have moved it; what is stored now is where the next phase begins.
    const current = await openPipeline(memory, project.id, runId, tools.clock.now());
    const moved = await movePipeline(memory, current, { ...taken.set, phase: taken.next });
    if (moved === null) return later(0);
    pipeline = moved;
  }
  const result = await resultOf(context, pipeline, await chosenOf(context, params));
  // What it has kept (its pages' ids) stays: cut off right here, the next attempt must come to the same result.
  await movePipeline(memory, pipeline, { status: "over", active: [] });
  return result;
};
