import type { Context } from "hono";
import { AppError } from "../../core/errors.ts";
import type { AppEnv } from "../services.ts";

/** A tenant that the operator has suspended, or that is being removed, is told so by the whole API. Intake does not ask: a lead is never lost. */
export const refuseSuspended = async (c: Context<AppEnv>, tenantId: string): Promise<void> => {
  if (!(await c.var.services.memory.directory.isSuspended(tenantId))) return;
  throw new AppError({ code: "tenant_suspended", status: 403, message: "This account is suspended. Its leads are kept; please write to support." });
};
