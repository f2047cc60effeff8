import { createRoute, z } from "@hono/zod-openapi";
import { notFound } from "../../core/errors.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, json, jsonBody, problems, projectParam } from "../router.ts";

const NAME = "wordpress";
const MASK = "••••";

const put = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/secrets/wordpress",
  summary: "Keep the business website's address and application password",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: projectParam, ...jsonBody(z.object({ url: z.string().max(2048), username: z.string().trim().min(1).max(200), application_password: z.string().min(1).max(500) })) },
  responses: { 204: { description: "Kept, sealed" }, ...problems(400, 401, 403, 404, 413, 415, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/secrets/wordpress",
  summary: "What is kept, without the password",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam },
  responses: { 200: json(z.object({ url: z.string(), username: z.string(), application_password: z.string() }).openapi("WordpressSecret")), ...problems(401, 403, 404, 422) },
});

export const secretsRoutes = createRouter()
  .openapi(put, async (c) => {
    const memory = memoryOf(c);
    const { vault, egress } = c.var.services;
    const input = c.req.valid("json");
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    // Its name is looked up when it is used: what it says now may change, and a site may not be there yet.
    egress.checkText(input.url);
    const sealed = await vault.seal(input.application_password, { tenant_id: memory.tenantId, project_id: id, name: NAME });
    await memory.secrets.put(id, NAME, { sealed, shown: { url: input.url, username: input.username } });
    return c.body(null, 204);
  })
  .openapi(get, async (c) => {
    const memory = memoryOf(c);
    const { id } = await memory.projects.get(c.req.valid("param").project_id);
    const shown = await memory.secrets.shown(id, NAME);
    if (!shown) throw notFound("secret");
    return c.json({ url: shown.url ?? "", username: shown.username ?? "", application_password: MASK }, 200);
  });
