import { createRoute, z } from "@hono/zod-openapi";
import { conflict, unauthorized } from "../../core/errors.ts";
import { hashOfMailedToken } from "../../core/security/mailed-tokens.ts";
import { deliver, requestMail, requireMail } from "../identity/mail.ts";
import { mailedTokenSchema, tokenInvalid, tooManyMails } from "../identity/mailed-tokens.ts";
import { limitedByAddress } from "../middleware/address-limit.ts";
import { actorOf, requires } from "../middleware/auth.ts";
import { acceptsJson } from "../middleware/body.ts";
import { bearer, createRouter, jsonBody, problems } from "../router.ts";

const verify = createRoute({
  method: "post",
  path: "/api/auth/verify",
  summary: "Confirm an address by the token that was mailed to it",
  middleware: [acceptsJson, limitedByAddress("mailed_token")] as const,
  request: jsonBody(z.object({ token: mailedTokenSchema })),
  responses: { 204: { description: "Confirmed" }, ...problems(400, 413, 415, 422, 429) },
});

const resend = createRoute({
  method: "post",
  path: "/api/auth/verify/resend",
  summary: "Mail a new token to confirm my address; earlier ones end",
  security: bearer,
  middleware: [requires()] as const,
  responses: { 202: { description: "A mail is on its way" }, ...problems(401, 403, 409, 429) },
});

export const verificationRoutes = createRouter()
  .openapi(verify, async (c) => {
    const { memory } = c.var.services;
    const row = await memory.identity.mailedToken(hashOfMailedToken(c.req.valid("json").token), "verify");
    if (!row?.user_id || !(await memory.for(row.tenant_id, actorOf(c, `user:${row.user_id}`)).accounts.verifyEmail(row, row.user_id))) throw tokenInvalid();
    return c.body(null, 204);
  })
  .openapi(resend, async (c) => {
    requireMail(c.var.services);
    const user = await c.var.services.memory.directory.user(c.var.principal.user_id);
    if (!user) throw unauthorized();
    if (user.email_verified_at !== null) throw conflict("email_verified", "Your address is confirmed already.");
    const owed = await requestMail(c.var.services, { purpose: "verify", email: user.email, user, actor: actorOf(c, c.var.principal.actor) });
    if (!owed) throw tooManyMails();
    c.executionCtx.waitUntil(deliver(c.var.services, owed));
    return c.body(null, 202);
  });
