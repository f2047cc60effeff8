import type { TenantMemory } from "../memory/memory.ts";
import { type Enqueued, QUEUE_PATIENCE_MS } from "./jobs.ts";

/** A piece of a long piece of work: a run of its own, tried again and given up on its own. */
export interface Part {
  task: string;
  action: string | null;
  params: Record<string, unknown>;
  /** What makes it this part and no other: the same key, whenever it is asked for again, is the same run. */
  key: string;
}

export interface PartsTools {
  runId: string;
  projectId: string | null;
  memory: Pick<TenantMemory, "runs">;
  tools: { enqueue: (run: Enqueued) => Promise<void> };
}

/**
 * Writes the parts of a run and queues those that are new. The run then returns `later()`, and is woken when all are over.
 * @returns how many were new
 */
export const startParts = async ({ runId, projectId, memory, tools }: PartsTools, parts: readonly Part[]): Promise<number> => {
  const created = await memory.runs.createParts(runId, parts.map(({ key, ...part }) => ({ ...part, project_id: projectId, idempotency_key: key })), QUEUE_PATIENCE_MS);
  for (const run of created) await tools.enqueue(run);
  return created.length;
};
