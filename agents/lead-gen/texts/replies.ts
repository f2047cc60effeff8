import { z } from "zod";
import { stopConsequences } from "../../../core/contact/incoming.ts";
import { notFound } from "../../../core/errors.ts";
import { action } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { readIntent } from "../contact-intent/read-intent.ts";
import { messageParams } from "./sending.ts";

/** Has a model read a text that may be an opt-out, and heeds it. The text itself was kept and forwarded when it came. */
export const readReply = action<AgentTools, typeof messageParams>(messageParams, async ({ memory, project, dna, tools }, { message_id }) => {
  const message = await memory.messages.get(message_id);
  if (message.project_id !== project.id || message.direction !== "in" || message.sid === null) throw notFound("message");
  if (message.attempts > 0) return { stop: null };
  const { stop } = await readIntent(tools.gateway, message.body);
  const origin = { sid: message.sid, project_id: project.id, from: message.phone_from, to: message.phone_to, party: message.party };
  // Who wants no calls wants no texts that they did not ask for either; the confirmation tells how to undo it.
  const consequences = stop.length === 0 ? [] : stopConsequences(origin, { channels: [...new Set([...stop, "sms" as const])], reason: "sms:read", confirm: true }, dna.identity.business_name);
  for (const follower of await memory.inbox.wasRead(message, consequences)) await tools.enqueue({ id: follower.run_id, tenant_id: memory.tenantId }, follower.after_ms);
  return { stop };
});

const chaseParams = z.object({ lead_id: z.string().min(1).max(80), by: z.string().min(1).max(40) });

/** Owner and customer have met some other way: what still tries to bring them together is told so. */
export const endChase = action<AgentTools, typeof chaseParams>(chaseParams, async ({ memory, project, tools }, { lead_id, by }) => {
  const open = await memory.calls.openOf({ id: lead_id, project_id: project.id });
  for (const call_id of open) await tools.bridgeCalls.handle({ tenant_id: memory.tenantId, project_id: project.id, call_id }, { type: "contacted", by });
  return { calls: open };
});
