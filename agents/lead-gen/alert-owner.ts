import { z } from "zod";
import { sendSms } from "../../core/contact/send-sms.ts";
import { destinationsOf, type SalesBridge } from "../../core/dna/schema.ts";
import type { AgentContext } from "../../core/kernel/agent.ts";
import { logger } from "../../core/log.ts";
import type { AgentTools } from "../tools.ts";

const log = logger("alert");

const contactSchema = z.looseObject({ phone: z.string() });

/** Who hears of trouble: the contact that the DNA names for it, else the first of the people to ring. */
const phoneOf = (bridge: SalesBridge): string | undefined => contactSchema.safeParse(bridge.fallback_contact).data?.phone ?? destinationsOf(bridge)[0]?.phone;

/**
 * Tells the business by SMS that something of ours is broken. An attempt of the same run that got through is not repeated.
 * @param since real time in ms: no such text was sent before
 * @throws TwilioError when trying later can help
 */
export const alertOwner = async ({ memory, project, dna, tools, attempt }: AgentContext<AgentTools>, body: string, since: number): Promise<{ sent: boolean; reason?: string; message_sid?: string }> => {
  const to = phoneOf(dna.modules.lead_gen.sales_bridge);
  if (to === undefined) {
    log.error("nobody to alert", { tenant_id: memory.tenantId, project_id: project.id });
    return { sent: false, reason: "The project's DNA names nobody to text." };
  }
  const result = await sendSms(
    { twilio: tools.twilio, optOuts: memory.optOuts, publicUrl: tools.publicUrl },
    { to, from: tools.from, body, policy: { allowed_countries: dna.consent.allowed_countries, country: dna.identity.country }, mayBeSentSince: attempt > 1 ? since : null },
  );
  if (result.sent) return { sent: true, message_sid: result.sid };
  log.error("alert not sent", { tenant_id: memory.tenantId, project_id: project.id, reason: result.reason });
  return { sent: false, reason: result.reason };
};
