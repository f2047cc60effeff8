import { alertPhone } from "../../core/contact/people.ts";
import { sendSms } from "../../core/contact/send-sms.ts";
import type { AgentContext } from "../../core/kernel/agent.ts";
import { logger } from "../../core/log.ts";
import { policyOf } from "../../core/security/consent/policy.ts";
import type { AgentTools } from "../tools.ts";
import { smsToolsOf } from "./texts/sending.ts";

const log = logger("alert");

/**
 * Tells the business by SMS that something of ours is broken; once a run, however often it is tried.
 * @throws TwilioError when trying later can help
 */
export const alertOwner = async (context: AgentContext<AgentTools>, body: string): Promise<{ sent: boolean; reason?: string; message_sid?: string }> => {
  const { memory, project, dna, tools, runId } = context;
  const notSent = (reason: string): { sent: false; reason: string } => {
    log.error("alert not sent", { tenant_id: memory.tenantId, project_id: project.id, reason });
    return { sent: false, reason };
  };
  const to = alertPhone(dna, null);
  if (to === null) return notSent("The project's DNA names nobody to text.");
  const result = await sendSms(smsToolsOf(context), { key: `alert:${runId}`, project_id: project.id, lead_id: null, call_id: null, to, line: tools.lineOf(project), body, purpose: "alert", party: "owner", asked_at: null, policy: policyOf(dna) });
  if ("put_off_until" in result) return notSent("The gate puts it off.");
  return result.sent ? { sent: true, message_sid: result.sid } : notSent(result.reason);
};
