import { conflict } from "../../../core/errors.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { type Pipeline, pipelineSchema } from "./pipeline.schemas.ts";

const TYPE = "pipeline";
const KEY = "pipeline";

export type PipelineRow = Pipeline & { id: string };

const asRow = ({ id, metadata }: { id: string; metadata: Record<string, unknown> }): PipelineRow => ({ ...pipelineSchema.parse(metadata), id });

/** The project's pipeline as it is; null when there never was one. */
export const findPipeline = async ({ keyed }: Pick<TenantMemory, "keyed">, projectId: string): Promise<PipelineRow | null> => {
  const entity = await keyed.find(projectId, TYPE, KEY);
  return entity === undefined ? null : asRow(entity);
};

/**
 * The pipeline of this run: begun now, or as an earlier attempt left it.
 * @throws AppError 409 `pipeline_running` while another run drives the project's pipeline
 */
export const openPipeline = async (memory: Pick<TenantMemory, "keyed" | "runs">, projectId: string, runId: string, now: number): Promise<PipelineRow> => {
  const fresh = { status: "running", run_id: runId, phase: "learn", revision: 0, started_at: now, total: null, taken: 0, active: [], spent: false, outcomes: {}, stuck: null } satisfies Omit<Pipeline, "dedupe_key">;
  const { created } = await memory.keyed.putOnce({ project_id: projectId, entity_type: TYPE, dedupe_key: KEY, name: "Page pipeline", metadata: fresh });
  const current = await findPipeline(memory, projectId);
  if (current === null) throw new Error("the pipeline was neither stored nor found");
  if (created || current.run_id === runId) return current;
  const driver = await memory.runs.find(current.run_id);
  // One that has failed may be tried again; until then the project is free for another.
  const isFree = current.status === "over" || driver === undefined || driver.status === "succeeded" || driver.status === "failed" || driver.status === "dead";
  const taken = isFree ? await memory.keyed.change(current.id, { set: { ...fresh, revision: current.revision + 1 }, expect: { run_id: current.run_id, revision: current.revision } }) : null;
  if (taken === null) throw conflict("pipeline_running", `The run ${current.run_id} is at work on this project's pages. Pause it, or wait until it is over.`);
  return asRow(taken);
};

/**
 * Moves it on from where it was seen.
 * @returns null when somebody else has moved it meanwhile
 */
export const movePipeline = async ({ keyed }: Pick<TenantMemory, "keyed">, from: PipelineRow, set: Partial<Pipeline>): Promise<PipelineRow | null> => {
  const moved = await keyed.change(from.id, { set: { ...set, revision: from.revision + 1 }, expect: { run_id: from.run_id, revision: from.revision } });
  return moved === null ? null : asRow(moved);
};
