import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError, unauthorized } from "../../core/errors.ts";
import { sameSecret } from "../../core/security/constant-time.ts";
import type { AppEnv } from "../services.ts";
import { actorOf } from "./auth.ts";

/**
 * The operator's door: outside all tenants, by a secret of its own. Where none is set there is no door, and no tenant's token
 * opens it.
 */
export const operatorOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { APEX_OPERATOR_SECRET: secret } = c.var.services.settings;
  if (secret === undefined) throw new AppError({ code: "not_found", status: 404, message: "There is nothing here." });
  const [scheme, given] = (c.req.header("Authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !(await sameSecret(given ?? "", secret))) throw unauthorized("The operator's secret is needed.");
  await next();
});

export const operatorOf = (c: Context<AppEnv>) => c.var.services.memory.operator(actorOf(c, "operator"));
