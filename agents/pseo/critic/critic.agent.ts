import { action, type Agent } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { runStage, type Stage, stageParams } from "../stage.ts";
import { reviewPage } from "./review-page.ts";

const stage: Stage = {
  task: "critic_review",
  due: ["written"],
  // The same text may come back to be judged anew: it is another draft.
  turnOf: ({ metadata }) => `${metadata.content?.version ?? "none"}-${metadata.drafts}`,
  work: reviewPage,
};

/** Looks at what was written, and lets nothing out that it could not trace. */
export const criticAgent: Agent<AgentTools> = {
  task: stage.task,
  defaultAction: "review",
  actions: { review: action(stageParams, async (context, params) => runStage(stage, context, params)) },
};
