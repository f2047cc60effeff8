import { createMiddleware } from "hono/factory";
import { forbidden, unauthorized } from "../../core/errors.ts";
import type { Actor } from "../../core/memory/actor.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { verifyAccessToken } from "../../core/security/tokens.ts";
import { type Scope, SCOPES_OF_ROLE } from "../policy.ts";
import type { AppEnv, Principal } from "../services.ts";
import { rateLimited } from "./rate-limit.ts";
import { refuseSuspended } from "./suspended.ts";
import type { Context } from "hono";

export const addressOf = (c: Context<AppEnv>): string | null => c.req.header("CF-Connecting-IP") ?? null;

export const actorOf = (c: Context<AppEnv>, actor: string): Actor => ({ actor, ip: addressOf(c), request_id: c.var.requestId });

const authenticate = async (c: Context<AppEnv>): Promise<Principal> => {
  const [scheme, token] = (c.req.header("Authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) throw unauthorized();
  const { settings, clock } = c.var.services;
  const claims = await verifyAccessToken(token, { secret: settings.APEX_JWT_SECRET, now: clock.now() });
  if (!claims) throw unauthorized();
  return { ...claims, actor: `user:${claims.user_id}`, scopes: SCOPES_OF_ROLE[claims.role] };
};

const limited = rateLimited();

/** No token: 401. A token without the scope: 403. Too often: 429. `null`: any signed-in person. */
export const requires = (scope: Scope | null) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const principal = await authenticate(c);
    if (scope !== null && !principal.scopes.includes(scope)) throw forbidden(`This needs the scope ${scope}.`);
    await refuseSuspended(c, principal.tenant_id);
    c.set("principal", principal);
    await limited(c, next);
  });

/** The caller's own tenant's memory; there is no other door. */
export const memoryOf = (c: Context<AppEnv>): TenantMemory => c.var.services.memory.for(c.var.principal.tenant_id, actorOf(c, c.var.principal.actor));
