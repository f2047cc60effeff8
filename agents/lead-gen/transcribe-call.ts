import { sendSms } from "../../core/contact/send-sms.ts";
import { shorten } from "../../core/contact/template.ts";
import { peopleOf } from "../../core/dna/schema.ts";
import { AppError } from "../../core/errors.ts";
import { type AgentContext, later } from "../../core/kernel/agent.ts";
import type { Call } from "../../core/memory/calls.store.ts";
import { notedIds } from "../../core/observe/activity.ts";
import { recordingKey } from "../../core/recordings/recordings.store.ts";
import { policyOf } from "../../core/security/consent/policy.ts";
import type { AgentTools } from "../tools.ts";
import { analyse } from "./call-analysis/analyse.ts";
import { transcribe } from "./call-analysis/transcribe.ts";
import { transcriptSchema } from "./call-analysis/transcript.schemas.ts";
import { withRecording } from "./find-recording.ts";
import { type Lead, leadOf } from "./lead.ts";
import { smsToolsOf } from "./texts/sending.ts";

const STEPS = 3;
/** Nobody waits for it, and an hour later the call is over for good. The sweep queues it. */
const LEARN_AFTER_MS = 3_600_000;
/** Until Twilio is asked again about a recording that it is still making. */
const RECORDING_IS_MADE_MS = 60_000;
/** Characters of a message that go into a text. */
const MAX_VOICEMAIL = 480;

/** A call that came in, has a recording and never was a conversation: somebody spoke to the machine. */
const isVoicemail = ({ direction, latency }: Pick<Call, "direction" | "latency">): boolean => direction === "inbound" && (latency.form_to_connected_ms ?? null) === null;

const wordCount = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

/**
 * From a recording at Twilio to words and meaning on the lead. Each step leaves its result where the next attempt finds
 * it, so that a retry neither fetches nor pays for the same minutes again.
 */
export const transcribeCall = async (context: AgentContext<AgentTools>, { call_id }: { call_id: string }) => {
  const { memory, project, dna, tools, report, runId } = context;
  const known = await memory.calls.get(call_id);
  if (known.project_id !== project.id) throw new AppError({ code: "call_not_found", status: 404, message: "There is no such call in this project." });
  notedIds({ lead_id: known.lead_id });
  const call = await withRecording(context, known);
  if (call === null) return later(RECORDING_IS_MADE_MS);
  const note = async (event: "recorded" | "transcribed" | "analysed", detail: Record<string, unknown>): Promise<void> => {
    await tools.bridgeCalls.handle({ tenant_id: memory.tenantId, project_id: call.project_id, call_id }, { type: "noted", event, detail });
  };

  const key = call.recording_key ?? (await storeRecording(context, call));
  if (call.recording_key === null) await note("recorded", {});
  await report({ done: 1, total: STEPS, label: "recording stored" });

  const transcript = transcriptSchema.safeParse(call.transcription).data ?? (await transcribeRecording(context, call, key));
  if (call.transcription === null) {
    await memory.calls.setTranscription(call, transcript);
    await note("transcribed", { words: wordCount(transcript.text) });
  }
  await report({ done: 2, total: STEPS, label: "transcribed" });

  const lead = leadOf(await memory.entities.get(call.lead_id));
  // Before the analysis: the owner wants the words, and a model that fails must not keep them.
  // The row may have lagged behind the call when the run began: a second voice tells a conversation, and by now so does the row.
  const isMessage = isVoicemail(call) && !transcript.segments.some(({ speaker }) => speaker === "owner") && isVoicemail(await memory.calls.get(call.id));
  if (isMessage) await textVoicemail(context, call, lead, transcript.text);
  const analysis = await analyse({
    transcript,
    dna: { business_name: dna.identity.business_name, services: dna.services.map((service) => service.name) },
    lead: { name: lead.name, service: lead.service, message: lead.message },
    gateway: tools.gatewayOf(memory, call.project_id, runId),
  });
  await memory.calls.setAnalysis(call.id, call.lead_id, analysis, {
    // The row lags a moment behind the call: what it does not know yet is not taken from the lead.
    ...(call.call_sid === null ? {} : { call_sid: call.call_sid }),
    call_transcription: transcript.text,
    call_analysis: analysis,
    ...(call.duration_s === null ? {} : { call_duration: call.duration_s }),
  });
  // Of its own, and later: what agents may learn from a call is nothing that this lead waits for.
  if (!call.canary) await memory.runs.create({ project_id: project.id, task: "context_sync", action: "learn", params: { call_id }, idempotency_key: `context:learn:${call_id}` }, LEARN_AFTER_MS);
  if (call.analysis === null) await note("analysed", { sentiment: analysis.sentiment, urgency: analysis.urgency });
  await report({ done: STEPS, total: STEPS, label: "analysed" });
  return { call_id, words: wordCount(transcript.text), sentiment: analysis.sentiment, urgency: analysis.urgency };
};

/** A message is a lead: its words go to the owner. By the name of this text the call itself knows that it was sent. */
const textVoicemail = async (context: AgentContext<AgentTools>, call: Call, lead: Lead, words: string): Promise<void> => {
  const { dna, project, tools, memory } = context;
  const [owner] = peopleOf(dna.modules.lead_gen.sales_bridge);
  if (!owner) return;
  const who = [lead.name, lead.phone ?? (lead.name === "" ? "a caller without a number" : "")].filter((text) => text !== "").join(" ");
  const said = shorten(words.replaceAll(/^(?:Customer|Speaker): /gm, ""), MAX_VOICEMAIL) ?? "";
  const link = tools.cardLink({ tenant_id: memory.tenantId, lead_id: lead.id });
  const body = `${dna.identity.business_name}: voicemail from ${who}\n${said === "" ? "(no words)" : said}\n${link}`;
  const text = { key: `${call.id}:voicemail`, project_id: project.id, lead_id: lead.id, call_id: call.id, to: owner.phone, line: tools.lineOf(project), body };
  const result = await sendSms(smsToolsOf(context), { ...text, purpose: "voicemail_card", party: "owner", asked_at: null, policy: policyOf(dna) });
  if ("sent" in result && result.sent) await noteText(context, call, result.sid);
};

const noteText = async ({ memory, tools }: AgentContext<AgentTools>, call: Call, sid: string): Promise<void> => {
  await tools.bridgeCalls.handle({ tenant_id: memory.tenantId, project_id: call.project_id, call_id: call.id }, { type: "sms_sent", sid, purpose: "voicemail_card", party: "owner" });
};

/** Streams the audio from Twilio into R2: an hour of it is 115 MB, and a Worker has 128 in all. */
const storeRecording = async ({ memory, project, tools }: AgentContext<AgentTools>, call: Call): Promise<string> => {
  if (call.recording_sid === null) throw new AppError({ code: "call_has_no_recording", status: 422, message: "This call has no recording." });
  const { recording_sid } = call;
  const key = recordingKey({ tenantId: memory.tenantId, projectId: project.id, callId: call.id, recordingSid: recording_sid });
  await tools.admitRecording(call, async () => {
    const { body, content_length, content_type } = await tools.twilioOf(memory.tenantId, call.account_sid).openRecording(recording_sid);
    await tools.recordings.saveStream({ key, body, contentLength: content_length, contentType: content_type });
  });
  await memory.calls.setRecordingKey(call, key, `/api/calls/${call.id}/recording`);
  return key;
};

const transcribeRecording = async ({ memory, runId, dna, tools }: AgentContext<AgentTools>, call: Call, key: string) => {
  const open = async () => {
    const opened = await tools.recordings.open(key);
    if (opened.kind !== "full") throw new AppError({ code: "recording_missing", status: 500, message: `The recording ${key} is not in storage.` });
    return opened;
  };
  // Asked once for its size and type; its body is not read.
  const { size, contentType, etag, stream } = await open();
  await stream.cancel();
  return transcribe({
    openRecording: async () => (await open()).stream,
    size,
    contentType,
    contentKey: `${etag}:${size}`,
    // The parent leg's person is on the first channel (CONTRACTS 1.5).
    roles: call.parent_party === "customer" ? ["customer", "owner"] : ["owner", "customer"],
    ...(isVoicemail(call) ? { alone: "customer" as const } : {}),
    gateway: tools.gatewayOf(memory, call.project_id, runId),
    ...(dna.identity.language === undefined ? {} : { language: dna.identity.language }),
  });
};
