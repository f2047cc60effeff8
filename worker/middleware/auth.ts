import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { AppError, forbidden, unauthorized } from "../../core/errors.ts";
import type { Actor } from "../../core/memory/actor.ts";
import { LAST_USE_STEP_MS } from "../../core/memory/api-keys.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { hashOfApiKey, isApiKey } from "../../core/security/api-keys.ts";
import { SCOPES_OF_ROLE, scopesOfKey } from "../../core/security/scopes.ts";
import { verifyAccessToken } from "../../core/security/tokens.ts";
import { operationOf, POLICIES, type Policy } from "../policy.ts";
import type { AppEnv, Principal } from "../services.ts";
import { refuseElsewhere, refuseForeignCredential } from "./region.ts";
import { rateLimited } from "./rate-limit.ts";

export const addressOf = (c: Context<AppEnv>): string | null => c.req.header("CF-Connecting-IP") ?? null;

export const actorOf = (c: Context<AppEnv>, actor: string): Actor => ({ actor, ip: addressOf(c), request_id: c.var.requestId });

/** By an access token: the session behind it must still be open, and the role is the one that the person has now. */
const byToken = async (c: Context<AppEnv>, token: string): Promise<Principal | null> => {
  const { settings, clock, memory } = c.var.services;
  const claims = await verifyAccessToken(token, { secret: settings.APEX_JWT_SECRET, now: clock.now() });
  const caller = claims && (await memory.identity.callerBySession(claims.session_id));
  if (caller?.user_id !== claims?.user_id || caller?.tenant_id !== claims?.tenant_id || !claims || !caller) return null;
  return { ...caller, kind: "user", session_id: claims.session_id, actor: `user:${caller.user_id}`, scopes: SCOPES_OF_ROLE[caller.role] };
};

/** By an API key: most of what is not one falls through its checksum and costs no read. */
const byKey = async (c: Context<AppEnv>, token: string): Promise<Principal | null> => {
  const { clock, memory } = c.var.services;
  const hash = hashOfApiKey(token);
  const found = hash === null ? undefined : await memory.identity.callerByKey(hash);
  if (!found) return null;
  const { key, ...caller } = found;
  const principal: Principal = { ...caller, kind: "key", session_id: null, actor: `key:${key.id}`, scopes: scopesOfKey(key.scopes, caller.role) };
  if ((key.last_used_at ?? 0) <= clock.now() - LAST_USE_STEP_MS) c.executionCtx.waitUntil(memory.for(caller.tenant_id, actorOf(c, principal.actor)).apiKeys.used(key.id));
  return principal;
};

const PROTOCOL = /^bearer\.(\S+)$/;

/** A browser cannot give a WebSocket a header: it offers its token as a subprotocol, which the answer must name. */
export const offeredProtocol = (c: Context<AppEnv>): string | null => {
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") return null;
  return (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim()).find((one) => PROTOCOL.test(one)) ?? null;
};

const authorizationOf = (c: Context<AppEnv>): string => {
  const given = c.req.header("Authorization");
  const offered = given === undefined ? PROTOCOL.exec(offeredProtocol(c) ?? "")?.[1] : undefined;
  return given ?? (offered === undefined ? "" : `Bearer ${offered}`);
};

const authenticate = async (c: Context<AppEnv>): Promise<Principal> => {
  const [scheme, token] = authorizationOf(c).split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) throw unauthorized();
  const principal = await (isApiKey(token) ? byKey : byToken)(c, token);
  if (!principal) {
    refuseForeignCredential(c.var.services.settings, token);
    throw unauthorized();
  }
  return principal;
};

/** @throws AppError 403, or 500 for a route that the table does not let in by a token: whoever forgot it there finds out at once */
const refuseUnless = ({ access, by }: Policy, { kind, role, scopes }: Principal): void => {
  if (access === "public" || access === "vendor" || access === "operator") throw new Error(`${access} routes do not ask for a token`);
  if (by !== "any" && kind !== "user") throw forbidden("An API key cannot do this; sign in.");
  if (access !== "signed-in" && !scopes.includes(access)) throw forbidden(`This needs the scope ${access}.`);
  if (by === "owners" && role !== "owner") throw forbidden("Only an owner can do this.");
};

const limited = rateLimited();

/**
 * What worker/policy.ts says of the route that this stands in. No token, or one that has ended: 401. One that may not: 403.
 * Somebody of another region's: 421, and where to ask. A tenant that the operator has suspended, or that is being removed, is told so (intake does not ask: a lead is never lost).
 * Too often: 429.
 */
export const requires = () =>
  createMiddleware<AppEnv>(async (c, next) => {
    const operation = operationOf(c.req.method, routePath(c));
    const policy = POLICIES[operation];
    if (!policy) throw new Error(`worker/policy.ts says nothing of ${operation}`);
    const principal = await authenticate(c);
    refuseUnless(policy, principal);
    refuseElsewhere(c.var.services.settings, principal.region);
    if (principal.suspended) throw new AppError({ code: "tenant_suspended", status: 403, message: "This account is suspended. Its leads are kept; please write to support." });
    c.set("principal", principal);
    await limited(c, next);
  });

/** The caller's own tenant's memory; there is no other door. */
export const memoryOf = (c: Context<AppEnv>): TenantMemory => c.var.services.memory.for(c.var.principal.tenant_id, actorOf(c, c.var.principal.actor));
