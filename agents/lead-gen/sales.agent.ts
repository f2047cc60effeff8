import { z } from "zod";
import { AppError, notFound } from "../../core/errors.ts";
import { type Agent, type AgentContext, action } from "../../core/kernel/agent.ts";
import { sendSms } from "../../core/contact/send-sms.ts";
import { peopleOf } from "../../core/dna/schema.ts";
import { leadCard } from "../../durable/bridge-call/plan.ts";
import { policyOf } from "../../core/security/consent/policy.ts";
import type { AgentTools } from "../tools.ts";
import { leadOf } from "./lead.ts";
import { followUp } from "./reactivation/follow-up.ts";
import { startCall } from "./start-call.ts";
import { endChase, readReply } from "./texts/replies.ts";
import { alertOwner, outcomeOf, resendSms, sendText, smsToolsOf } from "./texts/sending.ts";
import { textLead } from "./texts/text-lead.ts";

const leadParams = z.object({ lead_id: z.string().min(1).max(80) });

/** Rings the owner about a lead, and the lead if the owner presses 1. */
export const instantCall = action<AgentTools, typeof leadParams>(leadParams, async ({ memory, project, dna, tools }, { lead_id }) => ({
  call_id: await startCall({ memory, bridgeCalls: tools.bridgeCalls }, { project, lead_id, dna }),
}));

const notifySms = async (context: AgentContext<AgentTools>, { lead_id }: z.infer<typeof leadParams>) => {
  const { memory, project, dna, tools, runId } = context;
  const entity = await memory.entities.get(lead_id);
  if (entity.entity_type !== "lead" || entity.project_id !== project.id) throw notFound("lead");
  const [owner] = peopleOf(dna.modules.lead_gen.sales_bridge);
  if (!owner) throw new AppError({ code: "no_destination", status: 422, message: "The project's DNA names nobody to text." });
  const text = { key: `notify_sms:${runId}`, project_id: project.id, lead_id, call_id: null, to: owner.phone, line: tools.lineOf(project), body: leadCard(dna, leadOf(entity)), party: "owner" as const };
  return outcomeOf(await sendSms(smsToolsOf(context), { ...text, purpose: "lead_card", asked_at: null, policy: policyOf(dna) }), tools.clock.now());
};

export const salesAgent: Agent<AgentTools> = {
  task: "sales_agent",
  defaultAction: null,
  urgent: true,
  actions: { instant_call: instantCall, notify_sms: action(leadParams, notifySms), send_text: sendText, text_lead: textLead, resend_sms: resendSms, alert_owner: alertOwner, read_reply: readReply, end_chase: endChase, follow_up: followUp },
};
