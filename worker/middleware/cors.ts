import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../services.ts";

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, Prefer, Range, X-Apex-Session, X-Request-Id";
/** What a page's script may read of an answer besides its body. */
const ANSWER_HEADERS = "Content-Disposition, Content-Range, ETag, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id";
const PREFLIGHT_KEPT_S = "600";

/**
 * Pages of the listed origins (`DASHBOARD_ORIGINS`), compared whole, may call the API with credentials; to any other origin's
 * pages an answer is unreadable, as without CORS. Never `*`, never an echo of what was asked.
 */
export const cors = createMiddleware<AppEnv>(async (c, next) => {
  const origin = c.req.header("Origin");
  const isListed = origin !== undefined && c.var.services.settings.DASHBOARD_ORIGINS.includes(origin);
  const isPreflight = c.req.method === "OPTIONS" && c.req.header("Access-Control-Request-Method") !== undefined;
  if (isPreflight) c.res = new Response(null, { status: 204 });
  else await next();
  if (c.res.status === 101) return;
  c.header("Vary", "Origin", { append: true });
  if (!isListed) return;
  c.header("Access-Control-Allow-Origin", origin);
  c.header("Access-Control-Allow-Credentials", "true");
  if (!isPreflight) {
    c.header("Access-Control-Expose-Headers", ANSWER_HEADERS);
    return;
  }
  c.header("Access-Control-Allow-Methods", METHODS);
  c.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
  c.header("Access-Control-Max-Age", PREFLIGHT_KEPT_S);
});
