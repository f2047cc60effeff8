import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { isoTime } from "../../core/iso-time.schema.ts";
import type { WebhookDelivery } from "../../core/memory/webhook-deliveries.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems } from "../router.ts";

const STATUSES = ["pending", "delivered", "failed"] as const satisfies WebhookDelivery["status"][];

export const deliverySchema = z
  .object({
    id: z.string().openapi({ description: "`webhook-id`: the same however often it is sent" }),
    endpoint_id: z.string(),
    project_id: z.string().nullable(),
    type: z.string(),
    resource_id: z.string().openapi({ description: "The lead, page, call, message or run that it is about" }),
    occurred_at: z.string(),
    status: z.enum(STATUSES),
    attempts: z.number().int(),
    next_attempt_at: z.string().nullable(),
    tries: z.array(z.object({ at: z.string(), status: z.number().nullable().openapi({ description: "Of HTTP; null: there was no answer" }), error: z.string().nullable(), duration_ms: z.number() })),
    run_id: z.string().nullable().openapi({ description: "The dead letter of one that was given up on" }),
  })
  .openapi("WebhookDelivery");

export const shownDelivery = ({ id, endpoint_id, project_id, type, resource_id, at, status, attempts, next_at, tries, run_id }: WebhookDelivery) => ({
  id, endpoint_id, project_id, type, resource_id, occurred_at: iso(at), status, attempts, next_attempt_at: isoOrNull(next_at), tries, run_id,
});

const list = createRoute({
  method: "get",
  path: "/api/webhook-endpoints/{id}/deliveries",
  summary: "What was sent there, or is to be, newest first; kept for a month",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam, query: pageQuery.extend({ status: z.enum(STATUSES).optional() }) },
  responses: { 200: json(pageOf(deliverySchema)), ...problems(401, 403, 404, 422) },
});
const replayFailed = createRoute({
  method: "post",
  path: "/api/webhook-endpoints/{id}/replay",
  summary: "Send those again that were given up on, of events since a time; 500 at most, again for more",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.strictObject({ since: isoTime })) },
  responses: { 202: json(z.object({ replayed: z.number().int() })), ...problems(400, 401, 403, 404, 415, 422) },
});
const get = createRoute({
  method: "get",
  path: "/api/webhook-deliveries/{id}",
  summary: "One delivery, with its attempts",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(deliverySchema), ...problems(401, 403, 404) },
});
const replay = createRoute({
  method: "post",
  path: "/api/webhook-deliveries/{id}/replay",
  summary: "Send a delivery again, whatever has become of it",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 202: json(deliverySchema), ...problems(401, 403, 404) },
});

export const webhookDeliveriesRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const endpoint = await memory.webhookEndpoints.get(c.req.valid("param").id);
    const { status, ...page } = c.req.valid("query");
    const { items, next_cursor } = await memory.webhookDeliveries.list(endpoint.id, status, page);
    return c.json({ items: items.map(shownDelivery), next_cursor }, 200);
  })
  .openapi(replayFailed, async (c) => {
    const memory = memoryOf(c);
    const endpoint = await memory.webhookEndpoints.get(c.req.valid("param").id);
    const replayed = await memory.webhookDeliveries.replayFailed(endpoint.id, c.req.valid("json").since);
    await c.var.services.couriers.open(memory);
    return c.json({ replayed }, 202);
  })
  .openapi(get, async (c) => c.json(shownDelivery(await memoryOf(c).webhookDeliveries.get(c.req.valid("param").id)), 200))
  .openapi(replay, async (c) => {
    const memory = memoryOf(c);
    const delivery = await memory.webhookDeliveries.replay(c.req.valid("param").id);
    await c.var.services.couriers.open(memory);
    return c.json(shownDelivery(delivery), 202);
  });
