import { z } from "zod";
import { type Agent, action } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { canary, canaryCheck } from "./canary.ts";
import { dashboardStats } from "./dashboard-stats.ts";
import { instantCall } from "./sales.agent.ts";
import { transcribeCall } from "./transcribe-call.ts";

const callParams = z.object({ call_id: z.string().min(1).max(80) });

export const leadGenManager: Agent<AgentTools> = {
  task: "lead_gen_manager",
  defaultAction: null,
  urgent: ["instant_call", "transcribe_call", "dashboard_stats", "canary", "canary_check"],
  actions: { instant_call: instantCall, transcribe_call: action(callParams, transcribeCall), dashboard_stats: dashboardStats, canary, canary_check: canaryCheck },
};
