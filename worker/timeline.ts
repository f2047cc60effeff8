import { z } from "zod";
import { iso } from "../core/clock.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { Message } from "../core/memory/messages.store.ts";

export interface TimelineItem {
  /** ISO 8601 with milliseconds. */
  at: string;
  kind: "call" | "message";
  event: string;
  call_id: string | null;
  detail: Record<string, unknown>;
  message: Message | null;
}

const NEWEST = 500;
/** A call has up to 200 events, and few leads have a fourth call. */
const CALLS = 50;

/** As the call's object writes them; what cannot be read is left out rather than the whole. */
const eventsSchema = z.array(z.object({ at: z.iso.datetime(), event: z.string(), detail: z.record(z.string(), z.unknown()).default({}) }).nullable().catch(null));

/**
 * One story of a lead: its calls' events and its texts by time, newest first, at most 500.
 * @throws AppError 404 when there is no such entity
 */
export const timelineOf = async (memory: TenantMemory, entityId: string): Promise<TimelineItem[]> => {
  const entity = await memory.entities.get(entityId);
  const [calls, messages] = await Promise.all([memory.calls.list({ lead_id: entity.id }, { limit: CALLS }), memory.messages.list({ lead_id: entity.id }, { limit: NEWEST })]);
  const events = calls.items.flatMap((call) =>
    eventsSchema.parse(call.timeline).flatMap((entry): TimelineItem[] => (entry === null ? [] : [{ ...entry, kind: "call", call_id: call.id, message: null }])),
  );
  const texts = messages.items.map((message): TimelineItem => ({
    at: iso(message.created_at), kind: "message", event: `sms_${message.direction}`, call_id: message.call_id, detail: { purpose: message.purpose, status: message.status }, message,
  }));
  // Both came in their own order; a stable sort keeps it where two things happened in the same millisecond.
  return [...events.toReversed(), ...texts].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, NEWEST);
};
