import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { huntAddress } from "../../core/intake/mail-address.ts";
import { webhookUrls } from "../../core/intake/webhook-urls.ts";
import { KEY_SOURCES, type KeySource, type Project, WEBHOOK_SOURCES } from "../../core/memory/projects.store.ts";
import { newSealedWebhookKey, webhookKeyPlace } from "../../core/security/webhook-keys.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, json, jsonBody, pageOf, pageQuery, problems, projectIdSchema, projectParam } from "../router.ts";
import type { Services } from "../services.ts";

const SOURCES = WEBHOOK_SOURCES;

const projectSchema = z.object({ project_id: z.string(), name: z.string(), country: z.string(), created_at: z.string() }).openapi("Project");
const webhooksSchema = z
  .object({
    google_ads: z.object({ url: z.string(), key: z.string() }),
    wordpress: z.object({ url: z.string(), key: z.string() }),
    voice: z.object({ incoming_url: z.string() }),
    sms: z.object({ incoming_url: z.string() }),
    hunt_mail: z.object({ address: z.string().nullable().openapi({ description: "Where saved-search e-mails are forwarded to; null: mail is not set up (HUNT_MAIL_DOMAIN)" }) }),
  })
  .openapi("Webhooks");

const shown = (project: Project) => ({ project_id: project.id, name: project.name, country: project.country, created_at: iso(project.created_at) });

const newKey = async ({ vault }: Services, tenantId: string, projectId: string, source: KeySource) => newSealedWebhookKey(vault, { tenant_id: tenantId, project_id: projectId }, source);

const create = createRoute({
  method: "post",
  path: "/api/projects",
  summary: "Make a project: one business",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotent] as const,
  request: jsonBody(z.object({ project_id: projectIdSchema, name: z.string().trim().min(1).max(120), country: z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code, e.g. NZ") })),
  responses: { 201: json(projectSchema), ...problems(400, 401, 403, 409, 415, 422) },
});

const list = createRoute({
  method: "get",
  path: "/api/projects",
  summary: "The tenant's projects",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(projectSchema)), ...problems(401, 403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}",
  summary: "One project",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(projectSchema), ...problems(401, 403, 404, 422) },
});

const webhooks = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/webhooks",
  summary: "The addresses and keys to paste into Google Ads, WordPress and Twilio",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(webhooksSchema), ...problems(401, 403, 404, 422) },
});

const rotate = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/webhooks/rotate",
  summary: "Replace a webhook key; the old one is refused at once",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: projectParam, ...jsonBody(z.object({ source: z.enum(KEY_SOURCES) })) },
  responses: { 200: json(z.object({ url: z.string(), key: z.string() })), ...problems(400, 401, 403, 404, 415, 422) },
});

/** Projects that were made before there was such an address get theirs when it is first asked for. */
const addMailKey = async (services: Services, memory: TenantMemory, projectId: string): Promise<void> => {
  const { source, key_hash, key_sealed } = await newKey(services, memory.tenantId, projectId, "hunt_mail");
  await memory.projects.addWebhookKey(projectId, { source, key_hash, key_sealed });
};

const urlsOf = ({ settings }: Services, projectId: string) => webhookUrls(settings.PUBLIC_API_URL, projectId);

export const projectsRoutes = createRouter()
  .openapi(create, async (c) => {
    const input = c.req.valid("json");
    const keys = await Promise.all(SOURCES.map((source) => newKey(c.var.services, c.var.principal.tenant_id, input.project_id, source)));
    const project = await memoryOf(c).projects.create({
      id: input.project_id,
      name: input.name,
      country: input.country,
      keys: keys.map(({ source, key_hash, key_sealed }) => ({ source, key_hash, key_sealed })),
    });
    return c.json(shown(project), 201);
  })
  .openapi(list, async (c) => {
    const page = await memoryOf(c).projects.list(c.req.valid("query"));
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => c.json(shown(await memoryOf(c).projects.get(c.req.valid("param").project_id)), 200))
  .openapi(webhooks, async (c) => {
    const { services, principal } = c.var;
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    await addMailKey(c.var.services, memory, id);
    const keys = await memory.projects.webhookKeys(id);
    const open = async (source: KeySource): Promise<string> => {
      const row = keys.find((key) => key.source === source);
      if (!row) throw new Error(`project ${id} has no ${source} key`);
      return services.vault.open(row.key_sealed, webhookKeyPlace({ tenant_id: principal.tenant_id, project_id: id }, source));
    };
    const [google, wordpress, mail] = await Promise.all([open("google_ads"), open("wordpress"), open("hunt_mail")]);
    await memory.audit.record("webhook_keys.shown", `project:${id}`);
    const urls = urlsOf(services, id);
    return c.json(
      {
        google_ads: { url: urls.google_ads, key: google },
        wordpress: { url: urls.wordpress, key: wordpress },
        voice: { incoming_url: urls.voice },
        sms: { incoming_url: urls.sms },
        hunt_mail: { address: services.settings.HUNT_MAIL_DOMAIN === "" ? null : huntAddress(mail, services.settings.HUNT_MAIL_DOMAIN) },
      },
      200,
    );
  })
  .openapi(rotate, async (c) => {
    const memory = memoryOf(c);
    const { source } = c.req.valid("json");
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    if (source === "hunt_mail") await addMailKey(c.var.services, memory, id);
    const key = await newKey(c.var.services, c.var.principal.tenant_id, id, source);
    await memory.projects.replaceWebhookKey(id, key);
    const url = source === "hunt_mail" ? `mailto:${huntAddress(key.key, c.var.services.settings.HUNT_MAIL_DOMAIN)}` : urlsOf(c.var.services, id)[source];
    return c.json({ url, key: key.key }, 200);
  });
