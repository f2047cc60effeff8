import { z } from "zod";
import { type Agent, action } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { canary, canaryCheck } from "./canary.ts";
import { dashboardStats } from "./dashboard-stats.ts";
import { huntSniper } from "./hunt-sniper.ts";
import { reactivate } from "./reactivation/prepare.ts";
import { instantCall } from "./sales.agent.ts";
import { actOnLead } from "./scoring/act-on-lead.ts";
import { transcribeCall } from "./transcribe-call.ts";

const callParams = z.object({ call_id: z.string().min(1).max(80) });

export const leadGenManager: Agent<AgentTools> = {
  task: "lead_gen_manager",
  defaultAction: null,
  urgent: ["act_on_lead", "instant_call", "transcribe_call", "dashboard_stats", "canary", "canary_check"],
  actions: { hunt_sniper: huntSniper, act_on_lead: actOnLead, instant_call: instantCall, transcribe_call: action(callParams, transcribeCall), dashboard_stats: dashboardStats, ignite_reactivation: reactivate, canary, canary_check: canaryCheck },
};
