import { z } from "zod";
import { isLost, nextResend } from "../../../core/contact/delivery.ts";
import { alertPhone } from "../../../core/contact/people.ts";
import { sendSms, sendStored, type SmsResult, type SmsTools } from "../../../core/contact/send-sms.ts";
import { AppError, conflict, notFound } from "../../../core/errors.ts";
import { type AgentContext, action } from "../../../core/kernel/agent.ts";
import type { Message } from "../../../core/memory/messages.store.ts";
import { deliveryPolicyOf } from "../../../core/providers/twilio/error-policy.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import { contactPurposes } from "../../../core/security/consent/consent.types.ts";
import type { AgentTools } from "../../tools.ts";

type Context = AgentContext<AgentTools>;

export const messageParams = z.object({ message_id: z.string().min(1).max(80) });
const purposeSchema = z.enum(contactPurposes);

export const smsToolsOf = ({ memory, tools }: Pick<Context, "memory" | "tools">): SmsTools => ({
  twilioOf: (accountSid) => tools.twilioOf(memory.tenantId, accountSid), memory, gate: tools.gateOf(memory), clock: tools.clock, publicUrl: tools.publicUrl,
});

/** Turns a text's fate into the run's. @throws AppError 422 for one that was refused, retryable for one that must wait */
export const outcomeOf = (result: SmsResult, now: number): { message_sid: string } => {
  if ("put_off_until" in result) {
    throw new AppError({ code: "sms_put_off", status: 503, message: "This text must wait.", retryable: true, retryAfterMs: Math.max(1000, result.put_off_until - now) });
  }
  if (!result.sent) throw new AppError({ code: "sms_not_sent", status: 422, message: result.reason });
  return { message_sid: result.sid };
};

/** @throws AppError 404 for none, an incoming one, and another project's */
const outgoingOf = async ({ memory, project }: Context, id: string): Promise<Message> => {
  const message = await memory.messages.get(id);
  if (message.project_id !== project.id || message.direction !== "out") throw notFound("message");
  return message;
};

/** Sends a text that was written down together with what caused it. */
export const sendText = action<AgentTools, typeof messageParams>(messageParams, async (context, { message_id }) => {
  const message = await outgoingOf(context, message_id);
  const { memory, tools, dna } = context;
  if (message.purpose === "opt_out_confirmation" && message.sid === null && (await memory.optOuts.among([message.phone_to])).length === 0) {
    // Undone before it could be confirmed.
    await memory.messages.cancel(message.id);
    return { message_sid: null };
  }
  const isAnswer = message.purpose === "opt_out_confirmation" || message.purpose === "text_back";
  return outcomeOf(await sendStored(smsToolsOf(context), message, { asked_at: isAnswer ? message.created_at : null, policy: policyOf(dna) }), tools.clock.now());
});

/** Sends a text again that did not arrive for a passing reason: a text of its own, whose key says which one it repeats. */
export const resendSms = action<AgentTools, typeof messageParams>(messageParams, async (context, { message_id }) => {
  const lost = await outgoingOf(context, message_id);
  if (!isLost(lost.status) || deliveryPolicyOf(lost.error_code).act !== "retry") throw conflict("sms_not_lost", "Only a text that did not arrive for a passing reason is sent again.");
  const again = nextResend(lost);
  if (again === null) throw conflict("sms_resent", "This text was sent often enough.");
  const { project_id, lead_id, call_id, campaign_id, phone_to: to, account_sid, phone_from: from, body, party } = lost;
  const purpose = purposeSchema.parse(lost.purpose);
  // It was allowed when it was sent first: it is no new contact, but the hour may have become a quiet one.
  const text = { key: again.key, project_id, lead_id, call_id, campaign_id, to, line: { from, account_sid }, body, purpose, party, asked_at: lost.created_at, policy: policyOf(context.dna) };
  return outcomeOf(await sendSms(smsToolsOf(context), text), context.tools.clock.now());
});

const alertParams = messageParams.extend({ code: z.number().int() });

/** Tells somebody of the business that its texts do not get through, and why. */
export const alertOwner = action<AgentTools, typeof alertParams>(alertParams, async (context, { message_id, code }) => {
  const message = await outgoingOf(context, message_id);
  const { dna, project, runId, tools } = context;
  const to = alertPhone(dna, message.party === "owner" ? message.phone_to : null);
  if (to === null) throw new AppError({ code: "no_destination", status: 422, message: "The project's DNA names nobody else to tell." });
  const body = `${dna.identity.business_name}: a text to ${message.party === "owner" ? "one of your people" : "a customer"} did not get through: ${deliveryPolicyOf(code).meaning} (Twilio error ${code}). This is said once a day.`;
  const text = { key: `alert:${runId}`, project_id: project.id, lead_id: null, call_id: null, to, line: { from: message.phone_from, account_sid: message.account_sid }, body, purpose: "alert" as const, party: "owner" as const, asked_at: null, policy: policyOf(dna) };
  return outcomeOf(await sendSms(smsToolsOf(context), text), tools.clock.now());
});
