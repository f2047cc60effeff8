import { createMiddleware } from "hono/factory";
import { AppError } from "../../core/errors.ts";
import type { AppEnv } from "../services.ts";

/** While APEX_MAINTENANCE is on, the operator's door and /health alone are open: what is half restored must not be read, and what comes in could not be kept. */
export const maintenance = createMiddleware<AppEnv>(async (c, next) => {
  const open = c.req.path === "/health" || c.req.path.startsWith("/api/operator/");
  if (c.var.services.settings.APEX_MAINTENANCE === "on" && !open) throw new AppError({ code: "maintenance", status: 503, message: "Closed for maintenance.", retryable: true, headers: { "Retry-After": "120" } });
  await next();
});
