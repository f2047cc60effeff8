import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import ipaddr from "ipaddr.js";
import { AppError, describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { ADDRESS_LIMITS } from "../../core/security/limits.ts";
import type { TakeAnswer } from "../../durable/rate-limiter/rate-limiter.types.ts";
import type { AppEnv } from "../services.ts";
import { addressOf } from "./auth.ts";

const log = logger("address-limit");

/** An IPv6 customer has at least a /64 to choose addresses from: they count as one. */
export const networkOf = (address: string): string => {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv4" ? parsed.toString() : parsed.toByteArray().slice(0, 8).join(".");
};

/** Null when the counter cannot be reached: its outage is not the caller's doing, so that requests pass then. */
const take = async (c: Context<AppEnv>, address: string, kind: keyof typeof ADDRESS_LIMITS): Promise<TakeAnswer | null> => {
  try {
    return await c.var.services.rateLimiter.for(`address:${networkOf(address)}`).take({ key: kind, class: "auth", limit: ADDRESS_LIMITS[kind] });
  } catch (error) {
    log.error("the rate limiter could not be reached; the request passes", { request_id: c.var.requestId, error: describeError(error) });
    return null;
  }
};

/**
 * How often one address may try something without a token; 429 with `Retry-After` beyond. Meant for strangers on the
 * internet: a developer's machine has none.
 */
export const limitedByAddress = (kind: keyof typeof ADDRESS_LIMITS) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const address = addressOf(c);
    const answer = c.var.services.settings.APEX_ENV === "local" || address === null ? null : await take(c, address, kind);
    if (answer?.allowed === false) {
      throw new AppError({ code: "rate_limited", status: 429, message: "Too many attempts from your address.", retryable: true, retryAfterMs: answer.retry_after_s * 1000, headers: { "Retry-After": String(answer.retry_after_s) } });
    }
    await next();
  });
