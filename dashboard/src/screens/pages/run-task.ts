import { toast } from "sonner";
import { api, ok, type Schemas } from "@/api/client";
import { t } from "@/lib/words";

type RunInput = { task: string; action?: string; project_id: string; params?: Record<string, unknown> };

/** As long as somebody looks at a button; what takes longer goes on by itself. */
const WAIT_S = 25;

/**
 * Has an agent do something, and waits a while for it.
 * @returns null when it is still at work
 * @throws ApiProblem when it was not begun; Error with the agent's own words when it failed
 */
export const runTask = async ({ params = {}, ...input }: RunInput): Promise<Schemas["Run"] | null> => {
  const answer = await ok(api.POST("/api/run", { params: { header: { prefer: `wait=${WAIT_S}` } }, body: { ...input, params } }));
  if (!("id" in answer)) return null;
  if (answer.status === "failed" || answer.status === "dead") throw new Error(answer.error?.message ?? t("problem.unexpected"));
  return answer;
};

/** Says what came of it, and offers the way back where there is one. */
export const tellDone = (words: string, run: Schemas["Run"] | null, undo?: () => void): void => {
  toast(words, { ...(run === null ? { description: t("pages.waiting") } : {}), ...(undo === undefined ? {} : { action: { label: t("do.undo"), onClick: undo } }) });
};
