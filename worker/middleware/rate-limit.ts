import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError, describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { limitsOf, type RateClass, type RateLimit } from "../../core/security/limits.ts";
import type { TakeAnswer } from "../../durable/rate-limiter/rate-limiter.types.ts";
import type { AppEnv } from "../services.ts";

const log = logger("rate-limit");

/** What a request is counted as. Starting work is dearer than writing a row, which is dearer than reading one. */
export const classOf = (method: string, path: string): RateClass => {
  // It reads, and asks a model.
  if (/^\/api\/projects\/[^/]+\/context$/.test(path)) return "run";
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return "read";
  if (path === "/api/run" || /^\/api\/(?:runs\/[^/]+\/retry|campaigns\/[^/]+\/(?:start|resume))$/.test(path)) return "run";
  return "write";
};

/** draft-ietf-httpapi-ratelimit-headers-10: `q` quota, `w` window in s; `r` what is left, `t` seconds until all of it is back. */
const headersOf = (kind: RateClass, { quota, window_s }: RateLimit, { remaining, reset_s }: TakeAnswer): Record<string, string> => ({
  "RateLimit-Policy": `"${kind}";q=${quota};w=${window_s}`,
  RateLimit: `"${kind}";r=${remaining};t=${reset_s}`,
});

/** A plan's limits are meant for the internet; a developer's machine has none. */
const applies = (c: Context<AppEnv>): boolean => c.var.services.settings.APEX_ENV !== "local";

/** Null when the limiter cannot be reached: then requests pass, since an outage of the counter is not the caller's doing. */
const take = async (c: Context<AppEnv>, kind: RateClass, limit: RateLimit): Promise<TakeAnswer | null> => {
  const { principal, services, requestId } = c.var;
  try {
    return await services.rateLimiter.for(principal.tenant_id).take({ key: principal.actor, class: kind, limit });
  } catch (error) {
    log.error("the rate limiter could not be reached; the request passes", { request_id: requestId, tenant_id: principal.tenant_id, error: describeError(error) });
    return null;
  }
};

/** A signed-in caller's share of requests, by class and the tenant's plan; to stand after authentication. Over it: 429 with `Retry-After`. */
export const rateLimited = ({ isOn = applies }: { isOn?: (c: Context<AppEnv>) => boolean } = {}) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (!isOn(c)) {
      await next();
      return;
    }
    const kind = classOf(c.req.method, c.req.path);
    const limit = limitsOf(c.var.principal.plan).rates[kind];
    const answer = await take(c, kind, limit);
    if (answer === null) {
      await next();
      return;
    }
    const headers = headersOf(kind, limit, answer);
    if (!answer.allowed) {
      throw new AppError({
        code: "rate_limited",
        status: 429,
        message: `Too many requests: at most ${limit.quota} in ${limit.window_s} s.`,
        retryable: true,
        retryAfterMs: answer.retry_after_s * 1000,
        headers: { ...headers, "Retry-After": String(answer.retry_after_s) },
      });
    }
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  });
