import { createRoute } from "@hono/zod-openapi";
import { QUEUE_PATIENCE_MS } from "../../core/kernel/jobs.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, problems } from "../router.ts";

const erase = createRoute({
  method: "delete",
  path: "/api/entities/{id}",
  summary: "Erase a person: the entity, calls, recordings (at Twilio too), transcripts and what runs were given",
  security: bearer,
  middleware: [requires("leads:write")] as const,
  request: { params: idParam },
  responses: { 204: { description: "Gone from every list; a run cleans the other stores, and the audit log keeps ids" }, ...problems(401, 403, 404) },
});

export const privacyRoutes = createRouter().openapi(erase, async (c) => {
  const memory = memoryOf(c);
  const runId = await memory.erasure.begin(c.req.valid("param").id, QUEUE_PATIENCE_MS);
  if (runId !== null) await c.var.services.jobs.enqueue({ id: runId, tenant_id: memory.tenantId });
  return c.body(null, 204);
});
