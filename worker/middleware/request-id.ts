import { createMiddleware } from "hono/factory";
import { newId } from "../../core/ids.ts";
import type { AppEnv } from "../services.ts";

/** One that could break a log line or a header is replaced by ours. */
const SANE = /^[\w.:-]{1,128}$/;

/** Every answer carries `X-Request-Id`; a sane incoming one is kept. */
export const requestId = createMiddleware<AppEnv>(async (c, next) => {
  const given = c.req.header("X-Request-Id");
  const id = given !== undefined && SANE.test(given) ? given : newId("req", Date.now());
  c.set("requestId", id);
  await next();
  c.header("X-Request-Id", id);
});
