import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import type { Memory, TenantMemory } from "../../core/memory/memory.ts";
import { createConsentGate } from "../../core/security/consent/gate.ts";
import type { ContactLimiter } from "../../core/security/consent/limiter.types.ts";
import { withPlan, withTrust } from "../../core/security/consent/trust.ts";
import { withWarnings } from "../../core/security/consent/warnings.ts";
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
  const trustOf = async (store: TenantMemory) => store.destinations.trust({ needsAddress: settings.RESEND_API_KEY !== "" && settings.MAIL_FROM !== "" });
  const trustIn = async (tenantId: string) => trustOf(memory.for(tenantId, systemActor("trust")));
  const capsNear = async (tenant_id: string, caps: readonly string[]): Promise<void> => {
    log.warn("a cap on contacts is nearly met", { tenant_id, caps });
    const notes = caps.map((cap) => ({ action: "cap.warned", resource: `tenant:${tenant_id}`, details: { cap } }));
    await memory.for(tenant_id, systemActor("limiter")).audit.recordAll(notes).catch((error: unknown) => log.error("a warning was not written down", { tenant_id, caps, error: describeError(error) }));
  };
  const counted = (tenantId: string): ContactLimiter => withWarnings(rateLimiter.for(tenantId), async (caps) => capsNear(tenantId, caps));
  const limiterOf = (tenantId: string): ContactLimiter => (isLocal ? counted(tenantId) : withTrust(counted(tenantId), async () => trustIn(tenantId), settings.UNVERIFIED_CONTACTS_PER_DAY));
  const verifyingLimiterOf = (tenantId: string): ContactLimiter => (isLocal ? counted(tenantId) : withPlan(counted(tenantId), async () => (await trustIn(tenantId)).plan));
  return {
    limiterOf,
    trustOf,
    gateOf: (store: TenantMemory) => createConsentGate({ memory: store, limiter: limiterOf(store.tenantId), clock }),
    /** For codes that verify a phone: whoever has used up the few contacts of an unverified tenant must still be able to become a verified one. */
    verificationGateOf: (store: TenantMemory) => createConsentGate({ memory: store, limiter: verifyingLimiterOf(store.tenantId), clock }),
  };
};
