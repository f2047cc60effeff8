import { createRoute, z } from "@hono/zod-openapi";
import { AppError, unauthorized } from "../../core/errors.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { hashPassword, needsRehash, verifyPassword } from "../../core/security/passwords.ts";
import { ROLES } from "../../core/security/scopes.ts";
import { deliver, requestMail } from "../identity/mail.ts";
import { refreshSession } from "../identity/refresh.ts";
import { emailSchema, newPasswordSchema, openSession, sessionSchema, shownUser, userSchema } from "../identity/sessions.ts";
import { limitedByAddress } from "../middleware/address-limit.ts";
import { addressOf, memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson, acceptsJsonIfAny } from "../middleware/body.ts";
import { refuseElsewhere } from "../middleware/region.ts";
import { bearer, createRouter, json, jsonBody, problems } from "../router.ts";

/** At passwords, for one account (API.md). */
const LOGIN_ATTEMPTS = { most: 10, windowMs: 15 * 60_000 };

const signup = createRoute({
  method: "post",
  path: "/api/auth/signup",
  summary: "Make an account and its tenant; a mail to confirm the address follows",
  middleware: [acceptsJson, limitedByAddress("signup")] as const,
  request: jsonBody(z.object({ email: emailSchema, password: newPasswordSchema, name: z.string().trim().min(1).max(120).optional() })),
  responses: { 201: json(sessionSchema, "The account, signed in"), ...problems(400, 409, 413, 415, 422, 429) },
});

const login = createRoute({
  method: "post",
  path: "/api/auth/login",
  summary: "Sign in",
  middleware: [acceptsJson, limitedByAddress("login")] as const,
  request: jsonBody(z.object({ email: emailSchema, password: z.string().max(1000) })),
  responses: { 200: json(sessionSchema), ...problems(400, 401, 413, 415, 422, 429) },
});

const refresh = createRoute({
  method: "post",
  path: "/api/auth/refresh",
  summary: "A new access token for a refresh token (body, or the cookie), which is spent; one used twice ends the session",
  middleware: [acceptsJsonIfAny, limitedByAddress("refresh")] as const,
  request: { body: { required: false, content: { "application/json": { schema: z.object({ refresh_token: z.string().max(200).optional() }) } } } },
  responses: { 200: json(sessionSchema), ...problems(400, 401, 403, 413, 415, 422, 429) },
});

const me = createRoute({
  method: "get",
  path: "/api/auth/me",
  summary: "Who am I, and what may I do?",
  security: bearer,
  middleware: [requires()] as const,
  responses: { 200: json(z.object({ user: userSchema, tenant_id: z.string(), tenant_name: z.string().openapi({ description: "The account's name; typed again by whoever deletes it" }), role: z.enum(ROLES), scopes: z.array(z.string()) })), ...problems(401, 403) },
});

export const authRoutes = createRouter()
  .openapi(signup, async (c) => {
    const { memory, mailer } = c.var.services;
    const { email, password, name } = c.req.valid("json");
    const actor = { ip: addressOf(c), request_id: c.var.requestId };
    const user = await memory.directory.signUp({ email, name: name ?? email.split("@")[0] ?? email, password_hash: await hashPassword(password) }, actor);
    const owed = mailer.configured ? await requestMail(c.var.services, { purpose: "verify", email, user, actor }) : undefined;
    if (owed) c.executionCtx.waitUntil(deliver(c.var.services, owed));
    return c.json(await openSession(c, user), 201);
  })
  .openapi(login, async (c) => {
    const { directory } = c.var.services.memory;
    const { email, password } = c.req.valid("json");
    const subject = sha256Hex(email);
    if (!(await directory.takeAttempt(subject, LOGIN_ATTEMPTS))) {
      throw new AppError({ code: "too_many_attempts", status: 429, message: "Too many failed attempts for this address. Please wait 15 minutes.", headers: { "Retry-After": "900" } });
    }
    const user = await directory.userByEmail(email);
    // Without an account the same work is done for nothing, so that the time tells nothing either.
    if (!(await verifyPassword(password, user?.password_hash ?? null)) || !user) throw unauthorized("Address or password is wrong.");
    refuseElsewhere(c.var.services.settings, await directory.regionOf(user.tenant_id));
    await directory.forgetAttempts(subject);
    if (needsRehash(user.password_hash)) await directory.setPassword(user.id, await hashPassword(password));
    return c.json(await openSession(c, user), 200);
  })
  .openapi(refresh, async (c) => c.json(await refreshSession(c, c.req.valid("json").refresh_token), 200))
  .openapi(me, async (c) => {
    const { principal, services } = c.var;
    const user = await services.memory.directory.user(principal.user_id);
    if (!user) throw unauthorized();
    return c.json({ user: shownUser(user), tenant_id: principal.tenant_id, tenant_name: await memoryOf(c).tenant.name(), role: principal.role, scopes: [...principal.scopes] }, 200);
  });
