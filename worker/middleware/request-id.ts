import { createMiddleware } from "hono/factory";
import { newId } from "../../core/ids.ts";
import type { AppEnv } from "../services.ts";

/** One that could break a log line or a header is replaced by ours. */
const SANE = /^[\w.:-]{1,128}$/;

/** Addresses that we have given Twilio, which sends no header of ours back: the request that a call or text came from is in the query (durable/bridge-call/callback-urls.ts). */
const CALLBACK = /^\/api\/(?:voice|sms)\//;

/** Every answer carries `X-Request-Id`; a sane incoming one is kept. */
export const requestId = createMiddleware<AppEnv>(async (c, next) => {
  const given = c.req.header("X-Request-Id") ?? (CALLBACK.test(c.req.path) ? c.req.query("request") : undefined);
  const id = given !== undefined && SANE.test(given) ? given : newId("req", Date.now());
  c.set("requestId", id);
  await next();
  c.header("X-Request-Id", id);
});
