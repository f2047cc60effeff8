import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { AppError } from "../../core/errors.ts";
import type { AppEnv } from "../services.ts";

const NAME = "apex_refresh";
/** Sent to the few routes that need it, and never with a request that another site has caused. */
const ATTRIBUTES = { path: "/api/auth", httpOnly: true, secure: true, sameSite: "Strict" } as const;

/**
 * A page says `X-Apex-Session: cookie`: its refresh token is in the cookie only, where no script can read it. No form and no
 * foreign page can send the header without a preflight, which is answered for listed origins alone (middleware/cors.ts).
 */
export const wantsCookie = (c: Context<AppEnv>): boolean => c.req.header("X-Apex-Session") === "cookie";

/** @param expiresAt ms */
export const keepRefreshToken = (c: Context<AppEnv>, token: string, expiresAt: number): void =>
  setCookie(c, NAME, token, { ...ATTRIBUTES, maxAge: Math.floor((expiresAt - c.var.services.clock.now()) / 1000) });

export const dropRefreshToken = (c: Context<AppEnv>): void => void deleteCookie(c, NAME, ATTRIBUTES);

/**
 * The cookie's token, once it is sure that one of our own pages asks: the header, and an Origin of the list.
 * @throws AppError 403
 */
export const refreshTokenOfCookie = (c: Context<AppEnv>): string | undefined => {
  const token = getCookie(c, NAME);
  if (token === undefined) return undefined;
  const isOurs = c.var.services.settings.DASHBOARD_ORIGINS.includes(c.req.header("Origin") ?? "");
  if (!isOurs || !wantsCookie(c)) throw new AppError({ code: "cross_site", status: 403, message: "The session's cookie is for the dashboard's own pages (X-Apex-Session: cookie, from a listed origin)." });
  return token;
};
