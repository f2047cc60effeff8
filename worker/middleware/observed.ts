import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { type Activity, figuresOf, withActivity } from "../../core/observe/activity.ts";
import type { AppEnv } from "../services.ts";

const log = logger("http");
const ID = /^[\w.:-]{1,80}$/;

/** Ids in an address that search for a lead's or a call's life should find: of ours, and of Twilio's callbacks. */
const idsIn = (c: Context<AppEnv>): Record<string, string> => {
  const named = { tenant_id: c.req.query("tenant"), project_id: c.req.query("project_id") ?? c.req.query("project") ?? c.req.param("project_id"), lead_id: c.req.query("lead"), call_id: c.req.query("call") };
  return Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (value !== undefined && ID.test(value) ? [[name, value]] : [])));
};

const record = (c: Context<AppEnv>, activity: Activity, durationMs: number): void => {
  const { services, requestId, principal } = c.var;
  // The pattern, not the path: a path may hold a phone number, a link's key, a search.
  const route = routePath(c, -1);
  const { status } = c.res;
  const who = (principal as AppEnv["Variables"]["principal"] | undefined)?.tenant_id;
  const figures: Record<string, unknown> = { ...idsIn(c), ...(who === undefined ? {} : { tenant_id: who }), ...figuresOf(activity) };
  log.info("request", { request_id: requestId, method: c.req.method, route, status, duration_ms: durationMs, ...figures });
  services.measure({ kind: "request", name: `${c.req.method} ${route}`, outcome: String(status), tenantId: typeof figures.tenant_id === "string" ? figures.tenant_id : "", durationMs, activity });
  // What looks at the service is no use of it: a vendor that hangs would be told as slow and failing requests of ours.
  if (route !== "/health") services.serviceCounts.request({ status, durationMs, isLead: route.startsWith("/api/webhooks/") && status === 200 });
  const written = services.serviceCounts.flush();
  if (written !== null) c.executionCtx.waitUntil(written.catch((error: unknown) => log.warn("counts not written", { error: describeError(error) })));
};

/** One line a request: who, what, how long, and what it cost of the database and the vendors. */
export const observed = createMiddleware<AppEnv>(async (c, next) =>
  withActivity(async (activity) => {
    const started = Date.now();
    await next();
    record(c, activity, Date.now() - started);
  }, c.var.requestId),
);
