import { type Agent, action } from "../../../core/kernel/agent.ts";
import { runStage, type Stage, stageParams } from "../stage.ts";
import type { AgentTools } from "../../tools.ts";
import { drawMap } from "./draw-map.ts";

const stage: Stage = {
  task: "enhance_media",
  due: ["passed", "published"],
  turnOf: ({ metadata }) => metadata.content?.version ?? "unwritten",
  work: drawMap,
};

/** The MediaAgent. Photos need no work of its: they are uploaded, and shown where they belong. */
export const mediaAgent: Agent<AgentTools> = {
  task: stage.task,
  defaultAction: "enhance",
  actions: { enhance: action(stageParams, async (context, params) => runStage(stage, context, params)) },
};
