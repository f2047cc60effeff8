import type { ExecutionContext, MessageBatch, ScheduledController } from "@cloudflare/workers-types";
import worker, * as product from "apex-worker";
import type { ApexEnv } from "apex-worker";
import { countedDatabase, newTally, type Tally } from "../../test/support/counted-database.ts";
import { handed } from "../lib/handed.ts";

/* The product as it is, seen through a binding that counts. Locally the Worker and its objects are one isolate, so they
 * share these tallies; on Cloudflare they would not, which is one more reason why this is never deployed. */

const TALLY_PATH = "/__bench/rows";
const PARTS = ["intake", "callbacks", "api", "bridge_call", "dialer", "run_progress", "queue", "cron"] as const;
type Part = (typeof PARTS)[number];

const tallies = Object.fromEntries(PARTS.map((part) => [part, newTally()])) as Record<Part, Tally>;

/** One copy for each environment and part: the product keeps what it built by the environment that it was given. */
const wrapped = new WeakMap<object, Map<Part, ApexEnv>>();
const counting = (env: ApexEnv, part: Part): ApexEnv => {
  const parts = wrapped.get(env) ?? new Map<Part, ApexEnv>();
  wrapped.set(env, parts);
  const known = parts.get(part) ?? { ...env, DB: countedDatabase(env.DB, tallies[part]) };
  parts.set(part, known);
  return known;
};

export const BridgeCall = handed(product.BridgeCall, (env) => counting(env, "bridge_call"));
export const Dialer = handed(product.Dialer, (env) => counting(env, "dialer"));
export const RunProgress = handed(product.RunProgress, (env) => counting(env, "run_progress"));
// They have no rows of D1's.
export { LiveFeed, RateLimiter } from "apex-worker";

export default {
  async fetch(request: Request, env: ApexEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === TALLY_PATH) return Response.json(tallies);
    const part = pathname.startsWith("/api/webhooks/") ? "intake" : pathname.startsWith("/api/voice/") ? "callbacks" : "api";
    return worker.fetch(request, counting(env, part), ctx);
  },
  scheduled: async (controller: ScheduledController, env: ApexEnv): Promise<void> => worker.scheduled(controller, counting(env, "cron")),
  queue: async (batch: MessageBatch, env: ApexEnv): Promise<void> => worker.queue(batch, counting(env, "queue")),
};
