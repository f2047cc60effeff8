import { createRoute, z } from "@hono/zod-openapi";
import { isAnywhere, publishedSchema } from "../../agents/pseo/publisher/target.ts";
import { exportKey } from "../../agents/privacy/export-tenant.ts";
import { iso } from "../../core/clock.ts";
import { AppError, conflict, notFound } from "../../core/errors.ts";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { announce } from "../live.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, problems } from "../router.ts";

const erase = createRoute({
  method: "delete",
  path: "/api/entities/{id}",
  summary: "Erase a person: the entity, calls, recordings (at Twilio too), transcripts and what runs were given",
  description: "A page that is out in the world is taken down on every target first, by a run, and is gone once that is done; a target that refuses keeps it, with the reason in `problem`.",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam, query: z.object({ leave: z.enum(["wordpress"]).optional().openapi({ description: "Of a page: a site that is out of reach for good, where it is left as it is" }) }) },
  responses: { 204: { description: "Gone from every list; a run cleans the other stores, and the audit log keeps ids" }, ...problems(401, 403, 404, 422) },
});

const RETRY_S = "10";

const startExport = createRoute({
  method: "post",
  path: "/api/export",
  summary: "Have everything that the account has put into one archive",
  security: bearer,
  middleware: [requires(), idempotent] as const,
  responses: { 202: json(z.object({ export_id: z.string(), run_id: z.string(), status: z.string(), expires_at: z.string() }).openapi("Export"), "A run makes it"), ...problems(401, 403, 409, 422) },
});

const readExport = createRoute({
  method: "get",
  path: "/api/export/{id}",
  summary: "The archive (tar): tables as JSON lines, DNA, recordings; kept for a week",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: { description: "The archive", content: { "application/x-tar": { schema: z.string().openapi({ format: "binary" }) } } }, ...problems(401, 403, 404, 409) },
});

const deleteTenant = createRoute({
  method: "delete",
  path: "/api/tenant",
  summary: "Delete the account with all that it has; the owner's to do, by typing the account's name",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: jsonBody(z.object({ name: z.string().max(200) })),
  responses: { 202: json(z.object({ run_id: z.string(), status: z.string() }), "Closed for everybody at once; a run removes the rest"), ...problems(400, 401, 403, 409, 415, 422) },
});

export const privacyRoutes = createRouter().openapi(erase, async (c) => {
  const memory = memoryOf(c);
  const { id } = c.req.valid("param");
  const entity = await memory.entities.get(id);
  const { leave } = c.req.valid("query");
  if (entity.entity_type === "page" && entity.project_id !== null && isAnywhere(publishedSchema.safeParse(entity.metadata["published"]).data ?? {})) {
    await c.var.services.jobs.submit(memory, { project_id: entity.project_id, task: "privacy", action: "delete_page", params: { page_id: id, leave: leave === undefined ? [] : [leave] } });
    return c.body(null, 204);
  }
  const run = await memory.erasure.begin(id, QUEUE_PATIENCE_MS);
  announce(c, entity);
  if (run !== null) await c.var.services.jobs.enqueue(run);
  return c.body(null, 204);
})
  .openapi(startExport, async (c) => {
    const memory = memoryOf(c);
    const { opened, run } = await memory.tenant.openExport(QUEUE_PATIENCE_MS);
    await c.var.services.jobs.enqueue(run);
    return c.json({ export_id: opened.id, run_id: opened.run_id, status: "queued", expires_at: iso(opened.expires_at) }, 202);
  })
  .openapi(readExport, async (c) => {
    const memory = memoryOf(c);
    const { clock, recordings } = c.var.services;
    const found = await memory.tenant.findExport(c.req.valid("param").id);
    if (!found || found.expires_at <= clock.now()) throw notFound("export");
    if (found.size_bytes === null) throw new AppError({ code: "export_not_ready", status: 409, message: "The archive is not made yet.", headers: { "Retry-After": RETRY_S } });
    const opened = await recordings.open(exportKey(memory.tenantId, found.id));
    if (opened.kind !== "full") throw notFound("export");
    await memory.audit.record("export.read", `export:${found.id}`);
    return new Response(opened.stream, { headers: { "Content-Type": "application/x-tar", "Content-Length": String(opened.size), "Content-Disposition": `attachment; filename="${found.id}.tar"`, "Cache-Control": "private, no-store" } });
  })
  .openapi(deleteTenant, async (c) => {
    const memory = memoryOf(c);
    const run = await memory.tenant.beginDeletion(c.req.valid("json").name, QUEUE_PATIENCE_MS);
    if (run === null) throw conflict("deletion_under_way", "The account is being deleted.");
    await c.var.services.jobs.enqueue(run);
    return c.json({ run_id: run.id, status: "queued" }, 202);
  });
