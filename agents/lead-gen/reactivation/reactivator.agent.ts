import type { Agent } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { reactivate } from "./prepare.ts";
import { send } from "./send.ts";

/** Wakes customers of old: who, what text and which cost first; then, once that is started, text by text. */
export const reactivatorAgent: Agent<AgentTools> = { task: "reactivator_agent", defaultAction: "run", actions: { run: reactivate, send } };
