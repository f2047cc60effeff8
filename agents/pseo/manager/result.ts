import { chunked } from "../../../core/chunked.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import type { Context } from "./manage.ts";
import type { PipelineRow } from "./pipeline.store.ts";
import { MICROS } from "../../../core/money.ts";

/** Shown with the run; all of them are entities of type `page`. */
const MOST_SHOWN = 200;
const IDS_A_QUESTION = 500;

/** How a run came out: each of its pages once, by the status that it has now, and what the models have cost. */
export const resultOf = async ({ memory, runId }: Context, pipeline: PipelineRow, ids: readonly string[]) => {
  const statuses: Record<string, number> = {};
  const pages: { id: string; name: string; path: string; status: string; score: number | null }[] = [];
  for (const some of chunked(ids, IDS_A_QUESTION)) {
    const found = new Map((await memory.keyed.withIds(some)).map((page) => [page.id, page]));
    for (const id of some) {
      const page = found.get(id);
      const metadata = pageMetadataSchema.safeParse(page?.metadata).data;
      const status = page === undefined ? "gone" : (metadata?.status ?? "invalid");
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (pages.length < MOST_SHOWN && page !== undefined) pages.push({ id, name: page.name, path: metadata?.path ?? "", status, score: metadata?.review?.score ?? null });
    }
  }
  return { pages: ids.length, statuses, not_begun: pipeline.outcomes.not_begun ?? 0, cost_usd: (await memory.usage.costOfRun(runId)) / MICROS, shown: pages };
};
