import type { Context } from "hono";
import { z } from "zod";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { notSignedBy } from "../../core/providers/twilio/signature.ts";
import { renderTwiml, type VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { CallAddress } from "../../durable/bridge-call/bridge-call.client.ts";
import type { LegStatus } from "../../durable/bridge-call/bridge-call.types.ts";
import type { CallEvent } from "../../durable/bridge-call/event.types.ts";
import { signedByTwilio } from "../middleware/twilio-signature.ts";
import { answerIncoming } from "../incoming-call.ts";
import { lineCalled } from "../incoming-line.ts";
import { createRouter, projectIdSchema } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { textOf } from "../middleware/body.ts";

const log = logger("voice");

const LEG_STATUSES = ["queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"] as const satisfies LegStatus[];

/** Which attempt a callback is about: our own query, which Twilio's signature covers. */
const addressSchema = z.object({ tenant: z.string().min(1), project: z.string().min(1), call: z.string().min(1), leg: z.string().min(1).default(""), attempt: z.coerce.number().int().nonnegative().catch(0), menu: z.string().max(20).default("") });

const whole = z.coerce.number().int().nonnegative().optional().catch(undefined);

/** The fields we read of Twilio's form posts; it adds others at will. */
const formSchema = z.object({
  CallSid: z.string().default(""),
  From: z.string().default(""),
  To: z.string().default(""),
  CallStatus: z.enum(LEG_STATUSES).optional().catch(undefined),
  CallDuration: whole,
  AnsweredBy: z.string().optional(),
  SipResponseCode: whole,
  Digits: z.string().default(""),
  DialCallStatus: z.string().default(""),
  DialCallDuration: whole,
  DialBridged: z.enum(["true", "false"]).optional().catch(undefined),
  RecordingSid: z.string().default(""),
  RecordingStatus: z.string().default(""),
  RecordingDuration: whole,
  TranscriptionText: z.string().max(20_000).default(""),
  TranscriptionStatus: z.string().default(""),
});
type TwilioForm = z.infer<typeof formSchema>;

interface Callback {
  address: CallAddress;
  leg: string;
  /** Which ring of the customer it is about. */
  attempt: number;
  menu: string;
  form: TwilioForm;
}

/** Null when the query is not one of ours: somebody else's call, as far as we know. */
const readCallback = async (c: Context<AppEnv>): Promise<Callback | null> => {
  const query = addressSchema.safeParse(c.req.query());
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(await textOf(c))));
  if (!query.success || !form.success) return null;
  return { address: { tenant_id: query.data.tenant, project_id: query.data.project, call_id: query.data.call }, leg: query.data.leg, attempt: query.data.attempt, menu: query.data.menu, form: form.data };
};

const xml = (reply: VoiceReply): Response => new Response(renderTwiml(reply), { headers: { "Content-Type": "text/xml; charset=utf-8" } });
const HANG_UP: VoiceReply = { kind: "hang_up", text: "", language: "en-US" };

/** A document that Twilio waits for. A call that we don't know is hung up: nothing else is safe. */
const document = (eventOf: (callback: Callback) => CallEvent) => async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  return xml((callback && (await c.var.services.bridgeCalls.callback(callback.address, c.var.twilioAccount, eventOf(callback)))) ?? HANG_UP);
};

/** A report that Twilio makes. One about a call that we don't know changes nothing. */
const report = (eventOf: (callback: Callback) => CallEvent | null) => async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  const event = callback && eventOf(callback);
  if (callback && event) await c.var.services.bridgeCalls.callback(callback.address, c.var.twilioAccount, event);
  return xml({ kind: "nothing" });
};

/** Recording ready: remembered on the call, and one job for it, however often Twilio says so. */
const recordingReady = async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  if (!callback || callback.form.RecordingSid === "") return xml({ kind: "nothing" });
  const { address, form } = callback;
  const { memory, jobs, bridgeCalls } = c.var.services;
  const account = c.var.twilioAccount;
  if (form.RecordingStatus !== "completed") {
    if (form.RecordingStatus === "absent") {
      await bridgeCalls.callback(address, account, { type: "noted", event: "alert", detail: { reason: "recording_absent" } });
      await bridgeCalls.callback(address, account, { type: "message_absent" });
    }
    return xml({ kind: "nothing" });
  }
  const store = memory.for(address.tenant_id, systemActor("twilio", c.var.requestId));
  const call = await store.calls.find(address.call_id);
  if (!call || call.project_id !== address.project_id) return xml({ kind: "nothing" });
  if (call.account_sid !== account) throw notSignedBy();
  // A caller who hangs up right after their message has Twilio tell of the recording alone.
  if (call.direction === "inbound") await bridgeCalls.callback(address, account, { type: "message_left", duration_s: form.RecordingDuration ?? null });
  const run = await store.calls.openRecordingRun(call, { sid: form.RecordingSid, duration_s: form.RecordingDuration ?? 0 }, QUEUE_PATIENCE_MS);
  if (run === null) return xml({ kind: "nothing" });
  await jobs.enqueue(run);
  log.info("recording ready", { request_id: c.var.requestId, call_id: call.id, run_id: run.id, recording_sid: form.RecordingSid });
  return xml({ kind: "nothing" });
};

/** Twilio's own transcription, where somebody has enabled it: taken where we have none. */
const transcribedByTwilio = async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  if (!callback || callback.form.TranscriptionStatus !== "completed" || callback.form.TranscriptionText === "") return xml({ kind: "nothing" });
  const { address, form } = callback;
  const store = c.var.services.memory.for(address.tenant_id, systemActor("twilio", c.var.requestId));
  const call = await store.calls.find(address.call_id);
  if (call && call.account_sid !== c.var.twilioAccount) throw notSignedBy();
  if (call && call.project_id === address.project_id && call.transcription === null) {
    await store.calls.setTranscription(call, { text: form.TranscriptionText, segments: [] });
  }
  return xml({ kind: "nothing" });
};

const incoming = async (c: Context<AppEnv>): Promise<Response> => {
  const { memory, settings } = c.var.services;
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(await textOf(c))));
  const id = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  const project = id.success ? await memory.directory.project(id.data) : undefined;
  if (!project || !form.success || form.data.CallSid === "") return xml(HANG_UP);
  return xml(await answerIncoming(c, project, await lineCalled(c, project, form.data.To), form.data));
};

/** The number's own status callback, where it is set at Twilio: it tells soonest that a caller has gone. */
const incomingStatus = async (c: Context<AppEnv>): Promise<Response | null> => {
  const { memory, bridgeCalls } = c.var.services;
  const id = projectIdSchema.safeParse(c.req.query("project_id"));
  const project = id.success ? await memory.directory.project(id.data) : undefined;
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(await textOf(c))));
  if (!project || !form.success || !form.data.CallStatus) return null;
  const call = await memory.for(project.tenant_id, systemActor("twilio", c.var.requestId)).incomingCalls.bySid(form.data.CallSid);
  if (call && call.account_sid !== c.var.twilioAccount) throw notSignedBy();
  if (call) await bridgeCalls.callback({ tenant_id: project.tenant_id, project_id: call.project_id, call_id: call.id }, c.var.twilioAccount, { type: "caller_progress", status: form.data.CallStatus });
  return xml({ kind: "nothing" });
};

/** A document that depends on nothing but the call's plan and where the attempt stands. */
const fixed = (kind: "taken" | "parked" | "message") => async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  return xml((callback && (await c.var.services.bridgeCalls.say(callback.address, c.var.twilioAccount, kind))) ?? HANG_UP);
};

const legProgress = ({ leg, form }: Callback): CallEvent | null =>
  form.CallStatus ? { type: "leg_progress", nonce: leg, sid: form.CallSid, status: form.CallStatus, answered_by: form.AnsweredBy ?? null, sip_code: form.SipResponseCode ?? null } : null;

const customerProgress = ({ leg, attempt, form }: Callback): CallEvent | null =>
  form.CallStatus ? { type: "customer_progress", nonce: leg, attempt, sid: form.CallSid, status: form.CallStatus, duration_s: form.CallDuration ?? null, sip_code: form.SipResponseCode ?? null } : null;

const dialDone = ({ leg, attempt, form }: Callback): CallEvent => ({
  type: "dial_done",
  nonce: leg,
  attempt,
  status: form.DialCallStatus,
  bridged: form.DialBridged === undefined ? null : form.DialBridged === "true",
  duration_s: form.DialCallDuration ?? null,
  over: form.CallStatus !== undefined && form.CallStatus !== "in-progress" && form.CallStatus !== "ringing",
});

export const voiceRoutes = createRouter();
voiceRoutes.use("/api/voice/*", signedByTwilio);
voiceRoutes.post("/api/voice/incoming", incoming);
// The owner's leg.
voiceRoutes.post("/api/voice/whisper", document(({ leg, form }) => ({ type: "owner_listening", nonce: leg, sid: form.CallSid })));
voiceRoutes.post("/api/voice/connect", document(({ leg, form }) => ({ type: "owner_key", nonce: leg, sid: form.CallSid, digit: form.Digits })));
voiceRoutes.post("/api/voice/status", async (c) => (c.req.query("call") === undefined ? ((await incomingStatus(c)) ?? xml({ kind: "nothing" })) : report(legProgress)(c)));
voiceRoutes.post("/api/voice/machine", report(({ leg, form }) => (/^(?:machine|fax)/.test(form.AnsweredBy ?? "") ? { type: "leg_is_machine", nonce: leg, sid: form.CallSid } : null)));
voiceRoutes.post("/api/voice/taken", fixed("taken"));
voiceRoutes.post("/api/voice/menu", document(({ leg, form }) => ({ type: "menu_opened", nonce: leg, sid: form.CallSid })));
voiceRoutes.post("/api/voice/menu-key", document(({ leg, attempt, form }) => ({ type: "menu_key", nonce: leg, sid: form.CallSid, digit: form.Digits, attempt })));
// The customer's leg.
voiceRoutes.post("/api/voice/customer-status", report(customerProgress));
voiceRoutes.post("/api/voice/customer-machine", report(({ leg, attempt, form }) => (form.AnsweredBy === undefined ? null : { type: "customer_judged", nonce: leg, attempt, sid: form.CallSid, answered_by: form.AnsweredBy })));
voiceRoutes.post("/api/voice/notice", document(({ leg, attempt }) => ({ type: "customer_listening", nonce: leg, attempt })));
voiceRoutes.post("/api/voice/notice-done", report(({ leg, attempt }) => ({ type: "notice_done", nonce: leg, attempt })));
voiceRoutes.post("/api/voice/parked", fixed("parked"));
voiceRoutes.post("/api/voice/message", fixed("message"));
voiceRoutes.post("/api/voice/dial-done", document(dialDone));
// A caller's leg.
voiceRoutes.post("/api/voice/caller-key", document(({ menu, form }) => ({ type: "caller_key", digit: form.Digits, menu })));
voiceRoutes.post("/api/voice/message-done", document(({ form }) => ({ type: "message_left", duration_s: form.RecordingDuration ?? null })));
// Both.
voiceRoutes.post("/api/voice/recording-status", recordingReady);
voiceRoutes.post("/api/voice/transcription", transcribedByTwilio);
