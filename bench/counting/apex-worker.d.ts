/** What the bench needs to know of worker/index.ts. Its own types are workerd's and would fight those of Node here. */
declare module "apex-worker" {
  import type { D1Database, DurableObjectState, ExecutionContext, MessageBatch, ScheduledController } from "@cloudflare/workers-types";

  export interface ApexEnv {
    DB: D1Database;
  }
  /** A Durable Object's class. */
  export type ApexObject = new (ctx: DurableObjectState, env: ApexEnv) => object;
  export const BridgeCall: ApexObject;
  export const Dialer: ApexObject;
  export const LiveFeed: ApexObject;
  export const RateLimiter: ApexObject;
  export const RunProgress: ApexObject;

  const worker: {
    fetch(request: Request, env: ApexEnv, ctx: ExecutionContext): Response | Promise<Response>;
    scheduled(controller: ScheduledController, env: ApexEnv): Promise<void>;
    queue(batch: MessageBatch, env: ApexEnv): Promise<void>;
  };
  export default worker;
}
