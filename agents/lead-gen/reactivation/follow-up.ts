import { z } from "zod";
import { sendSms } from "../../../core/contact/send-sms.ts";
import { peopleOf } from "../../../core/dna/schema.ts";
import { AppError, notFound } from "../../../core/errors.ts";
import { action } from "../../../core/kernel/agent.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import type { AgentTools } from "../../tools.ts";
import { leadOf } from "../lead.ts";
import { outcomeOf, smsToolsOf } from "../texts/sending.ts";

const followUpParams = z.object({ message_id: z.string().min(1).max(80) });

/** Tells the owner, on the day that a customer named, that they wanted to hear again. Queued with their answer; nothing when they were in touch since. */
export const followUp = action<AgentTools, typeof followUpParams>(followUpParams, async (context, { message_id }) => {
  const { memory, project, dna, tools } = context;
  const message = await memory.messages.find(message_id);
  if (message?.project_id !== project.id || message.direction !== "in" || message.lead_id === null) throw notFound("message");
  const entity = await memory.entities.get(message.lead_id);
  const { follow_up_at } = entity.metadata;
  // They have said something else since, or somebody has taken them up.
  if (typeof follow_up_at !== "string" || Date.parse(follow_up_at) > tools.clock.now() || !["won", "completed"].includes(String(entity.metadata.status))) return { told: false };
  const [owner] = peopleOf(dna.modules.lead_gen.sales_bridge);
  if (!owner) throw new AppError({ code: "no_destination", status: 422, message: "The project's DNA names nobody to text." });
  const { name, phone } = leadOf(entity);
  const body = `${dna.identity.business_name}: ${name === "" ? "a customer of yours" : name} (${phone ?? message.phone_from}) asked to hear from you about now. ${tools.cardLink({ tenant_id: memory.tenantId, lead_id: entity.id })}`;
  const text = { key: `follow_up:${message.id}`, project_id: project.id, lead_id: entity.id, call_id: null, to: owner.phone, line: tools.lineOf(project), body, party: "owner" as const };
  return { told: true, ...outcomeOf(await sendSms(smsToolsOf(context), { ...text, purpose: "lead_card", asked_at: null, policy: policyOf(dna) }), tools.clock.now()) };
});
