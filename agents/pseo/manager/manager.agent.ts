import { z } from "zod";
import { conflict, notFound } from "../../../core/errors.ts";
import { type Agent, action } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { pageStatuses } from "../page.schemas.ts";
import { type Context, estimateOf, manage } from "./manage.ts";
import { type Pipeline, managerParams } from "./pipeline.schemas.ts";
import { findPipeline, movePipeline, type PipelineRow } from "./pipeline.store.ts";
import { MICROS } from "../../../core/money.ts";

/** By what a pipeline is run. */
const RUN = { task: "manager", action: "run" } as const;
const none = z.object({});
/** Others move it meanwhile; this often it is tried against them. */
const MOST_RACES = 5;

const shown = ({ status, run_id, phase, total, taken, active, outcomes, spent, stuck }: PipelineRow) => ({ status, run_id, phase, total, taken, active: active.length, outcomes, spent, stuck });

/** @throws AppError 404 where there is no pipeline, 409 for one that is over */
const setStatus = async ({ memory, project }: Context, status: Pipeline["status"]): Promise<PipelineRow> => {
  for (let race = 0; race < MOST_RACES; race += 1) {
    const pipeline = await findPipeline(memory, project.id);
    if (pipeline === null) throw notFound("pipeline");
    if (pipeline.status === "over") throw conflict("pipeline_over", "The pipeline of this project is over.");
    const moved = await movePipeline(memory, pipeline, { status });
    if (moved !== null) return moved;
  }
  throw conflict("pipeline_busy", "The pipeline was moving all the time; try again.");
};

/** No further page is taken up, and no further part started; those that are under way end. */
const pause = async (context: Context) => shown(await setStatus(context, "paused"));

const resume = async (context: Context) => {
  const pipeline = await setStatus(context, "running");
  await context.tools.enqueue({ id: pipeline.run_id, tenant_id: context.memory.tenantId, ...RUN });
  return shown(pipeline);
};

const status = async ({ memory, project, dna, tools }: Context) => {
  const pipeline = await findPipeline(memory, project.id);
  const pages = await memory.keyed.countByStatus(project.id, "page", pageStatuses);
  const open = (pages.planned ?? 0) + (pages.refused ?? 0);
  const { page_micros, most_micros } = estimateOf({ dna, tools }, open);
  return { pipeline: pipeline === null ? null : shown(pipeline), pages, estimate: { pages: open, usd_from: (open * page_micros) / MICROS, usd_to: most_micros / MICROS } };
};

/** The ManagerAgent: the page pipeline of a project, from the map to the world. */
export const managerAgent: Agent<AgentTools> = {
  task: RUN.task,
  defaultAction: RUN.action,
  actions: {
    run: action(managerParams, manage),
    pause: action(none, pause),
    resume: action(none, resume),
    status: action(none, status),
  },
};
