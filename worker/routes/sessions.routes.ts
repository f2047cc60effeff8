import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { notFound, unauthorized } from "../../core/errors.ts";
import { dropRefreshToken } from "../identity/refresh-cookie.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, problems } from "../router.ts";

const listedSchema = z
  .object({
    id: z.string(),
    current: z.boolean().openapi({ description: "The one that asks" }),
    created_at: z.string(),
    refreshed_at: z.string(),
    expires_at: z.string(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
  })
  .openapi("SignedInDevice");

const logout = createRoute({
  method: "post",
  path: "/api/auth/logout",
  summary: "End this session: its tokens are refused from now on",
  security: bearer,
  middleware: [requires()] as const,
  responses: { 204: { description: "Ended" }, ...problems(401, 403) },
});

const list = createRoute({
  method: "get",
  path: "/api/auth/sessions",
  summary: "Where I am signed in, newest first",
  security: bearer,
  middleware: [requires()] as const,
  responses: { 200: json(z.object({ items: z.array(listedSchema), next_cursor: z.null() })), ...problems(401, 403) },
});

const end = createRoute({
  method: "delete",
  path: "/api/auth/sessions/{id}",
  summary: "Sign out elsewhere",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 204: { description: "Ended" }, ...problems(401, 403, 404) },
});

export const sessionsRoutes = createRouter()
  .openapi(logout, async (c) => {
    const { session_id, user_id } = c.var.principal;
    if (session_id === null) throw unauthorized();
    await memoryOf(c).sessions.end(session_id, user_id, "signed_out");
    dropRefreshToken(c);
    return c.body(null, 204);
  })
  .openapi(list, async (c) => {
    const { session_id, user_id } = c.var.principal;
    const sessions = await memoryOf(c).sessions.list(user_id);
    const items = sessions.map(({ id, ip, user_agent, created_at, refreshed_at, expires_at }) => ({ id, current: id === session_id, created_at: iso(created_at), refreshed_at: iso(refreshed_at), expires_at: iso(expires_at), ip, user_agent }));
    return c.json({ items, next_cursor: null }, 200);
  })
  .openapi(end, async (c) => {
    if (!(await memoryOf(c).sessions.end(c.req.valid("param").id, c.var.principal.user_id, "revoked"))) throw notFound("session");
    return c.body(null, 204);
  });
