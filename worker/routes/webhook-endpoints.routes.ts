import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { conflict, invalid, notFound } from "../../core/errors.ts";
import { endpointSecretPlace, type WebhookEndpoint } from "../../core/memory/webhook-endpoints.store.ts";
import type { Egress } from "../../core/security/egress/egress.ts";
import { newSigningSecret } from "../../core/security/webhook-signatures.ts";
import { TEST_EVENT, WEBHOOK_EVENTS, webhookEvents } from "../../core/webhooks/event-types.ts";
import type { Settings } from "../env.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotentBut } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, problems, projectIdSchema } from "../router.ts";
import { deliverySchema, shownDelivery } from "./webhook-deliveries.routes.ts";

const eventsSchema = z
  .array(z.enum(webhookEvents).openapi("WebhookEvent"))
  .min(1)
  .max(webhookEvents.length)
  .openapi({ description: Object.entries(WEBHOOK_EVENTS).map(([name, words]) => `\`${name}\`: ${words}`).join(" ") });
const inputSchema = z.object({
  url: z.string().max(2048).openapi({ example: "https://crm.example.com/hooks/apex", description: "https, on the public internet" }),
  description: z.string().trim().max(200).default(""),
  events: eventsSchema,
  project_id: projectIdSchema.nullish().openapi({ description: "Events of this project only; absent: of all" }),
});
const endpointSchema = z
  .object({
    id: z.string(),
    project_id: z.string().nullable(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    disabled_at: z.string().nullable(),
    disabled_why: z.enum(["asked", "failing", "gone"]).nullable().openapi({ description: "`failing`: for five days nothing could be delivered; `gone`: it answered 410" }),
    failing_since: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi("WebhookEndpoint");
const withSecretSchema = endpointSchema.extend({ secret: z.string().optional().openapi({ description: "Shown this once: what `webhook-signature` is checked with (standardwebhooks.com)" }) }).openapi("NewWebhookEndpoint");
const secretSchema = z.object({ secret: z.string().optional(), old_secret_signs_until: z.string() }).openapi("WebhookSecret");

const PATH = "/api/webhook-endpoints";
const list = createRoute({
  method: "get",
  path: PATH,
  summary: "Where the account is told of what happens",
  security: bearer,
  middleware: [requires()] as const,
  responses: { 200: json(z.object({ items: z.array(endpointSchema), next_cursor: z.null() })), ...problems(401, 403) },
});
const create = createRoute({
  method: "post",
  path: PATH,
  summary: "Be told of events by POST, signed as Standard Webhooks says",
  description: "Each event is sent until the address answers 2xx, ten times over three days at most; the same `webhook-id` is the same event. After five days of failing without a success the endpoint is switched off, and owners get a mail.",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotentBut("secret")] as const,
  request: jsonBody(inputSchema),
  responses: { 201: json(withSecretSchema, "With the secret, shown this once"), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});
const get = createRoute({
  method: "get",
  path: `${PATH}/{id}`,
  summary: "One endpoint",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(endpointSchema), ...problems(401, 403, 404) },
});
const patch = createRoute({
  method: "patch",
  path: `${PATH}/{id}`,
  summary: "Change an endpoint, or switch it off or on; what waited goes out once it is on again",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.strictObject({ url: inputSchema.shape.url.optional(), description: z.string().trim().max(200).optional(), events: eventsSchema.optional(), enabled: z.boolean().optional() })) },
  responses: { 200: json(endpointSchema), ...problems(400, 401, 403, 404, 413, 415, 422) },
});
const remove = createRoute({
  method: "delete",
  path: `${PATH}/{id}`,
  summary: "Remove an endpoint, with what waits for it",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...problems(401, 403, 404) },
});
const rotate = createRoute({
  method: "post",
  path: `${PATH}/{id}/rotate-secret`,
  summary: "A new secret; for a day the old one signs too",
  security: bearer,
  middleware: [requires(), idempotentBut("secret")] as const,
  request: { params: idParam },
  responses: { 200: json(secretSchema, "The secret, shown this once"), ...problems(401, 403, 404, 409, 422) },
});
const test = createRoute({
  method: "post",
  path: `${PATH}/{id}/test`,
  summary: `Send it a \`${TEST_EVENT}\``,
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 202: json(deliverySchema, "On its way"), ...problems(401, 403, 404, 409) },
});

const shown = ({ id, project_id, url, description, events, disabled_at, disabled_why, failing_since, created_at }: WebhookEndpoint) => ({
  id, project_id, url, description, events, enabled: disabled_at === null, disabled_at: isoOrNull(disabled_at), disabled_why, failing_since: isoOrNull(failing_since), created_at: iso(created_at),
});

/** @throws AppError 422 */
const checkedUrl = (url: string, egress: Egress, settings: Settings): string => {
  const checked = egress.checkText(url);
  if (checked.url.protocol !== "https:" && !checked.isAllowListed) throw invalid([{ path: "url", message: "must begin with https://" }]);
  // A form's webhook there would make a lead of every lead.
  if ([new URL(settings.PUBLIC_API_URL).host, ...settings.API_HOSTS].includes(checked.url.host)) throw invalid([{ path: "url", message: "must not be this service itself" }]);
  return url;
};

export const webhookEndpointsRoutes = createRouter()
  .openapi(list, async (c) => c.json({ items: (await memoryOf(c).webhookEndpoints.list()).map(shown), next_cursor: null }, 200))
  .openapi(create, async (c) => {
    const { egress, settings, vault } = c.var.services;
    const memory = memoryOf(c);
    const { url, description, events, project_id } = c.req.valid("json");
    const project = project_id === undefined || project_id === null ? null : await memory.projects.get(project_id);
    const id = memory.webhookEndpoints.newId();
    const secret = newSigningSecret();
    const secret_sealed = await vault.seal(secret, endpointSecretPlace({ id, tenant_id: memory.tenantId }));
    const row = await memory.webhookEndpoints.create({ id, project_id: project?.id ?? null, url: checkedUrl(url, egress, settings), description, events: [...new Set(events)], secret_sealed });
    return c.json({ ...shown(row), secret }, 201);
  })
  .openapi(get, async (c) => c.json(shown(await memoryOf(c).webhookEndpoints.get(c.req.valid("param").id)), 200))
  .openapi(patch, async (c) => {
    const { egress, settings, couriers } = c.var.services;
    const memory = memoryOf(c);
    const { id } = await memory.webhookEndpoints.get(c.req.valid("param").id);
    const { url, events, ...change } = c.req.valid("json");
    const row = await memory.webhookEndpoints.change(id, { ...change, ...(url === undefined ? {} : { url: checkedUrl(url, egress, settings) }), ...(events === undefined ? {} : { events: [...new Set(events)] }) });
    if (change.enabled === true) await couriers.open(memory);
    return c.json(shown(row), 200);
  })
  .openapi(remove, async (c) => {
    if (!(await memoryOf(c).webhookEndpoints.remove(c.req.valid("param").id))) throw notFound("webhook_endpoint");
    return c.body(null, 204);
  })
  .openapi(rotate, async (c) => {
    const memory = memoryOf(c);
    const endpoint = await memory.webhookEndpoints.get(c.req.valid("param").id);
    const secret = newSigningSecret();
    const until = await memory.webhookEndpoints.replaceSecret(endpoint.id, await c.var.services.vault.seal(secret, endpointSecretPlace(endpoint)));
    return c.json({ secret, old_secret_signs_until: iso(until) }, 200);
  })
  .openapi(test, async (c) => {
    const memory = memoryOf(c);
    const endpoint = await memory.webhookEndpoints.get(c.req.valid("param").id);
    if (endpoint.disabled_at !== null) throw conflict("webhook_endpoint_disabled", "The endpoint is switched off.");
    const delivery = await memory.webhookDeliveries.test(endpoint, TEST_EVENT);
    await c.var.services.couriers.open(memory);
    return c.json(shownDelivery(delivery), 202);
  });
