import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { lineOf } from "../../core/contact/line.ts";
import { conflict } from "../../core/errors.ts";
import { webhookUrls } from "../../core/intake/webhook-urls.ts";
import { checkNumber } from "../connections/check-number.ts";
import { checkWordpress } from "../connections/check-wordpress.ts";
import { CONNECTION_STATES, CONNECTIONS, connectionsOf } from "../connections/states.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectParam } from "../router.ts";

const CHECKED = ["phone_number", "wordpress"] as const;

const connectionSchema = z
  .object({
    connection: z.enum(CONNECTIONS),
    state: z.enum(CONNECTION_STATES).openapi({ description: "`tested`: the vendor's own test data came; `connected`: a lead came by it" }),
    at: z.string().nullable().openapi({ description: "When the newest lead came by it" }),
    what: z.string().nullable().openapi({ description: "The number, or the site's address" }),
  })
  .openapi("Connection");

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/connections",
  summary: "What the project is connected to, and when a lead last came by it (of its newest 200)",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ calls_from: z.string().openapi({ description: "The number that calls and texts go out from" }), items: z.array(connectionSchema) })), ...problems(401, 403, 404, 422) },
});

const check = createRoute({
  method: "post",
  path: "/api/projects/{project_id}/connections/{connection}/check",
  summary: "Ask the vendor now whether it works; changes nothing there",
  description: "What a person must mend is an answer with `ok: false`. 409: there is nothing to check yet. 502: the vendor did not answer.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam.extend({ connection: z.enum(CHECKED) }) },
  responses: {
    200: json(z.object({ ok: z.boolean(), checked_at: z.string(), findings: z.array(z.object({ what: z.string(), passed: z.boolean(), detail: z.string() })) }).openapi("ConnectionCheck")),
    ...problems(401, 403, 404, 409, 422, 502),
  },
});

export const connectionsRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const [latest, wordpress] = await Promise.all([memory.connections.latestLeads(project.id), memory.secrets.shown(project.id, "wordpress")]);
    const number = lineOf(project)?.from ?? null;
    const items = connectionsOf({ latest, number, site: wordpress?.["url"] ?? null });
    return c.json({ calls_from: number ?? c.var.services.settings.TWILIO_PHONE_NUMBER, items: items.map(({ at, ...item }) => ({ ...item, at: isoOrNull(at) })) }, 200);
  })
  .openapi(check, async (c) => {
    const { services } = c.var;
    const memory = memoryOf(c);
    const { project_id, connection } = c.req.valid("param");
    const project = await memory.projects.get(project_id);
    const look = async () => {
      if (connection === "wordpress") return checkWordpress(services, memory, { project_id: project.id, dna: await services.dna.load(project) });
      const line = lineOf(project);
      if (line === null) throw conflict("number_missing", "The project has no number of its own yet.");
      return checkNumber(services.twilioAccounts.of(memory.tenantId, line.account_sid), line, webhookUrls(services.settings.PUBLIC_API_URL, project.id));
    };
    const findings = await look();
    return c.json({ ok: findings.every(({ passed }) => passed), checked_at: iso(services.clock.now()), findings }, 200);
  });
