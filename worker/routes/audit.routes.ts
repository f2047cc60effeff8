import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, isoTime, json, pageOf, pageQuery, problems } from "../router.ts";

const auditSchema = z
  .object({
    id: z.string(),
    at: z.string(),
    actor: z.string(),
    ip: z.string().nullable(),
    action: z.string(),
    resource: z.string(),
    details: z.record(z.string(), z.unknown()),
    request_id: z.string().nullable(),
  })
  .openapi("AuditEntry");

const list = createRoute({
  method: "get",
  path: "/api/audit",
  summary: "Who did what, newest first; append-only",
  security: bearer,
  middleware: [requires("admin")] as const,
  request: { query: pageQuery.extend({ action: z.string().max(80).optional(), resource: z.string().max(120).optional(), from: isoTime.optional(), to: isoTime.optional() }) },
  responses: { 200: json(pageOf(auditSchema)), ...problems(401, 403, 422) },
});

export const auditRoutes = createRouter().openapi(list, async (c) => {
  const { limit, cursor, ...filter } = c.req.valid("query");
  const page = await memoryOf(c).audit.list(filter, { limit, cursor });
  const items = page.items.map(({ tenant_id: _, at, ...row }) => ({ ...row, at: iso(at) }));
  return c.json({ items, next_cursor: page.next_cursor }, 200);
});
