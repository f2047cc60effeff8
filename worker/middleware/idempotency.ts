import { createMiddleware } from "hono/factory";
import { AppError, conflict, invalid } from "../../core/errors.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import type { AppEnv } from "../services.ts";
import { memoryOf } from "./auth.ts";
import { textOf } from "./body.ts";

/** Answers to these may differ next time without anything having been created: the key stays free. */
const isWorthKeeping = (status: number): boolean => status < 500 && status !== 401 && status !== 403 && status !== 429;

/**
 * `Idempotency-Key` on a POST that creates something, for 24 h and per tenant: the same key and body give the first answer
 * again; another body is 422; while the first is still running, 409.
 */
export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined) {
    await next();
    return;
  }
  if (key === "" || key.length > 255) throw invalid([{ path: "Idempotency-Key", message: "must have 1 to 255 characters" }]);
  const kept = memoryOf(c).idempotency;
  const hash = sha256Hex(`${c.req.method} ${c.req.path}\n${await textOf(c)}`);
  const first = await kept.take(key, hash);
  if (first) {
    if (first.request_hash !== hash) throw new AppError({ code: "idempotency_key_reused", status: 422, message: "This Idempotency-Key was used for another request." });
    if (first.status === null) throw conflict("idempotency_key_in_use", "The first request with this Idempotency-Key is still running.");
    c.res = new Response(first.body, { status: first.status, headers: { "Content-Type": first.status < 400 ? "application/json" : "application/problem+json" } });
    return;
  }
  try {
    await next();
  } catch (error) {
    await kept.release(key);
    throw error;
  }
  if (isWorthKeeping(c.res.status)) await kept.keep(key, c.res.status, await c.res.clone().text());
  else await kept.release(key);
});
