import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import { invalid } from "../../core/errors.ts";
import { acceptsJson } from "../middleware/body.ts";
import { operatorOf, operatorOnly } from "../middleware/operator.ts";
import { createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems } from "../router.ts";

/* Hidden from the public document: it describes what tenants can do, and where no secret is set there is nothing here. */

const ROTATED_A_PAGE = 100;

const tenantSchema = z
  .object({ id: z.string(), name: z.string(), plan: z.string(), projects: z.number(), region: z.string().nullable(), created_at: z.string(), suspended_at: z.string().nullable(), deleted_at: z.string().nullable() })
  .openapi("Tenant");

const list = createRoute({
  method: "get",
  path: "/api/operator/tenants",
  summary: "Every tenant, newest first (operator)",
  hide: true,
  middleware: [operatorOnly] as const,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(tenantSchema)), ...problems(401, 404, 422) },
});

const changing = (verb: "suspend" | "unsuspend", summary: string) =>
  createRoute({
    method: "post",
    path: `/api/operator/tenants/{id}/${verb}`,
    summary,
    hide: true,
    middleware: [operatorOnly] as const,
    request: { params: idParam },
    responses: { 204: { description: "Done, or so already" }, ...problems(401, 404) },
  });
const suspend = changing("suspend", "Let nobody of the tenant in; leads are still stored, and nobody is rung for it (operator)");
const unsuspend = changing("unsuspend", "Let the tenant in again (operator)");

const plan = createRoute({
  method: "post",
  path: "/api/operator/tenants/{id}/plan",
  summary: "Set what the tenant pays for (operator)",
  hide: true,
  middleware: [operatorOnly, acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.object({ plan: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/) })) },
  responses: { 204: { description: "Done" }, ...problems(400, 401, 404, 415, 422) },
});

const region = createRoute({
  method: "post",
  path: "/api/operator/tenants/{id}/region",
  summary: "Write down that the tenant lives in another region: whoever asks here is told where (operator); null: it lives here",
  hide: true,
  middleware: [operatorOnly, acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.object({ region: z.string().max(12).nullable() })) },
  responses: { 204: { description: "Done" }, ...problems(400, 401, 404, 415, 422) },
});

const rotate = createRoute({
  method: "post",
  path: "/api/operator/vault/rotate",
  summary: "Seal a page of stored secrets again with the newest key (operator)",
  hide: true,
  middleware: [operatorOnly] as const,
  request: { query: z.object({ cursor: z.string().max(300).optional() }) },
  responses: { 200: json(z.object({ checked: z.number(), rotated: z.number(), failed: z.number(), next_cursor: z.string().nullable() }).openapi("VaultRotation")), ...problems(401, 404, 422) },
});

export const operatorRoutes = createRouter()
  .openapi(list, async (c) => {
    const page = await operatorOf(c).list(c.req.valid("query"));
    const items = page.items.map(({ created_at, suspended_at, deleted_at, ...tenant }) => ({ ...tenant, created_at: iso(created_at), suspended_at: isoOrNull(suspended_at), deleted_at: isoOrNull(deleted_at) }));
    return c.json({ items, next_cursor: page.next_cursor }, 200);
  })
  .openapi(suspend, async (c) => {
    await operatorOf(c).suspend(c.req.valid("param").id);
    return c.body(null, 204);
  })
  .openapi(unsuspend, async (c) => {
    await operatorOf(c).unsuspend(c.req.valid("param").id);
    return c.body(null, 204);
  })
  .openapi(plan, async (c) => {
    await operatorOf(c).setPlan(c.req.valid("param").id, c.req.valid("json").plan);
    return c.body(null, 204);
  })
  .openapi(region, async (c) => {
    const { APEX_REGION, APEX_REGIONS } = c.var.services.settings;
    const { region: asked } = c.req.valid("json");
    const elsewhere = asked === APEX_REGION ? null : asked;
    if (elsewhere !== null && !APEX_REGIONS.has(elsewhere)) throw invalid([{ path: "region", message: `must be one of APEX_REGIONS: ${[...APEX_REGIONS.keys()].join(", ")}` }]);
    await operatorOf(c).setRegion(c.req.valid("param").id, elsewhere);
    return c.body(null, 204);
  })
  .openapi(rotate, async (c) => c.json(await operatorOf(c).rotate(c.var.services.vault, c.req.valid("query").cursor ?? null, ROTATED_A_PAGE), 200));
