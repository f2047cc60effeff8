import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { conflict, notFound } from "../../core/errors.ts";
import { acceptsJson } from "../middleware/body.ts";
import { actorOf } from "../middleware/auth.ts";
import { operatorOnly } from "../middleware/operator.ts";
import { createRouter, json, jsonBody, problems } from "../router.ts";

/* Hidden from the public document, as all of the operator's door. How to use it: docs/deploy.md. */

const database = z.string().regex(/^[A-Z][A-Z0-9_]{0,20}$/).default("DB");
const day = z.iso.date();
/** R2's longest key. */
const key = z.string().max(1024);

const backupSchema = z
  .object({ database: z.string(), day: z.string(), started_at: z.string(), finished_at: z.string(), migration: z.string().nullable(), rows: z.number() })
  .openapi("Backup");

const list = createRoute({
  method: "get",
  path: "/api/operator/backups",
  summary: "Finished backups of the region's databases, newest first (operator)",
  hide: true,
  middleware: [operatorOnly] as const,
  responses: { 200: json(z.object({ items: z.array(backupSchema) })), ...problems(401, 404) },
});

const restore = createRoute({
  method: "post",
  path: "/api/operator/backups/restore",
  summary: "Bring an empty database back from the backup of a day, a step further each time, until `done` (operator; in maintenance only)",
  hide: true,
  middleware: [operatorOnly, acceptsJson] as const,
  request: jsonBody(z.object({ database, day })),
  responses: { 200: json(z.object({ done: z.boolean(), table: z.number(), tables: z.number(), rows: z.number(), left_out: z.number() }).openapi("Restore")), ...problems(400, 401, 404, 409, 415, 422) },
});

const objects = createRoute({
  method: "post",
  path: "/api/operator/backups/restore-objects",
  summary: "Copy back what storage has no more, from `after` on (operator)",
  hide: true,
  middleware: [operatorOnly, acceptsJson] as const,
  request: jsonBody(z.object({ after: key.default("") })),
  responses: { 200: json(z.object({ restored: z.number(), after: z.string().nullable() }).openapi("RestoredObjects")), ...problems(400, 401, 404, 415, 422) },
});

export const backupsRoutes = createRouter()
  .openapi(list, async (c) => {
    const items = (await c.var.services.backups.list()).map(({ tables, started_at, finished_at, ...rest }) => ({ ...rest, started_at: iso(started_at), finished_at: iso(finished_at), rows: tables.reduce((sum, { rows }) => sum + rows, 0) }));
    return c.json({ items }, 200);
  })
  .openapi(restore, async (c) => {
    const { settings, backups } = c.var.services;
    if (settings.APEX_MAINTENANCE !== "on") throw conflict("not_in_maintenance", "Set APEX_MAINTENANCE to on first: half a database must not be worked with.");
    const asked = c.req.valid("json");
    const progress = await backups.restore(asked.database, asked.day, actorOf(c, "operator"));
    if (progress === null) throw notFound("database");
    const { done, table, tables, rows, left_out } = progress;
    return c.json({ done, table, tables, rows, left_out }, 200);
  })
  .openapi(objects, async (c) => c.json(await c.var.services.backups.restoreObjects(c.req.valid("json").after), 200));
