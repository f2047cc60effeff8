import { iso } from "../../core/clock.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { WebhookDelivery } from "../../core/memory/webhook-deliveries.store.ts";

/** Standard Webhooks asks for small ones: some 20 kB. */
const MOST_METADATA_CHARS = 16_000;
/** Long, and there to be asked for. */
const LEFT_OUT = new Set(["raw_payload", "call_transcription"]);

export interface WebhookPayload {
  type: string;
  /** When it happened. */
  timestamp: string;
  data: Record<string, unknown>;
}

type Tools = { memory: Pick<TenantMemory, "entities" | "calls" | "messages" | "runs">; publicUrl: string };

const entityData = async ({ memory }: Tools, id: string): Promise<Record<string, unknown>> => {
  const entity = await memory.entities.find(id);
  if (!entity) return {};
  const metadata = Object.fromEntries(Object.entries(entity.metadata).filter(([name]) => !LEFT_OUT.has(name)));
  const fits = JSON.stringify(metadata).length <= MOST_METADATA_CHARS;
  const { status, score, source } = metadata;
  return { name: entity.name, primary_contact: entity.primary_contact, metadata: fits ? metadata : { status, score, source }, created_at: iso(entity.created_at), updated_at: iso(entity.updated_at) };
};

const callData = async ({ memory, publicUrl }: Tools, id: string): Promise<Record<string, unknown>> => {
  const call = await memory.calls.find(id);
  if (!call) return {};
  const { lead_id, direction, status, end_reason, source, person, duration_s, analysis, latency } = call;
  return { lead_id, direction, status, end_reason, source, person, duration_s, recording_url: call.recording_key === null ? null : `${publicUrl}/api/calls/${id}/recording`, analysis: analysis ?? null, latency, created_at: iso(call.created_at) };
};

const messageData = async ({ memory }: Tools, id: string): Promise<Record<string, unknown>> => {
  const message = await memory.messages.find(id);
  if (!message) return {};
  const { lead_id, call_id, phone_from, phone_to, body } = message;
  return { lead_id, call_id, from: phone_from, to: phone_to, body, created_at: iso(message.created_at) };
};

const runData = async ({ memory }: Tools, id: string): Promise<Record<string, unknown>> => {
  const run = await memory.runs.find(id);
  return run ? { task: run.task, action: run.action, status: run.status, attempts: run.attempts, error: run.error ?? null, created_at: iso(run.created_at) } : {};
};

const READERS: Readonly<Record<string, (tools: Tools, id: string) => Promise<Record<string, unknown>>>> = { lead: entityData, page: entityData, call: callData, message: messageData, run: runData };

/** What is sent: the resource as it is now, and what changed then. Of one that is gone by now, its id. */
export const payloadOf = async (tools: Tools, { type, resource_id, project_id, change, at }: Pick<WebhookDelivery, "type" | "resource_id" | "project_id" | "change" | "at">): Promise<WebhookPayload> => {
  const read = READERS[type.split(".")[0] ?? ""];
  return { type, timestamp: iso(at), data: { id: resource_id, project_id, ...(read ? await read(tools, resource_id) : {}), ...(change === null ? {} : { change }) } };
};
