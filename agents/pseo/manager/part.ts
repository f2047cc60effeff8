import { AppError } from "../../../core/errors.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import { QUEUE_PATIENCE_MS } from "../../../core/kernel/jobs.ts";
import { type Part, startParts } from "../../../core/kernel/parts.ts";
import type { RunSummary } from "../../../core/memory/runs.store.ts";
import type { AgentTools } from "../../tools.ts";
import { movePipeline, type PipelineRow } from "./pipeline.store.ts";

type Context = Pick<AgentContext<AgentTools>, "memory" | "tools" | "runId" | "projectId">;

export const isOver = ({ status }: Pick<RunSummary, "status">): boolean => status === "succeeded" || status === "failed" || status === "dead";

/**
 * Has a stage done once: starts its part, or looks how far it is. A part that failed for good stops the run, with its reason; when the
 * run is tried again, so is the part.
 * @returns whether it is over
 * @throws AppError 502 `stage_failed`, which no retry by itself mends
 */
export const stageIsOver = async (context: Context, pipeline: PipelineRow, part: Part): Promise<boolean> => {
  const { memory, tools } = context;
  const known = (await memory.runs.withKeys([part.key])).get(part.key);
  if (known === undefined) {
    await startParts(context, [part]);
    return false;
  }
  if (known.status === "succeeded") return true;
  if (!isOver(known)) return false;
  if (pipeline.stuck !== known.id) {
    await movePipeline(memory, pipeline, { stuck: known.id });
    throw new AppError({ code: "stage_failed", status: 502, message: `The stage ${part.task} failed (run ${known.id}): ${known.error?.message ?? "no reason was given"} Retry this run once that is mended.`, retryable: false });
  }
  await movePipeline(memory, pipeline, { stuck: null });
  if (await memory.runs.requeue(known.id, QUEUE_PATIENCE_MS)) await tools.enqueue({ id: known.id, tenant_id: memory.tenantId, task: part.task, action: part.action });
  return false;
};
