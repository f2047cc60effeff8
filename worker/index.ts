import { describeError } from "../core/errors.ts";
import { jobMessageSchema } from "../core/kernel/jobs.ts";
import { logger } from "../core/log.ts";
import { createApp } from "./app.ts";
import { foundation } from "./composition/foundation.ts";
import { servicesOf } from "./composition/services-of.ts";
import { receiveMail } from "./mail-intake.ts";
import { servesPages } from "./pages/edge.ts";
import { createPages } from "./pages/pages.ts";
import { sweep } from "./sweep.ts";

export { BridgeCall, Dialer, LiveFeed, RateLimiter, RunProgress } from "./composition/objects.ts";

const log = logger("worker");

const app = createApp(servicesOf);
const pages = createPages(servicesOf);

/** Closed while a database is brought back (docs/deploy.md): nothing is taken in, and nothing that is due is done, by the objects neither. */
const inMaintenance = (env: Cloudflare.Env): boolean => foundation(env).settings.APEX_MAINTENANCE === "on";

/** Settings that cannot be read are the API's to tell. */
const isForPages = (request: Request, env: Cloudflare.Env): boolean => {
  try {
    return servesPages(foundation(env).settings, new URL(request.url));
  } catch {
    return false;
  }
};

export default {
  async fetch(request, env, ctx) {
    // The API says it itself.
    if (isForPages(request, env) && inMaintenance(env)) return new Response("Back in a moment.", { status: 503, headers: { "Retry-After": "120" } });
    return isForPages(request, env) ? pages.fetch(request, env, ctx) : app.fetch(request, env, ctx);
  },

  async scheduled(_controller, env) {
    if (!inMaintenance(env)) await sweep(servicesOf(env));
  },

  async email(message, env) {
    // The mail's server tries again.
    if (inMaintenance(env)) throw new Error("Closed for maintenance.");
    await receiveMail(servicesOf(env), message);
  },

  /** Each message is parsed, claimed, run and acknowledged on its own: a bad one cannot hold up its batch. */
  async queue(batch, env) {
    if (inMaintenance(env)) {
      batch.retryAll({ delaySeconds: 60 });
      return;
    }
    const { jobs } = servicesOf(env);
    await Promise.all(
      batch.messages.map(async (message) => {
        const job = jobMessageSchema.safeParse(message.body);
        try {
          if (job.success) await jobs.execute(job.data);
          else log.error("a message that names no run", { message_id: message.id });
          message.ack();
        } catch (error) {
          log.error("job not executed", { message_id: message.id, error: describeError(error) });
          message.retry({ delaySeconds: 10 });
        }
      }),
    );
  },
} satisfies ExportedHandler<Cloudflare.Env>;
