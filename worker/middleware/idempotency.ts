import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { AppError, conflict, invalid } from "../../core/errors.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import type { AppEnv } from "../services.ts";
import { memoryOf } from "./auth.ts";
import { textOf } from "./body.ts";

/** Answers to these may differ next time without anything having been created: the key stays free. */
const isWorthKeeping = (status: number): boolean => status < 500 && status !== 401 && status !== 403 && status !== 429;

const answerSchema = z.record(z.string(), z.unknown());

/** The answer as it may lie in the database. */
const textWithout = async (answer: Response, secret: string | null): Promise<string> => {
  const text = await answer.clone().text();
  if (secret === null || answer.status >= 400) return text;
  const { [secret]: _, ...rest } = answerSchema.parse(JSON.parse(text));
  return JSON.stringify(rest);
};

const handlers = new WeakSet<object>();
/** Whether a route's handler is this middleware: for the API's description. */
export const isIdempotent = (handler: object): boolean => handlers.has(handler);

const listed = <Handler extends object>(handler: Handler): Handler => {
  handlers.add(handler);
  return handler;
};

const idempotentWithout = (secret: string | null) => listed(createMiddleware<AppEnv>(async (c, next) => {
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
  if (isWorthKeeping(c.res.status)) await kept.keep(key, c.res.status, await textWithout(c.res, secret));
  else await kept.release(key);
}));

/**
 * `Idempotency-Key` on a POST that creates something, for 24 h and per tenant: the same key and body give the first answer
 * again; another body is 422; while the first is still running, 409.
 */
export const idempotent = idempotentWithout(null);

/** The same where the answer has a secret that is shown once and kept nowhere: when it is given again, that field is missing. */
export const idempotentBut = (field: string) => idempotentWithout(field);
