import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import type { Memory, TenantMemory } from "../../core/memory/memory.ts";
import { createConsentGate } from "../../core/security/consent/gate.ts";
import type { ContactLimiter } from "../../core/security/consent/limiter.types.ts";
import { NO_CAPS, withCaps } from "../../core/security/consent/policy.ts";
import { withTrust } from "../../core/security/consent/trust.ts";
import { withWarnings } from "../../core/security/consent/warnings.ts";
import { DEFAULT_PLAN, PLANS } from "../../core/security/limits.ts";
import type { RateLimiterClient } from "../../durable/rate-limiter/rate-limiter.client.ts";
import type { Settings } from "../env.ts";

const log = logger("contacts");

interface Parts {
  settings: Settings;
  memory: Memory;
  clock: Clock;
  rateLimiter: RateLimiterClient;
}

/** Whom a tenant may reach, and how often: the consent gate over its rate limiter, narrowed by its plan and by how far it is trusted. */
export const createContactGates = ({ settings, memory, clock, rateLimiter }: Parts) => {
  // A plan's caps are meant for strangers on the internet; a developer's machine has none.
  const isLocal = settings.APEX_ENV === "local";
  const planCaps = isLocal ? NO_CAPS : PLANS[DEFAULT_PLAN].contacts;
  const trustOf = async (store: TenantMemory) => store.destinations.trust({ needsAddress: settings.RESEND_API_KEY !== "" && settings.MAIL_FROM !== "" });
  const capsNear = async (tenant_id: string, caps: readonly string[]): Promise<void> => {
    log.warn("a cap on contacts is nearly met", { tenant_id, caps });
    const notes = caps.map((cap) => ({ action: "cap.warned", resource: `tenant:${tenant_id}`, details: { cap } }));
    await memory.for(tenant_id, systemActor("limiter")).audit.recordAll(notes).catch((error: unknown) => log.error("a warning was not written down", { tenant_id, caps, error: describeError(error) }));
  };
  const planLimiter = (tenantId: string) => withWarnings(withCaps(rateLimiter.for(tenantId), planCaps), async (caps) => capsNear(tenantId, caps));
  const limiterOf = (tenantId: string): ContactLimiter =>
    isLocal ? planLimiter(tenantId) : withTrust(planLimiter(tenantId), async () => trustOf(memory.for(tenantId, systemActor("trust"))), settings.UNVERIFIED_CONTACTS_PER_DAY);
  return {
    limiterOf,
    trustOf,
    gateOf: (store: TenantMemory) => createConsentGate({ memory: store, limiter: limiterOf(store.tenantId), clock }),
    /** For codes that verify a phone: whoever has used up the few contacts of an unverified tenant must still be able to become a verified one. */
    verificationGateOf: (store: TenantMemory) => createConsentGate({ memory: store, limiter: planLimiter(store.tenantId), clock }),
  };
};
