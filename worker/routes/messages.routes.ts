import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import type { Message } from "../../core/memory/messages.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, pageOf, pageQuery, problems, projectIdSchema } from "../router.ts";
import { timelineOf } from "../timeline.ts";

const messageSchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    lead_id: z.string().nullable(),
    call_id: z.string().nullable(),
    campaign_id: z.string().nullable(),
    direction: z.enum(["in", "out"]),
    party: z.enum(["owner", "customer"]),
    purpose: z.string().openapi({ description: "What an outgoing text is for; `feedback` is also an owner's answer, `reply` any other incoming text" }),
    from: z.string(),
    to: z.string(),
    body: z.string(),
    message_sid: z.string().nullable(),
    status: z.string().openapi({ description: "Twilio's, which only move forward, or ours: pending, asking, unclear, refused; received, blocked" }),
    error_code: z.number().nullable().openapi({ description: "Twilio's number for what went wrong" }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi("Message");

const shown = (message: Message) => ({
  id: message.id,
  project_id: message.project_id,
  lead_id: message.lead_id,
  call_id: message.call_id,
  campaign_id: message.campaign_id,
  direction: message.direction,
  party: message.party,
  purpose: message.purpose,
  from: message.phone_from,
  to: message.phone_to,
  body: message.body,
  message_sid: message.sid,
  status: message.status,
  error_code: message.error_code,
  created_at: iso(message.created_at),
  updated_at: iso(message.updated_at),
});

const list = createRoute({
  method: "get",
  path: "/api/messages",
  summary: "Texts in both directions, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery.extend({ project_id: projectIdSchema.optional(), lead_id: z.string().max(80).optional() }) },
  responses: { 200: json(pageOf(messageSchema)), ...problems(401, 403, 422) },
});

const entrySchema = z
  .object({
    at: z.string(),
    kind: z.enum(["call", "message"]),
    event: z.string().openapi({ description: "A call's event, or `sms_in`, `sms_out`" }),
    call_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    message: messageSchema.nullable(),
  })
  .openapi("TimelineEntry");

const timeline = createRoute({
  method: "get",
  path: "/api/entities/{id}/timeline",
  summary: "All that happened to one lead, its calls' events and its texts, newest first; the newest 500",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(z.object({ items: z.array(entrySchema) })), ...problems(401, 403, 404) },
});

export const messagesRoutes = createRouter()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memoryOf(c).messages.list(filter, { limit, cursor });
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(timeline, async (c) => {
    const entries = await timelineOf(memoryOf(c), c.req.valid("param").id);
    return c.json({ items: entries.map((entry) => ({ ...entry, message: entry.message && shown(entry.message) })) }, 200);
  });
