import { z } from "zod";
import { campaignConsequences } from "../../../core/contact/campaign-consequences.ts";
import type { CampaignReply } from "../../../core/contact/campaign.types.ts";
import { channelsOf, stopConsequences } from "../../../core/contact/incoming.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import { notFound, vendorError } from "../../../core/errors.ts";
import { action } from "../../../core/kernel/agent.ts";
import type { Consequence } from "../../../core/memory/consequences.ts";
import type { Message } from "../../../core/memory/messages.store.ts";
import type { AgentTools } from "../../tools.ts";
import { type ContactIntent, readIntent } from "../contact-intent/intent.ts";
import { DUTY_DUE_MS, startCall } from "../start-call.ts";
import { messageParams } from "./sending.ts";

/** `heed` "stop": nothing else that the model reads in the text is acted upon. */
const readParams = messageParams.extend({ heed: z.enum(["stop", "all"]).default("all") });

const CAMPAIGN_REPLIES: Readonly<Partial<Record<ContactIntent, Exclude<CampaignReply, "stop">>>> = { call_me: "interested", interested: "interested", later: "later", no: "no", question: "question" };

/** What the model's reading brings about. A text that asks to be rung, or says yes to a campaign, has its lead's call opened with it. */
const consequencesOf = (intent: ContactIntent, message: Message & { sid: string }, dna: Dna): Consequence[] => {
  const { sid, project_id, phone_from: from, phone_to: to, account_sid, party, campaign_id, body, created_at: at } = message;
  const call: Consequence = { kind: "call", project_id, due_in_ms: DUTY_DUE_MS };
  if (intent === "stop") {
    const stopped = stopConsequences({ sid, project_id, from, to, account_sid, party }, { channels: channelsOf(body), reason: "sms:read", confirm: true }, dna.identity.business_name);
    return campaign_id === null ? stopped : [...stopped, { kind: "campaign_reply", campaign_id, phone: from, reply: "stop" }];
  }
  if (intent === "start") return [{ kind: "opt_in", phone: from }, { kind: "reopen_lead" }];
  const reply = CAMPAIGN_REPLIES[intent];
  if (campaign_id === null || reply === undefined) return intent === "call_me" ? [call] : [];
  return campaignConsequences(reply, { campaign_id, project_id, sid, phone: from, body, at }, { time_zone: zoneOf(dna), rings: dna.modules.lead_gen.enabled, duty_due_ms: DUTY_DUE_MS });
};

/** Has a model read a text that may be an opt-out, or an answer to a campaign, and heeds it. The text itself was kept and forwarded when it came. */
export const readReply = action<AgentTools, typeof readParams>(readParams, async ({ memory, project, dna, tools, runId }, { message_id, heed }) => {
  const message = await memory.messages.get(message_id);
  const { sid, campaign_id, lead_id } = message;
  if (message.project_id !== project.id || message.direction !== "in" || sid === null) throw notFound("message");
  if (message.attempts > 0) return { intent: null };
  const lastSent = campaign_id === null ? null : await memory.campaignRecipients.textTo(campaign_id, message.phone_from);
  const read = await readIntent({ text: message.body, lastSent, businessName: dna.identity.business_name, gateway: tools.gatewayOf(memory, project.id, runId) });
  if (read.failed) throw vendorError("intent_not_read", "No model could be asked what this text means.", { retryable: true });
  const intent = heed === "stop" && read.intent !== "stop" ? "other" : read.intent;
  const consequences = consequencesOf(intent, { ...message, sid }, dna);
  // The call's duty is stored with the reading; handed over at once, and by the sweep where this fails.
  for (const { run, after_ms } of await memory.inbox.wasRead(message, consequences)) await tools.enqueue(run, after_ms);
  if (lead_id !== null && consequences.some(({ kind }) => kind === "call")) await startCall({ memory, bridgeCalls: tools.bridgeCalls }, { project, lead_id, dna, asked_at: message.created_at });
  return { intent };
});

const chaseParams = z.object({ lead_id: z.string().min(1).max(80), by: z.string().min(1).max(40) });

/** Owner and customer have met some other way: what still tries to bring them together is told so. */
export const endChase = action<AgentTools, typeof chaseParams>(chaseParams, async ({ memory, project, tools }, { lead_id, by }) => {
  const open = await memory.calls.openOf({ id: lead_id, project_id: project.id });
  for (const call_id of open) await tools.bridgeCalls.handle({ tenant_id: memory.tenantId, project_id: project.id, call_id }, { type: "contacted", by });
  return { calls: open };
});
