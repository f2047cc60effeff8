import { z } from "zod";
import { clip, oneLine } from "../call-analysis/words.ts";
import { sendSms } from "../../../core/contact/send-sms.ts";
import { peopleOf } from "../../../core/dna/schema.ts";
import { AppError, notFound } from "../../../core/errors.ts";
import { type AgentContext, action } from "../../../core/kernel/agent.ts";
import type { Entity } from "../../../core/memory/entities.store.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import type { AgentTools } from "../../tools.ts";
import { leadOf } from "../lead.ts";
import { DUTY_DUE_MS, startCall } from "../start-call.ts";
import { smsToolsOf } from "../texts/sending.ts";
import { draftReply } from "./draft-reply.ts";
import { leadToScore } from "./lead-to-score.ts";

type Context = AgentContext<AgentTools>;

const actParams = z.object({ lead_id: z.string().min(1).max(80) });

/** A text of a few segments; beyond it nobody reads on. */
const MOST_CHARACTERS = 640;
/** A longer address would leave no room for the rest. */
const MOST_ADDRESS = 240;

const actedSchema = z.discriminatedUnion("how", [z.object({ how: z.literal("call"), call_id: z.string() }), z.object({ how: z.literal("card"), message_sid: z.string() })]);

export type ActResult =
  | { acted: "call"; call_id: string }
  | { acted: "card"; message_sid: string; because: string }
  /** `until`: ISO 8601; a run of its own takes it up then. */
  | { acted: "later"; until: string }
  | { acted: "no"; because: string };

/** Why the owner gets a text rather than a call; null: they are rung. */
const whyNoCall = ({ dna }: Context, entity: Entity): string | null => {
  const { enabled, live, scoring } = dna.modules.lead_gen;
  const platform = typeof entity.metadata.platform === "string" ? entity.metadata.platform : "";
  if (leadOf(entity).phone === null) return "no_phone";
  // What was harvested must not be rung (UEM Act, Spam Act): somebody has to have said why this platform's people may be.
  if (!Object.hasOwn(scoring.contact_basis, platform)) return "no_contact_basis";
  return enabled && live ? null : "not_live";
};

const cardOf = (context: Context, entity: Entity, draft: string): string => {
  const { dna, memory, tools } = context;
  const { title, place } = leadToScore(entity);
  const { score, platform, source_url } = entity.metadata;
  const address = typeof source_url === "string" && source_url.length <= MOST_ADDRESS ? source_url : tools.cardLink({ tenant_id: memory.tenantId, lead_id: entity.id });
  const head = `${dna.identity.business_name}: found on ${String(platform)} (score ${String(score)})\n${[clip(oneLine(title), 120), place].filter((one) => one !== null && one !== "").join(", ")}\n${address}`;
  return clip(`${head}\nYour answer, if you like: ${draft}`, MOST_CHARACTERS);
};

const tellOwner = async (context: Context, entity: Entity, because: string): Promise<ActResult> => {
  const { memory, project, dna, tools, runId } = context;
  const [owner] = peopleOf(dna.modules.lead_gen.sales_bridge);
  if (!owner) throw new AppError({ code: "no_destination", status: 422, message: "The project's DNA names nobody to text." });
  const kept = entity.metadata.draft_reply;
  const draft = typeof kept === "string" ? kept : await memory.leadScores.keepDraft(entity.id, await draftReply(leadToScore(entity), dna, tools.gatewayOf(memory, project.id, runId)));
  const text = { key: `found_card:${entity.id}`, project_id: project.id, lead_id: entity.id, call_id: null, to: owner.phone, line: tools.lineOf(project), body: cardOf(context, entity, draft), purpose: "lead_card" as const, party: "owner" as const };
  const sent = await sendSms(smsToolsOf(context), { ...text, asked_at: null, policy: policyOf(dna) });
  if ("put_off_until" in sent) {
    const until = new Date(sent.put_off_until).toISOString();
    const next = { project_id: project.id, task: "lead_gen_manager", action: "act_on_lead", params: { lead_id: entity.id }, idempotency_key: `act:${entity.id}:${until}` };
    await memory.runs.create(next, Math.max(0, sent.put_off_until - tools.clock.now()));
    return { acted: "later", until };
  }
  if (!sent.sent) throw new AppError({ code: "sms_not_sent", status: 422, message: sent.reason });
  await memory.leadScores.toldOwner(entity.id, sent.sid);
  return { acted: "card", message_sid: sent.sid, because };
};

/** Hands over the call that is written on the lead: once more if that is not known to have happened, and never a second one. */
const handOver = async ({ memory, project, dna, tools }: Context, leadId: string, callId: string): Promise<ActResult> => {
  const call = await memory.calls.get(callId);
  if (call.end_reason === null) await startCall({ memory, bridgeCalls: tools.bridgeCalls }, { project, lead_id: leadId, dna });
  return { acted: "call", call_id: callId };
};

/**
 * What follows from a found lead's score: over the threshold the owner is rung about it, where it has a phone and its platform a basis for
 * contact, else texted. Once a lead, however often it is asked for; who posted it gets nothing from us.
 * @throws AppError 404, 422 when nobody can be told, what the gate and Twilio throw
 */
export const actOnLead = action<AgentTools, typeof actParams>(actParams, async (context, { lead_id }): Promise<ActResult> => {
  const { memory, project, dna } = context;
  const entity = await memory.entities.get(lead_id);
  if (entity.entity_type !== "lead" || entity.project_id !== project.id || entity.metadata.source !== "sniper") throw notFound("lead");
  const acted = actedSchema.safeParse(entity.metadata.acted).data;
  if (acted?.how === "call") return handOver(context, lead_id, acted.call_id);
  if (acted?.how === "card") return { acted: "card", message_sid: acted.message_sid, because: "told before" };
  const { score, status } = entity.metadata;
  if (typeof score !== "number" || score <= dna.modules.lead_gen.scoring.score_threshold) return { acted: "no", because: "not over the threshold" };
  if (status !== "new") return { acted: "no", because: `the lead is ${String(status)}` };

  const because = whyNoCall(context, entity);
  if (because !== null) return tellOwner(context, entity, because);
  const callId = await memory.leadScores.openCall({ id: lead_id, project_id: project.id }, DUTY_DUE_MS);
  // Somebody was first: what they did is on the lead.
  return callId === null ? { acted: "no", because: "called already" } : handOver(context, lead_id, callId);
});
