import type { Context } from "hono";
import { leadOf } from "../agents/lead-gen/lead.ts";
import { DUTY_DUE_MS, planCallOf } from "../agents/lead-gen/start-call.ts";
import { ownPhones } from "../core/contact/people.ts";
import { type Dna, peopleOf } from "../core/dna/schema.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { Project } from "../core/memory/projects.store.ts";
import type { VoiceReply } from "../core/providers/twilio/twiml.ts";
import type { CalledLine } from "./incoming-line.ts";
import type { AppEnv } from "./services.ts";

const log = logger("incoming");

/** What Twilio sends as `From` where there is no number, besides words: the keys that spell them (its "anonymous caller" pages). */
const NOBODY = new Set(["+266696687", "+86282452253", "+7378742883", "+2562533", "+8656696", "+17378742833"]);

const callerPhone = (from: string): string | null => (/^\+[1-9]\d{6,14}$/.test(from) && !NOBODY.has(from) ? from : null);

interface Caller extends CalledLine {
  sid: string;
  phone: string | null;
}

/** The owner rings their own number: they mean their newest lead. */
const ownerReply = async (c: Context<AppEnv>, store: TenantMemory, project: Project, dna: Dna, caller: Caller & { phone: string }): Promise<VoiceReply> => {
  const { bridgeCalls } = c.var.services;
  const { language } = dna.modules.lead_gen.sales_bridge;
  const say = (text: string): VoiceReply => ({ kind: "hang_up", text, language });
  const leadId = await store.incomingCalls.latestLead(project.id, ownPhones(dna));
  if (leadId === null) return say("You have no open leads. Goodbye.");
  const plan = await planCallOf({ memory: store, bridgeCalls }, { project, lead_id: leadId, dna, ...(caller.line === null ? {} : { line: caller.line }) });
  const name = peopleOf(dna.modules.lead_gen.sales_bridge).find((person) => person.phone === caller.phone)?.name ?? "";
  return (await bridgeCalls.ownerCalledIn(plan, { sid: caller.sid, phone: caller.phone, name })) ?? say("");
};

/**
 * A call to the business's number: stored with its lead before anything else, then answered with a document. The lead's
 * other calls stop, since the customer is on the line.
 */
export const answerIncoming = async (c: Context<AppEnv>, project: Project, called: CalledLine, form: { CallSid: string; From: string }): Promise<VoiceReply> => {
  const { memory, bridgeCalls, clock, dna: loader } = c.var.services;
  const store = memory.for(project.tenant_id, systemActor("twilio", c.var.requestId));
  const dna = await loader.load(project);
  const caller: Caller = { sid: form.CallSid, phone: callerPhone(form.From), ...called };
  const { line } = called;
  if (caller.phone !== null && ownPhones(dna).includes(caller.phone)) return ownerReply(c, store, project, dna, { ...caller, phone: caller.phone });

  const { text_back_cooldown_minutes } = dna.modules.lead_gen.inbound;
  const taken = await store.incomingCalls.take({
    project_id: project.id,
    call_sid: caller.sid,
    account_sid: line?.account_sid ?? null,
    page_id: called.page_id,
    phone: caller.phone,
    text_back_since: clock.now() - text_back_cooldown_minutes * 60_000,
    dueInMs: DUTY_DUE_MS,
  });
  const { call, lead } = taken;
  log.info("call received", { request_id: c.var.requestId, call_id: call.id, lead_id: lead.id, tenant_id: project.tenant_id, project_id: project.id, blocked: taken.blocked });
  if (taken.blocked) {
    await store.incomingCalls.refuse(call.id);
    return { kind: "reject" };
  }
  const address = { tenant_id: project.tenant_id, project_id: project.id };
  await Promise.all(taken.chasing.map(async (call_id) => bridgeCalls.contacted({ ...address, call_id }, "customer_called")));
  return bridgeCalls.startInbound(
    { ...address, call_id: call.id, received_at: call.received_at, asked_at: call.received_at, line, dna, lead: leadOf(lead), textBack: !taken.texted_back, messageOnly: taken.suspended },
    { sid: caller.sid },
  );
};
