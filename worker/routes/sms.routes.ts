import type { Context } from "hono";
import { z } from "zod";
import { DUTY_DUE_MS, startCall } from "../../agents/lead-gen/start-call.ts";
import { consequencesOfFailure } from "../../core/contact/failure.ts";
import { isLost } from "../../core/contact/delivery.ts";
import { decide, type IncomingText } from "../../core/contact/incoming.ts";
import { ownPhones } from "../../core/contact/people.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { zoneOf } from "../../core/dna/time-zone.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { Follower } from "../../core/memory/consequences.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Taken } from "../../core/memory/inbox.store.ts";
import { notedIds } from "../../core/observe/activity.ts";
import { notSignedBy } from "../../core/providers/twilio/signature.ts";
import { renderTwiml } from "../../core/providers/twilio/twiml.ts";
import { lineCalled } from "../incoming-line.ts";
import { actorOf } from "../middleware/auth.ts";
import { textOf } from "../middleware/body.ts";
import { signedByTwilio } from "../middleware/twilio-signature.ts";
import { createRouter, projectIdSchema } from "../router.ts";
import type { AppEnv } from "../services.ts";

const log = logger("sms");

const code = z.coerce.number().int().positive().optional().catch(undefined);
const statuses = ["accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read", "partially_delivered"] as const;

/** The fields we read of Twilio's form posts (CONTRACTS 1.4); it adds others at will. */
const reportSchema = z.object({ MessageSid: z.string().min(1).max(64), MessageStatus: z.enum(statuses), ErrorCode: code, To: z.string().default("") });
const incomingSchema = z.object({
  MessageSid: z.string().min(1).max(64),
  From: z.string().min(1).max(64),
  To: z.string().max(64).default(""),
  Body: z.string().max(8000).default(""),
  NumMedia: z.coerce.number().int().nonnegative().catch(0).default(0),
  OptOutType: z.enum(["STOP", "START", "HELP"]).nullable().catch(null).default(null),
});

const formOf = async (c: Context<AppEnv>): Promise<Record<string, string>> => Object.fromEntries(new URLSearchParams(await textOf(c)));

/** Nothing is ever answered by TwiML: a text of ours goes out by the one way there is. */
const done = (): Response => new Response(renderTwiml({ kind: "nothing" }), { headers: { "Content-Type": "text/xml; charset=utf-8" } });

/** What a search for a lead or call should find it by. */
const aboutOf = (text: { lead_id: string | null; call_id: string | null } | undefined): Record<string, string> => ({
  ...(typeof text?.lead_id === "string" ? { lead_id: text.lead_id } : {}),
  ...(typeof text?.call_id === "string" ? { call_id: text.call_id } : {}),
});

const queue = async (c: Context<AppEnv>, tenantId: string, followers: Follower[]): Promise<void> => {
  await Promise.all(followers.map(async ({ run_id, after_ms }) => c.var.services.jobs.enqueue({ id: run_id, tenant_id: tenantId }, after_ms)));
};

/** A delivery report about one of our texts, which our own query names; about any other, nothing changes. */
const report = async (c: Context<AppEnv>): Promise<Response> => {
  const { memory, clock } = c.var.services;
  const form = reportSchema.safeParse(await formOf(c));
  const { tenant, message: id } = c.req.query();
  if (!form.success || tenant === undefined || id === undefined) return done();
  const store = memory.for(tenant, actorOf(c, "vendor:twilio"));
  const message = await store.messages.find(id);
  if (message && message.account_sid !== c.var.twilioAccount) throw notSignedBy();
  const about = aboutOf(message);
  notedIds(about);
  const { MessageSid: sid, MessageStatus: status, ErrorCode: error_code = null, To: to } = form.data;
  // While the SID is not known yet, the number must be the one that we texted.
  if (message?.direction !== "out" || (message.sid === null ? to !== message.phone_to : sid !== message.sid)) return done();
  const consequences = isLost(status) ? consequencesOfFailure(message, error_code, clock.now()) : [];
  await queue(c, tenant, await store.messages.report(message, { sid, status, error_code }, consequences));
  log.info("sms status", { request_id: c.var.requestId, ...about, message_id: id, message_sid: sid, status, error_code });
  return done();
};

/** The call that somebody asked for by text is handed over at once; what fails here, the sweep makes good. */
const ring = async (c: Context<AppEnv>, store: TenantMemory, taken: Taken, project: Project, dna: Dna): Promise<void> => {
  const { bridgeCalls, clock } = c.var.services;
  if (taken.call_id === null || taken.lead_id === null) return;
  try {
    // By this very text, whenever the lead came.
    await startCall({ memory: store, bridgeCalls }, { project, lead_id: taken.lead_id, dna, asked_at: clock.now() });
  } catch (error) {
    log.error("call not handed over; the sweep will", { call_id: taken.call_id, lead_id: taken.lead_id, error: describeError(error) });
  }
};

/** A text to one of the business's numbers: stored with all that it brings about before Twilio is answered. */
const incoming = async (c: Context<AppEnv>): Promise<Response> => {
  const { memory, clock, dna: dnas, settings } = c.var.services;
  const form = incomingSchema.safeParse(await formOf(c));
  const projectId = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  const project = projectId.success && form.success ? await memory.directory.project(projectId.data) : undefined;
  if (!project || !form.success) return done();
  const { MessageSid: sid, From: from, To: to, Body: body, NumMedia: attachments, OptOutType: opt_out_type } = form.data;
  const line = (await lineCalled(c, project, to)).line ?? { from: settings.TWILIO_PHONE_NUMBER, account_sid: null };
  const text: IncomingText = { sid, project_id: project.id, from, to: line.from, account_sid: line.account_sid, body, attachments, opt_out_type };
  const store = memory.for(project.tenant_id, actorOf(c, "vendor:twilio"));
  const [dna, situation] = await Promise.all([dnas.load(project), store.inbox.situation({ project_id: project.id, sid, phone: from })]);
  if (situation.repeated) return done();
  const business = { name: dna.identity.business_name, country: dna.identity.country, time_zone: zoneOf(dna), people: ownPhones(dna), rings: dna.modules.lead_gen.enabled, duty_due_ms: DUTY_DUE_MS };
  const decision = decide(text, situation, business, clock.now());
  const taken = await store.inbox.take(decision.message, decision.consequences);
  if (!taken) return done();
  const about = aboutOf(taken);
  notedIds(about);
  await ring(c, store, taken, project, dna);
  await queue(c, project.tenant_id, taken.followers);
  log.info("sms received", { request_id: c.var.requestId, ...about, message_id: taken.message_id, tenant_id: project.tenant_id, project_id: project.id, party: decision.message.party, status: decision.message.status });
  return done();
};

export const smsRoutes = createRouter();
smsRoutes.use("/api/sms/*", signedByTwilio);
smsRoutes.post("/api/sms/status", report);
smsRoutes.post("/api/sms/incoming", incoming);
