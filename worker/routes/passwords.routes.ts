import { createRoute, z } from "@hono/zod-openapi";
import { AppError, invalid, unauthorized } from "../../core/errors.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { hashOfMailedToken } from "../../core/security/mailed-tokens.ts";
import { hashPassword, verifyPassword } from "../../core/security/passwords.ts";
import { deliver, requestMail, requireMail } from "../identity/mail.ts";
import { mailedTokenSchema, tokenInvalid } from "../identity/mailed-tokens.ts";
import { emailSchema, newPasswordSchema } from "../identity/sessions.ts";
import { limitedByAddress } from "../middleware/address-limit.ts";
import { actorOf, addressOf, memoryOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, jsonBody, problems } from "../router.ts";

/** At the old password, by whoever sits at somebody else's session. */
const ATTEMPTS = { most: 10, windowMs: 15 * 60_000 };

const change = createRoute({
  method: "post",
  path: "/api/auth/password",
  summary: "Change my password; every other session ends",
  security: bearer,
  middleware: [requires(), acceptsJson] as const,
  request: jsonBody(z.object({ old_password: z.string().max(1000), new_password: newPasswordSchema })),
  responses: { 204: { description: "Changed" }, ...problems(400, 401, 403, 413, 415, 422, 429) },
});

const forgot = createRoute({
  method: "post",
  path: "/api/auth/password/forgot",
  summary: "Have a link to set a new password mailed, if there is an account; the answer never tells",
  middleware: [acceptsJson, limitedByAddress("mail")] as const,
  request: jsonBody(z.object({ email: emailSchema })),
  responses: { 202: { description: "If there is an account, a mail is on its way" }, ...problems(400, 409, 413, 415, 422, 429) },
});

const reset = createRoute({
  method: "post",
  path: "/api/auth/password/reset",
  summary: "Set a new password by a mailed token (once, within the hour); every session ends",
  middleware: [acceptsJson, limitedByAddress("mailed_token")] as const,
  request: jsonBody(z.object({ token: mailedTokenSchema, password: newPasswordSchema })),
  responses: { 204: { description: "Set; sign in with it" }, ...problems(400, 413, 415, 422, 429) },
});

export const passwordsRoutes = createRouter()
  .openapi(change, async (c) => {
    const { directory } = c.var.services.memory;
    const { principal } = c.var;
    const { old_password, new_password } = c.req.valid("json");
    const user = await directory.user(principal.user_id);
    if (!user || principal.session_id === null) throw unauthorized();
    const subject = sha256Hex(`password:${user.id}`);
    if (!(await directory.takeAttempt(subject, ATTEMPTS))) throw new AppError({ code: "too_many_attempts", status: 429, message: "Too many failed attempts. Please wait 15 minutes.", headers: { "Retry-After": "900" } });
    if (!(await verifyPassword(old_password, user.password_hash))) throw invalid([{ path: "old_password", message: "is not your password" }]);
    await directory.forgetAttempts(subject);
    await memoryOf(c).accounts.changePassword(user.id, await hashPassword(new_password), principal.session_id);
    return c.body(null, 204);
  })
  .openapi(forgot, async (c) => {
    requireMail(c.var.services);
    const { email } = c.req.valid("json");
    const user = await c.var.services.memory.directory.userByEmail(email);
    const owed = await requestMail(c.var.services, { purpose: "reset", email, user, actor: { ip: addressOf(c), request_id: c.var.requestId } });
    if (owed) c.executionCtx.waitUntil(deliver(c.var.services, owed));
    return c.body(null, 202);
  })
  .openapi(reset, async (c) => {
    const { memory } = c.var.services;
    const { token, password } = c.req.valid("json");
    const row = await memory.identity.mailedToken(hashOfMailedToken(token), "reset");
    if (!row?.user_id) throw tokenInvalid();
    const { accounts } = memory.for(row.tenant_id, actorOf(c, `user:${row.user_id}`));
    if (!(await accounts.resetPassword(row, row.user_id, await hashPassword(password)))) throw tokenInvalid();
    await memory.directory.forgetAttempts(sha256Hex(row.email));
    return c.body(null, 204);
  });
