import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { isoTime } from "../../core/iso-time.schema.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, pageOf, pageQuery, problems } from "../router.ts";

/** Of 500 rows each. */
const SEALS_A_PAGE = 20;

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
  middleware: [requires()] as const,
  request: { query: pageQuery.extend({ action: z.string().max(80).optional(), resource: z.string().max(120).optional(), from: isoTime.optional(), to: isoTime.optional() }) },
  responses: { 200: json(pageOf(auditSchema)), ...problems(401, 403, 422) },
});

const breakSchema = z.object({ id: z.string().nullable(), reason: z.enum(["changed", "removed", "inserted", "seal_missing", "seal_altered"]) });

const verify = createRoute({
  method: "get",
  path: "/api/audit/verify",
  summary: "Recompute the audit log's chain and say where it breaks; a page at a time",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: z.object({ cursor: z.coerce.number().int().min(0).max(1e9).default(0) }) },
  responses: {
    200: json(
      z
        .object({
          ok: z.boolean(),
          checked: z.number().openapi({ description: "Rows that this page found as they were sealed" }),
          sealed_until: z.string().nullable(),
          unsealed: z.number().openapi({ description: "Rows written since; they are sealed within a minute" }),
          broken_at: breakSchema.nullable(),
          next_cursor: z.string().nullable(),
        })
        .openapi("AuditVerification"),
    ),
    ...problems(401, 403, 422),
  },
});

export const auditRoutes = createRouter().openapi(verify, async (c) => {
  const found = await memoryOf(c).auditChain.verify(c.req.valid("query").cursor, SEALS_A_PAGE);
  return c.json(
    {
      ok: found.broken_at === null,
      checked: found.checked,
      sealed_until: isoOrNull(found.sealed_until),
      unsealed: found.unsealed,
      broken_at: found.broken_at,
      next_cursor: found.next === null ? null : String(found.next),
    },
    200,
  );
}).openapi(list, async (c) => {
  const { limit, cursor, ...filter } = c.req.valid("query");
  const page = await memoryOf(c).audit.list(filter, { limit, cursor });
  const items = page.items.map(({ tenant_id: _, at, ...row }) => ({ ...row, at: iso(at) }));
  return c.json({ items, next_cursor: page.next_cursor }, 200);
});
