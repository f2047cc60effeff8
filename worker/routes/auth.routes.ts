import { createRoute, z } from "@hono/zod-openapi";
import { AppError, unauthorized } from "../../core/errors.ts";
import type { User } from "../../core/memory/directory.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { hashPassword, needsRehash, verifyPassword } from "../../core/security/passwords.ts";
import { issueAccessToken, ROLES } from "../../core/security/tokens.ts";
import { addressOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, json, jsonBody, problems } from "../router.ts";
import type { Services } from "../services.ts";

/** Until refresh tokens come with the identity work, a session is a working day. */
const TOKEN_TTL_S = 12 * 3600;
const THROTTLE = { failures: 10, windowMs: 15 * 60_000 };

const email = z.email().max(254).transform((address) => address.toLowerCase());
const userSchema = z.object({ id: z.string(), email: z.string(), name: z.string() }).openapi("User");
const sessionSchema = z.object({ token: z.string(), expires_at: z.string(), user: userSchema, tenant_id: z.string() }).openapi("Session");

const shown = ({ id, email: address, name }: User) => ({ id, email: address, name });

const sessionOf = async ({ settings, clock }: Services, user: User) => ({
  ...(await issueAccessToken({ user_id: user.id, tenant_id: user.tenant_id, role: user.role }, { secret: settings.APEX_JWT_SECRET, now: clock.now(), ttlS: TOKEN_TTL_S })),
  user: shown(user),
  tenant_id: user.tenant_id,
});

const signup = createRoute({
  method: "post",
  path: "/api/auth/signup",
  summary: "Make an account and its tenant",
  middleware: [acceptsJson] as const,
  request: jsonBody(z.object({ email, password: z.string().min(12).max(1000), name: z.string().trim().min(1).max(120).optional() })),
  responses: { 201: json(sessionSchema, "The account, signed in"), ...problems(400, 409, 413, 415, 422) },
});

const login = createRoute({
  method: "post",
  path: "/api/auth/login",
  summary: "Sign in",
  middleware: [acceptsJson] as const,
  request: jsonBody(z.object({ email, password: z.string().max(1000) })),
  responses: { 200: json(sessionSchema), ...problems(400, 401, 413, 415, 422, 429) },
});

const me = createRoute({
  method: "get",
  path: "/api/auth/me",
  summary: "Who am I?",
  security: bearer,
  middleware: [requires(null)] as const,
  responses: { 200: json(z.object({ user: userSchema, tenant_id: z.string(), role: z.enum(ROLES), scopes: z.array(z.string()) })), ...problems(401) },
});

export const authRoutes = createRouter()
  .openapi(signup, async (c) => {
    const { memory } = c.var.services;
    const input = c.req.valid("json");
    const password_hash = await hashPassword(input.password);
    const user = await memory.directory.signUp(
      { email: input.email, name: input.name ?? input.email.split("@")[0] ?? input.email, password_hash },
      { ip: addressOf(c), request_id: c.var.requestId },
    );
    return c.json(await sessionOf(c.var.services, user), 201);
  })
  .openapi(login, async (c) => {
    const { memory, clock } = c.var.services;
    const { directory } = memory;
    const input = c.req.valid("json");
    const subject = sha256Hex(input.email);
    if ((await directory.loginFailuresSince(subject, clock.now() - THROTTLE.windowMs)) >= THROTTLE.failures) {
      throw new AppError({ code: "too_many_attempts", status: 429, message: "Too many failed attempts for this address. Please wait 15 minutes.", headers: { "Retry-After": "900" } });
    }
    const user = await directory.userByEmail(input.email);
    // Without an account the same work is done for nothing, so that the time tells nothing either.
    if (!(await verifyPassword(input.password, user?.password_hash ?? null)) || !user) {
      await directory.recordLoginFailure(subject);
      throw unauthorized("Address or password is wrong.");
    }
    await directory.forgetLoginFailures(subject);
    if (needsRehash(user.password_hash)) await directory.setPassword(user.id, await hashPassword(input.password));
    return c.json(await sessionOf(c.var.services, user), 200);
  })
  .openapi(me, async (c) => {
    const { principal, services } = c.var;
    const user = await services.memory.directory.user(principal.user_id);
    if (!user) throw unauthorized();
    return c.json({ user: shown(user), tenant_id: principal.tenant_id, role: principal.role, scopes: [...principal.scopes] }, 200);
  });
