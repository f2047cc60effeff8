import { z } from "zod";
import { sendSms } from "../../../core/contact/send-sms.ts";
import { AppError, notFound } from "../../../core/errors.ts";
import { action, later } from "../../../core/kernel/agent.ts";
import { placeOfAddress } from "../../../core/security/consent/address.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import type { AgentTools } from "../../tools.ts";
import { leadOf } from "../lead.ts";
import { smsToolsOf } from "./sending.ts";

const params = z.object({ lead_id: z.string().min(1).max(80), body: z.string().trim().min(1).max(1000).describe("What a person of the business writes") });

/**
 * Sends a lead what somebody of the business wrote, once a run. It is no answer to anything they asked just now: opt-outs, quiet hours,
 * caps and cooldown hold, and what must wait is sent when it may be.
 * @throws AppError 404; 422 without a phone, or where the gate or Twilio refuses
 */
export const textLead = action<AgentTools, typeof params>(params, async (context, { lead_id, body }) => {
  const { memory, project, dna, tools, runId } = context;
  const entity = await memory.entities.get(lead_id);
  if (entity.entity_type !== "lead" || entity.project_id !== project.id) throw notFound("lead");
  const { phone, canary, place } = leadOf(entity);
  if (phone === null || canary) throw new AppError({ code: "no_phone", status: 422, message: "This lead has no phone that could be texted." });
  const text = { key: `text_lead:${runId}`, project_id: project.id, lead_id, call_id: null, to: phone, line: tools.lineOf(project), body, party: "customer" as const };
  const sent = await sendSms(smsToolsOf(context), { ...text, purpose: "by_hand", asked_at: null, place: placeOfAddress(place, project.country), policy: policyOf(dna) });
  if ("put_off_until" in sent) return later(Math.max(1000, sent.put_off_until - tools.clock.now()));
  if (!sent.sent) throw new AppError({ code: "sms_not_sent", status: 422, message: sent.reason });
  return { message_sid: sent.sid };
});
