import { type Agent, action } from "../../../core/kernel/agent.ts";
import { runStage, type Stage, stageParams } from "../stage.ts";
import type { AgentTools } from "../../tools.ts";
import { copyPhotos } from "./copy-photos.ts";
import { drawMap } from "./draw-map.ts";

const stage: Stage = {
  task: "enhance_media",
  due: ["passed", "published"],
  turnOf: ({ metadata }) => metadata.content?.version ?? "unwritten",
  work: async (context, page) => ({ ...(await drawMap(context, page)), photos: await copyPhotos(context, page) }),
};

/** The MediaAgent: the map of a page, and its photos in the widths that screens have. */
export const mediaAgent: Agent<AgentTools> = {
  task: stage.task,
  defaultAction: "enhance",
  actions: { enhance: action(stageParams, async (context, params) => runStage(stage, context, params)) },
};
