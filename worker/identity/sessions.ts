import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { iso, isoOrNull } from "../../core/clock.ts";
import type { User } from "../../core/memory/directory.ts";
import { newRefreshToken } from "../../core/security/refresh-tokens.ts";
import { issueAccessToken } from "../../core/security/tokens.ts";
import { actorOf, addressOf } from "../middleware/auth.ts";
import type { AppEnv } from "../services.ts";
import { keepRefreshToken, wantsCookie } from "./refresh-cookie.ts";

const ACCESS_TTL_S = 15 * 60;
const MAX_USER_AGENT = 200;

export const emailSchema = z.email().max(254).transform((address) => address.toLowerCase());
export const newPasswordSchema = z.string().min(12).max(1000);
export const userSchema = z.object({ id: z.string(), email: z.string(), name: z.string(), email_verified_at: z.string().nullable() }).openapi("User");
export const sessionSchema = z
  .object({
    token: z.string().openapi({ description: "Access token, 15 minutes" }),
    expires_at: z.string(),
    refresh_token: z.string().nullable().openapi({ description: "For POST /api/auth/refresh, once; null where the cookie holds it (X-Apex-Session: cookie)" }),
    refresh_expires_at: z.string(),
    user: userSchema,
    tenant_id: z.string(),
  })
  .openapi("Session");

export const shownUser = ({ id, email, name, email_verified_at }: User) => ({ id, email, name, email_verified_at: isoOrNull(email_verified_at) });

interface Tokens {
  session_id: string;
  refresh_token: string;
  refresh_expires_at: number;
}

/** What whoever signed in is given: the access token, and the refresh token in the body and a cookie, or in the cookie alone. */
export const sessionAnswer = async (c: Context<AppEnv>, user: User, { session_id, refresh_token, refresh_expires_at }: Tokens): Promise<z.infer<typeof sessionSchema>> => {
  const { settings, clock } = c.var.services;
  const access = await issueAccessToken({ session_id, user_id: user.id, tenant_id: user.tenant_id, role: user.role }, { secret: settings.APEX_JWT_SECRET, now: clock.now(), ttlS: ACCESS_TTL_S, region: settings.APEX_REGION });
  keepRefreshToken(c, refresh_token, refresh_expires_at);
  return { ...access, refresh_token: wantsCookie(c) ? null : refresh_token, refresh_expires_at: iso(refresh_expires_at), user: shownUser(user), tenant_id: user.tenant_id };
};

const deviceOf = (c: Context<AppEnv>) => ({ ip: addressOf(c), user_agent: c.req.header("User-Agent")?.slice(0, MAX_USER_AGENT) ?? null });

/** Signs a person in who has just proven to be them. */
export const openSession = async (c: Context<AppEnv>, user: User): Promise<z.infer<typeof sessionSchema>> => {
  const first = newRefreshToken();
  const session = await c.var.services.memory.for(user.tenant_id, actorOf(c, `user:${user.id}`)).sessions.open(user.id, first, deviceOf(c));
  return sessionAnswer(c, user, { session_id: session.id, refresh_token: first.token, refresh_expires_at: session.expires_at });
};
