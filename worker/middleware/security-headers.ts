import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../services.ts";

/** For answers that are data: nothing in them may run, load, or be framed, should a browser ever show one as a page. */
const DATA_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": DATA_CSP,
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  // Addresses hold ids and, at intake, keys.
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  // Keeps other sites from pulling answers in as images or scripts; what CORS allows is not concerned.
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
};

/** On every answer, unless the route has set its own. What the API says is nobody's to keep. */
export const securityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  // The answer to a WebSocket upgrade is the runtime's own.
  if (c.res.status === 101) return;
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
  if (c.req.path.startsWith("/api/") && !c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
});
