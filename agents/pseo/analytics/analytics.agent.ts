import { action, type Agent } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { stageParams } from "../stage.ts";
import { auditPages } from "./audit-pages.ts";

/** The AnalyticsAgent: what has become of the pages that are out, and what should become of them. */
export const analyticsAgent: Agent<AgentTools> = {
  task: "analytics_audit",
  defaultAction: "audit",
  actions: { audit: action(stageParams, async (context, params) => auditPages(context, params)) },
};
