import { type Agent, systemAction } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { erasePerson, eraseParams } from "./erase-person.ts";

/** What the house does with people's data by its own rules. Nobody starts it through `/api/run`: its inputs are ours. */
export const privacyAgent: Agent<AgentTools> = {
  task: "privacy",
  internal: true,
  defaultAction: null,
  actions: { erase: systemAction(eraseParams, erasePerson) },
};
