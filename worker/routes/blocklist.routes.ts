import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { notFound } from "../../core/errors.ts";
import type { BlockedNumber } from "../../core/memory/blocklist.store.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, json, jsonBody, pageOf, pageQuery, problems, projectParam } from "../router.ts";

const blockedSchema = z.object({ phone_number: z.string(), reason: z.string(), created_at: z.string() }).openapi("BlockedNumber");
const numberParam = projectParam.extend({ phone_number: z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, e.g. +64211234567") });

const shown = (blocked: BlockedNumber) => ({ phone_number: blocked.phone, reason: blocked.reason, created_at: iso(blocked.created_at) });

const list = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/blocklist",
  summary: "Numbers that the business does not want to hear from",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: projectParam, query: pageQuery },
  responses: { 200: json(pageOf(blockedSchema)), ...problems(401, 403, 404, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/projects/{project_id}/blocklist/{phone_number}",
  summary: "Whether a number is on the list",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: numberParam },
  responses: { 200: json(blockedSchema), ...problems(401, 403, 404, 422) },
});

const put = createRoute({
  method: "put",
  path: "/api/projects/{project_id}/blocklist/{phone_number}",
  summary: "Put a number on the list; for the reason `spam`, its leads are marked as spam too",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: numberParam, ...jsonBody(z.object({ reason: z.string().trim().min(1).max(200).default("spam") })) },
  responses: { 204: { description: "It is on the list" }, ...problems(400, 401, 403, 404, 415, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/api/projects/{project_id}/blocklist/{phone_number}",
  summary: "Take a number off the list",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: numberParam },
  responses: { 204: { description: "It is not on the list any more" }, ...problems(401, 403, 404, 422) },
});

export const blocklistRoutes = createRouter()
  .openapi(list, async (c) => {
    const memory = memoryOf(c);
    const project = await memory.projects.get(c.req.valid("param").project_id);
    const page = await memory.blocklist.list(project.id, c.req.valid("query"));
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const { project_id, phone_number } = c.req.valid("param");
    const blocked = await memoryOf(c).blocklist.find(project_id, phone_number);
    if (!blocked) throw notFound("blocked_number");
    return c.json(shown(blocked), 200);
  })
  .openapi(put, async (c) => {
    const { project_id, phone_number } = c.req.valid("param");
    const memory = memoryOf(c);
    const project = await memory.projects.get(project_id);
    await memory.blocklist.put(project.id, phone_number, c.req.valid("json").reason);
    return c.body(null, 204);
  })
  .openapi(remove, async (c) => {
    const { project_id, phone_number } = c.req.valid("param");
    if (!(await memoryOf(c).blocklist.remove(project_id, phone_number))) throw notFound("blocked_number");
    return c.body(null, 204);
  });
