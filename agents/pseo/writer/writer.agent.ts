import { action, type Agent } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { runStage, type Stage, stageParams } from "../stage.ts";
import { WRITABLE, writePage } from "./write-page.ts";

const stage: Stage = {
  task: "write_pages",
  due: WRITABLE,
  // Each draft is a turn of its own.
  turnOf: ({ metadata }) => `draft-${metadata.drafts}`,
  work: writePage,
};

/** Writes pages from what is known to be true. */
export const writerAgent: Agent<AgentTools> = {
  task: stage.task,
  defaultAction: "write",
  actions: { write: action(stageParams, async (context, params) => runStage(stage, context, params)) },
};
