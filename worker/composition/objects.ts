import { systemActor } from "../../core/memory/actor.ts";
import { createMeasure } from "../../core/observe/measure.ts";
import { BridgeCallObject } from "../../durable/bridge-call/bridge-call.object.ts";
import { DialerObject } from "../../durable/dialer/dialer.object.ts";
import { LiveFeedObject } from "../../durable/live-feed/live-feed.object.ts";
import { RateLimiterObject } from "../../durable/rate-limiter/rate-limiter.object.ts";
import { RunProgressObject } from "../../durable/run-progress/run-progress.object.ts";
import { liveSource } from "../live.ts";
import { foundation } from "./foundation.ts";

/* The objects as the platform makes them: by context and environment alone. */

export class BridgeCall extends BridgeCallObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { settings, memory, gateOf, clock, twilioAccounts, dialers, changed } = foundation(env);
    super(ctx, env, { clock, twilioOf: twilioAccounts.of, dialers, gate: gateOf, memory: (tenantId, requestId) => memory.for(tenantId, systemActor("bridge-call", requestId)), publicUrl: settings.PUBLIC_API_URL, closed: settings.APEX_MAINTENANCE === "on", changed, measure: createMeasure(env.METRICS) });
  }
}

export class Dialer extends DialerObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { clock, settings, bridgeCalls } = foundation(env);
    super(ctx, env, { clock, callsPerSecond: settings.TWILIO_CALLS_PER_SECOND, closed: settings.APEX_MAINTENANCE === "on", notify: async (holder, phone) => bridgeCalls.granted(holder, phone) });
  }
}

export class LiveFeed extends LiveFeedObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { clock, memory } = foundation(env);
    super(ctx, env, { clock, sourceOf: ({ tenant_id, project_id }) => liveSource(memory.for(tenant_id, systemActor("live-feed")), project_id, clock) });
  }
}

export class RunProgress extends RunProgressObject {}

export class RateLimiter extends RateLimiterObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env, { clock: foundation(env).clock });
  }
}
