import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { notFound, unauthorized } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import type { User } from "../../core/memory/directory.ts";
import type { MailedToken } from "../../core/memory/identity.directory.ts";
import { hashOfMailedToken, newMailedToken } from "../../core/security/mailed-tokens.ts";
import { hashPassword } from "../../core/security/passwords.ts";
import { ROLES } from "../../core/security/scopes.ts";
import { refuseInviting } from "../identity/inviting.ts";
import { deliver, mailSubject, requireMail } from "../identity/mail.ts";
import { mailedTokenSchema, tokenInvalid, tooManyMails } from "../identity/mailed-tokens.ts";
import { emailSchema, newPasswordSchema, openSession, sessionSchema } from "../identity/sessions.ts";
import { limitedByAddress } from "../middleware/address-limit.ts";
import { actorOf, memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { idempotent } from "../middleware/idempotency.ts";
import { bearer, createRouter, idParam, json, jsonBody, pageOf, pageQuery, problems } from "../router.ts";

const invitationSchema = z
  .object({ id: z.string(), email: z.string(), role: z.enum(ROLES), invited_by: z.string(), created_at: z.string(), expires_at: z.string() })
  .openapi("Invitation");
const shown = ({ id, email, role, invited_by, created_at, expires_at }: MailedToken) => ({ id, email, role: role ?? "viewer", invited_by: invited_by ?? "", created_at: iso(created_at), expires_at: iso(expires_at) });

const create = createRoute({
  method: "post",
  path: "/api/invitations",
  summary: "Invite somebody by mail, for a week; an earlier invitation to the address ends",
  security: bearer,
  middleware: [requires(), acceptsJson, idempotent] as const,
  request: jsonBody(z.object({ email: emailSchema, role: z.enum(ROLES) })),
  responses: { 201: json(invitationSchema, "A mail is on its way"), ...problems(400, 401, 403, 409, 413, 415, 422, 429) },
});

const list = createRoute({
  method: "get",
  path: "/api/invitations",
  summary: "Open invitations, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(invitationSchema)), ...problems(401, 403, 422) },
});

const revoke = createRoute({
  method: "delete",
  path: "/api/invitations/{id}",
  summary: "Take an invitation back",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 204: { description: "Taken back: its token is refused" }, ...problems(401, 403, 404) },
});

const accept = createRoute({
  method: "post",
  path: "/api/auth/accept-invitation",
  summary: "Join a business's account by the mailed token",
  middleware: [acceptsJson, limitedByAddress("mailed_token")] as const,
  request: jsonBody(z.object({ token: mailedTokenSchema, password: newPasswordSchema, name: z.string().trim().min(1).max(120).optional() })),
  responses: { 201: json(sessionSchema, "A member, signed in"), ...problems(400, 409, 413, 415, 422, 429) },
});

export const invitationsRoutes = createRouter()
  .openapi(create, async (c) => {
    const { services, principal } = c.var;
    const { email, role } = c.req.valid("json");
    requireMail(services);
    const inviter = await services.memory.directory.user(principal.user_id);
    if (!inviter) throw unauthorized();
    await refuseInviting(services, inviter, role);
    const id = newId("inv", services.clock.now());
    const { hash } = newMailedToken(id, services.settings.APEX_JWT_SECRET);
    const invitation = await memoryOf(c).invitations.create({ id, token_hash: hash, email, role, invited_by: principal.user_id, subject: mailSubject(email) });
    if (!invitation) throw tooManyMails();
    c.executionCtx.waitUntil(deliver(services, invitation));
    return c.json(shown(invitation), 201);
  })
  .openapi(list, async (c) => {
    const page = await memoryOf(c).invitations.list(c.req.valid("query"));
    return c.json({ items: page.items.map(shown), next_cursor: page.next_cursor }, 200);
  })
  .openapi(revoke, async (c) => {
    if (!(await memoryOf(c).invitations.revoke(c.req.valid("param").id))) throw notFound("invitation");
    return c.body(null, 204);
  })
  .openapi(accept, async (c) => {
    const { memory, clock } = c.var.services;
    const { token, password, name } = c.req.valid("json");
    const invitation = await memory.identity.mailedToken(hashOfMailedToken(token), "invitation");
    if (!invitation?.role) throw tokenInvalid();
    const { email, role, tenant_id } = invitation;
    const now = clock.now();
    const guest: User = { id: newId("usr", now), tenant_id, email, name: name ?? email.split("@")[0] ?? email, role, password_hash: await hashPassword(password), created_at: now, email_verified_at: now };
    const member = await memory.for(tenant_id, actorOf(c, `user:${guest.id}`)).invitations.accept(invitation, guest);
    if (!member) throw tokenInvalid();
    return c.json(await openSession(c, member), 201);
  });
