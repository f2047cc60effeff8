import { createRoute, z } from "@hono/zod-openapi";
import { iso, isoOrNull } from "../../core/clock.ts";
import type { Member } from "../../core/memory/members.store.ts";
import { ROLES } from "../../core/security/scopes.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems } from "../router.ts";

const memberSchema = z
  .object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(ROLES), created_at: z.string(), email_verified_at: z.string().nullable() })
  .openapi("Member");
const shown = ({ created_at, email_verified_at, ...member }: Member) => ({ ...member, created_at: iso(created_at), email_verified_at: isoOrNull(email_verified_at) });

const list = createRoute({
  method: "get",
  path: "/api/members",
  summary: "The account's people, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(memberSchema)), ...problems(401, 403, 422) },
});

const change = createRoute({
  method: "patch",
  path: "/api/members/{id}",
  summary: "Give a member another role; owners are an owner's to make or change, and one stays",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: { params: idParam, ...jsonBody(z.object({ role: z.enum(ROLES) })) },
  responses: { 200: json(memberSchema), ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

const remove = createRoute({
  method: "delete",
  path: "/api/members/{id}",
  summary: "Remove a member, with their sessions, keys and invitations; the last owner stays",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...problems(401, 403, 404, 409) },
});

export const membersRoutes = createRouter()
  .openapi(list, async (c) => {
    const page = await memoryOf(c).members.list(c.req.valid("query"));
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(change, async (c) => c.json(shown(await memoryOf(c).members.setRole(c.req.valid("param").id, c.req.valid("json").role, c.var.principal.role)), 200))
  .openapi(remove, async (c) => {
    await memoryOf(c).members.remove(c.req.valid("param").id, c.var.principal.role);
    return c.body(null, 204);
  });
