import { z } from "zod";
import { channelsOf, stopConsequences } from "../../../core/contact/incoming.ts";
import { notFound, vendorError } from "../../../core/errors.ts";
import { action } from "../../../core/kernel/agent.ts";
import type { Consequence } from "../../../core/memory/consequences.ts";
import type { AgentTools } from "../../tools.ts";
import { readIntent } from "../contact-intent/intent.ts";
import { startCall } from "../start-call.ts";
import { messageParams } from "./sending.ts";

/** `heed` "stop": nothing else that the model reads in the text is acted upon. */
const readParams = messageParams.extend({ heed: z.enum(["stop", "all"]).default("all") });

/** Has a model read a text that may be an opt-out, and heeds it. The text itself was kept and forwarded when it came. */
export const readReply = action<AgentTools, typeof readParams>(readParams, async ({ memory, project, dna, tools, runId }, { message_id, heed }) => {
  const message = await memory.messages.get(message_id);
  if (message.project_id !== project.id || message.direction !== "in" || message.sid === null) throw notFound("message");
  if (message.attempts > 0) return { intent: null };
  const read = await readIntent({ text: message.body, businessName: dna.identity.business_name, gateway: tools.gatewayOf(memory, project.id, runId) });
  if (read.failed) throw vendorError("intent_not_read", "No model could be asked what this text means.", { retryable: true });
  const intent = heed === "stop" && read.intent !== "stop" ? "other" : read.intent;
  if (intent === "call_me" && message.lead_id !== null) await startCall({ memory, bridgeCalls: tools.bridgeCalls }, { project, lead_id: message.lead_id, dna });
  const origin = { sid: message.sid, project_id: project.id, from: message.phone_from, to: message.phone_to, account_sid: message.account_sid, party: message.party };
  const said = { channels: channelsOf(message.body), reason: "sms:read", confirm: true };
  const start: Consequence[] = [{ kind: "opt_in", phone: message.phone_from }, { kind: "reopen_lead" }];
  const consequences = intent === "stop" ? stopConsequences(origin, said, dna.identity.business_name) : intent === "start" ? start : [];
  for (const follower of await memory.inbox.wasRead(message, consequences)) await tools.enqueue({ id: follower.run_id, tenant_id: memory.tenantId }, follower.after_ms);
  return { intent };
});

const chaseParams = z.object({ lead_id: z.string().min(1).max(80), by: z.string().min(1).max(40) });

/** Owner and customer have met some other way: what still tries to bring them together is told so. */
export const endChase = action<AgentTools, typeof chaseParams>(chaseParams, async ({ memory, project, tools }, { lead_id, by }) => {
  const open = await memory.calls.openOf({ id: lead_id, project_id: project.id });
  for (const call_id of open) await tools.bridgeCalls.handle({ tenant_id: memory.tenantId, project_id: project.id, call_id }, { type: "contacted", by });
  return { calls: open };
});
