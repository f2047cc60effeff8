import type { D1Database, ExecutionContext, MessageBatch, Queue, R2Bucket, ScheduledController } from "@cloudflare/workers-types";
import worker, * as product from "apex-worker";
import type { ApexEnv } from "apex-worker";
import { databaseThrough } from "../../test/support/mortal-database.ts";
import { handed } from "../lib/handed.ts";

/* The product as it is, before a database, a store and queues that fail when they are told to. Locally the Worker and its objects are one
 * isolate, so that all of it is told at once; on Cloudflare they would not be, which is one more reason why this is never deployed. */

interface FailingEnv extends ApexEnv {
  STORAGE: R2Bucket;
  JOBS: Queue;
  BULK_JOBS: Queue;
}

const CONTROL_PATH = "/__chaos/failing";
const failing = new Set<string>();
const refuse = (name: string): void => {
  if (failing.has(name)) throw new Error(`${name}: failing, as it was told to`);
};

/** A store or queue each use of which fails while it is told to. */
const fragile = <T extends object>(name: string, binding: T): T =>
  new Proxy(binding, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return async (...values: unknown[]): Promise<unknown> => {
        refuse(name);
        return (value as (...args: unknown[]) => Promise<unknown>).apply(target, values);
      };
    },
  });
const fragileDatabase = (database: D1Database): D1Database =>
  databaseThrough(database, async (work) => {
    refuse("database");
    return work();
  });

const wrapped = new WeakMap<object, FailingEnv>();
const mortal = (env: ApexEnv): FailingEnv => {
  const real = env as FailingEnv;
  const known = wrapped.get(real) ?? { ...real, DB: fragileDatabase(real.DB), STORAGE: fragile<R2Bucket>("storage", real.STORAGE), JOBS: fragile<Queue>("queue", real.JOBS), BULK_JOBS: fragile<Queue>("queue", real.BULK_JOBS) };
  wrapped.set(real, known);
  return known;
};

export const BridgeCall = handed(product.BridgeCall, mortal);
export const Dialer = handed(product.Dialer, mortal);
export const RunProgress = handed(product.RunProgress, mortal);
export const LiveFeed = handed(product.LiveFeed, mortal);
export const RateLimiter = handed(product.RateLimiter, mortal);

export default {
  async fetch(request: Request, env: ApexEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== CONTROL_PATH) return worker.fetch(request, mortal(env), ctx);
    failing.clear();
    for (const name of searchParams.getAll("name")) failing.add(name);
    return Response.json([...failing]);
  },
  scheduled: async (controller: ScheduledController, env: ApexEnv): Promise<void> => worker.scheduled(controller, mortal(env)),
  queue: async (batch: MessageBatch, env: ApexEnv): Promise<void> => worker.queue(batch, mortal(env)),
};
