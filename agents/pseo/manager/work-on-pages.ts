import type { AgentContext } from "../../../core/kernel/agent.ts";
import { type Part, startParts } from "../../../core/kernel/parts.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import type { RunSummary } from "../../../core/memory/runs.store.ts";
import type { AgentTools } from "../../tools.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import { isOver } from "./part.ts";
import type { PipelineRow } from "./pipeline.store.ts";
import { turnOf } from "./turn.ts";

/** Pages that are being written or reviewed at a time: what one look at them reads, and what a queue holds of one tenant. */
export const AT_ONCE = 50;
type Context = Pick<AgentContext<AgentTools>, "memory" | "tools" | "runId" | "projectId" | "project">;
type Wanted = Part & { page: string };

export interface Look {
  /** Still on their way. */
  active: string[];
  /** Came out since the last look: which, and as what. */
  over: { id: string; outcome: string }[];
}

/** If it still is as it was seen: whoever has moved it on meanwhile has not given up. */
const giveUp = async ({ memory }: Context, { id, metadata }: Entity, why: string, runId: string | null): Promise<void> => {
  await memory.keyed.change(id, { set: { status: "needs_person", needs_person: { why, run_id: runId } }, expect: { status: String(metadata.status), drafts: Number(metadata.drafts) } });
};

/**
 * A turn that was taken in an earlier run of the pipeline (the page has come back to the same draft by a person's word) is another turn:
 * its part gets a name of this run's.
 */
const again = (part: Wanted, runId: string): Wanted => ({ ...part, key: `${part.key}:${runId}` });

/**
 * One look at the pages that are on their way: starts for each the part that it waits for, and takes out those that came out. A page
 * whose part failed for good, or changed nothing, goes to a person: nothing is tried for ever, and no page has two outcomes.
 */
export const lookAtPages = async (context: Context, pipeline: PipelineRow, ids: readonly string[], maxDrafts: number): Promise<Look> => {
  const { memory, project, runId } = context;
  const look: Look = { active: [], over: [] };
  const pages = new Map((await memory.keyed.withIds(ids)).map((page) => [page.id, page]));
  const wanted: Wanted[] = [];
  for (const id of ids) {
    const page = pages.get(id);
    const metadata = pageMetadataSchema.safeParse(page?.metadata).data;
    if (page === undefined || page.project_id !== project.id) look.over.push({ id, outcome: "gone" });
    else if (metadata === undefined) look.over.push({ id, outcome: "invalid" });
    else {
      const turn = turnOf(metadata, maxDrafts);
      if (turn.kind === "over") look.over.push({ id, outcome: metadata.status });
      else look.active.push(id);
      if (turn.kind === "give_up") await giveUp(context, page, turn.why, null);
      if (turn.kind === "stage") wanted.push({ page: id, task: turn.task, action: null, params: { ids: [id] }, key: `${turn.task}:${id}:${turn.turn}` });
    }
  }

  const known = await memory.runs.withKeys(wanted.flatMap((part) => [part.key, again(part, runId).key]));
  const fresh: Wanted[] = [];
  const judge = async (part: Wanted, run: RunSummary): Promise<void> => {
    if (!isOver(run)) return;
    const page = pages.get(part.page);
    const why = run.status === "succeeded" ? `${part.task} ended and changed nothing` : `${part.task} failed: ${run.error?.message ?? "no reason was given"}`;
    if (page !== undefined) await giveUp(context, page, why, run.id);
  };
  for (const part of wanted) {
    const [first, second] = [known.get(part.key), known.get(again(part, runId).key)];
    if (first === undefined) fresh.push(part);
    else if (second !== undefined) await judge(part, second);
    else if (isOver(first) && first.finished_at !== null && first.finished_at < pipeline.started_at) fresh.push(again(part, runId));
    else await judge(part, first);
  }
  await startParts(context, fresh.map(({ page: _page, ...part }) => part));
  return look;
};
