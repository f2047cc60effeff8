import type { Context } from "hono";
import { z } from "zod";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { renderTwiml, type VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { CallAddress } from "../../durable/bridge-call/bridge-call.client.ts";
import type { CallEvent, LegStatus } from "../../durable/bridge-call/bridge-call.types.ts";
import { signedByTwilio } from "../middleware/twilio-signature.ts";
import { createRouter } from "../router.ts";
import type { AppEnv } from "../services.ts";
import { textOf } from "../middleware/body.ts";

const log = logger("voice");

const LEG_STATUSES = ["queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"] as const satisfies LegStatus[];

/** Which attempt a callback is about: our own query, which Twilio's signature covers. */
const addressSchema = z.object({ tenant: z.string().min(1), project: z.string().min(1), call: z.string().min(1), leg: z.string().min(1).default("") });

const whole = z.coerce.number().int().nonnegative().optional().catch(undefined);

/** The fields we read of Twilio's form posts; it adds others at will. */
const formSchema = z.object({
  CallSid: z.string().default(""),
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
});
type TwilioForm = z.infer<typeof formSchema>;

interface Callback {
  address: CallAddress;
  leg: string;
  form: TwilioForm;
}

/** Null when the query is not one of ours: somebody else's call, as far as we know. */
const readCallback = async (c: Context<AppEnv>): Promise<Callback | null> => {
  const query = addressSchema.safeParse(c.req.query());
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(await textOf(c))));
  if (!query.success || !form.success) return null;
  return { address: { tenant_id: query.data.tenant, project_id: query.data.project, call_id: query.data.call }, leg: query.data.leg, form: form.data };
};

const xml = (reply: VoiceReply): Response => new Response(renderTwiml(reply), { headers: { "Content-Type": "text/xml; charset=utf-8" } });
const HANG_UP: VoiceReply = { kind: "hang_up", text: "", language: "en-US" };

/** A document that Twilio waits for. A call that we don't know is hung up: nothing else is safe. */
const document = (eventOf: (callback: Callback) => CallEvent) => async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  return xml((callback && (await c.var.services.bridgeCalls.handle(callback.address, eventOf(callback)))) ?? HANG_UP);
};

/** A report that Twilio makes. One about a call that we don't know changes nothing. */
const report = (eventOf: (callback: Callback) => CallEvent | null) => async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  const event = callback && eventOf(callback);
  if (callback && event) await c.var.services.bridgeCalls.handle(callback.address, event);
  return xml({ kind: "nothing" });
};

/** Recording ready: remembered on the call, and one job for it, however often Twilio says so. */
const recordingReady = async (c: Context<AppEnv>): Promise<Response> => {
  const callback = await readCallback(c);
  if (!callback || callback.form.RecordingSid === "") return xml({ kind: "nothing" });
  const { address, form } = callback;
  const { memory, jobs, bridgeCalls } = c.var.services;
  if (form.RecordingStatus !== "completed") {
    if (form.RecordingStatus === "absent") await bridgeCalls.handle(address, { type: "noted", event: "alert", detail: { reason: "recording_absent" } });
    return xml({ kind: "nothing" });
  }
  const store = memory.for(address.tenant_id, systemActor("twilio", c.var.requestId));
  const call = await store.calls.find(address.call_id);
  if (!call || call.project_id !== address.project_id) return xml({ kind: "nothing" });
  const runId = await store.calls.openRecordingRun(call, form.RecordingSid, QUEUE_PATIENCE_MS);
  if (runId === null) return xml({ kind: "nothing" });
  await jobs.enqueue({ id: runId, tenant_id: address.tenant_id });
  log.info("recording ready", { request_id: c.var.requestId, call_id: call.id, run_id: runId, recording_sid: form.RecordingSid });
  return xml({ kind: "nothing" });
};

export const voiceRoutes = createRouter();
voiceRoutes.use("/api/voice/*", signedByTwilio);
voiceRoutes.post("/api/voice/whisper", document(({ leg, form }) => ({ type: "owner_listening", nonce: leg, sid: form.CallSid })));
voiceRoutes.post("/api/voice/connect", document(({ leg, form }) => ({ type: "owner_key", nonce: leg, sid: form.CallSid, digit: form.Digits })));
voiceRoutes.post("/api/voice/notice", document(({ leg }) => ({ type: "customer_listening", nonce: leg })));
voiceRoutes.post("/api/voice/notice-done", report(({ leg }) => ({ type: "notice_done", nonce: leg })));
voiceRoutes.post(
    "/api/voice/dial-done",
    document(({ leg, form }) => ({
      type: "dial_done",
      nonce: leg,
      status: form.DialCallStatus,
      bridged: form.DialBridged === undefined ? null : form.DialBridged === "true",
      duration_s: form.DialCallDuration ?? null,
    })),
  );
voiceRoutes.post(
    "/api/voice/status",
    report(({ leg, form }) =>
      form.CallStatus
        ? { type: "leg_progress", nonce: leg, sid: form.CallSid, status: form.CallStatus, answered_by: form.AnsweredBy ?? null, sip_code: form.SipResponseCode ?? null }
        : null,
    ),
  );
voiceRoutes.post(
    "/api/voice/customer-status",
    report(({ leg, form }) =>
      form.CallStatus
        ? { type: "customer_progress", nonce: leg, sid: form.CallSid, status: form.CallStatus, duration_s: form.CallDuration ?? null, sip_code: form.SipResponseCode ?? null }
        : null,
    ),
  );
voiceRoutes.post("/api/voice/recording-status", recordingReady);
