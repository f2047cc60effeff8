import worker, * as objects from "../../worker/index.ts";
import { isFromBefore, noted, notedObject } from "./in-flight.ts";

type ObjectClass = new (ctx: DurableObjectState, env: Cloudflare.Env) => object;

/** The class as it is; each object of it that comes to life is noted. */
const noting = <Class extends ObjectClass>(className: string, objectClass: Class): Class =>
  new Proxy(objectClass, {
    construct: (target, args: ConstructorParameters<ObjectClass>, newTarget) => {
      notedObject(className, args[0].id);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });

export const BridgeCall = noting("BridgeCall", objects.BridgeCall);
export const Dialer = noting("Dialer", objects.Dialer);
export const LiveFeed = noting("LiveFeed", objects.LiveFeed);
export const RateLimiter = noting("RateLimiter", objects.RateLimiter);
export const RunProgress = noting("RunProgress", objects.RunProgress);

/** What it leaves to the background is noted as well. */
const notingBackground = (ctx: ExecutionContext): ExecutionContext => {
  const waitUntil = ctx.waitUntil.bind(ctx);
  ctx.waitUntil = (promise) => {
    waitUntil(noted("waitUntil", promise));
  };
  return ctx;
};

/** Queues survive `reset`: a message that another file has sent ends here, and its handler never sees it. */
const ofThisFile = <Body>(batch: MessageBatch<Body>): MessageBatch<Body> => {
  for (const message of batch.messages.filter(isFromBefore)) message.ack();
  return {
    queue: batch.queue,
    metadata: batch.metadata,
    messages: batch.messages.filter((message) => !isFromBefore(message)),
    ackAll: () => { batch.ackAll(); },
    retryAll: (options) => { batch.retryAll(options); },
  };
};

/** The Worker as it is; each of its invocations is noted, so that none outlives its test file (see new-world.ts). */
export default {
  fetch: async (request, env, ctx) => noted(`${request.method} ${request.url}`, worker.fetch(request, env, notingBackground(ctx))),
  scheduled: async (controller, env) => noted("scheduled", worker.scheduled(controller, env)),
  email: async (message, env) => noted("email", worker.email(message, env)),
  queue: async (batch, env) => noted(`queue ${batch.queue}`, worker.queue(ofThisFile(batch), env)),
} satisfies ExportedHandler<Cloudflare.Env>;
