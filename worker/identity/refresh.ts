import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { unauthorized } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { readRefreshToken } from "../../core/security/refresh-tokens.ts";
import { actorOf } from "../middleware/auth.ts";
import type { AppEnv } from "../services.ts";
import { dropRefreshToken, refreshTokenOfCookie } from "./refresh-cookie.ts";
import { sessionAnswer, type sessionSchema } from "./sessions.ts";

const log = logger("sessions");

/**
 * Spends a refresh token for the next one. One that was spent before is in two hands, of which one stole it: the session ends
 * for both. There is no grace for an answer that was lost on its way: it costs a sign-in.
 * @param given the body's; the cookie's when undefined
 * @throws AppError 401 when it is none of ours, has ended or was spent; 403 for a cookie from elsewhere
 */
export const refreshSession = async (c: Context<AppEnv>, given: string | undefined): Promise<z.infer<typeof sessionSchema>> => {
  const { memory } = c.var.services;
  const refused = (): never => {
    throw unauthorized("The session has ended. Please sign in.");
  };
  const shown = readRefreshToken(given ?? refreshTokenOfCookie(c) ?? "");
  const session = shown && (await memory.identity.sessionOfFamily(shown.family_hash));
  if (!shown || !session) return refused();
  const { sessions } = memory.for(session.tenant_id, actorOf(c, `user:${session.user_id}`));
  const next = shown.next();
  const expiresAt = await sessions.rotate(session, shown, next);
  if (expiresAt === null) {
    if (await sessions.end(session.id, session.user_id, "refresh_token_reused")) log.warn("a spent refresh token was shown; its session has ended", { session_id: session.id, request_id: c.var.requestId });
    dropRefreshToken(c);
    return refused();
  }
  const user = await memory.directory.user(session.user_id);
  return user ? sessionAnswer(c, user, { session_id: session.id, refresh_token: next.token, refresh_expires_at: expiresAt }) : refused();
};
