import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory, type TenantMemory } from "../../core/memory/memory.ts";
import { policy, request } from "../../core/security/consent/consent.testing.ts";
import type { ContactCaps } from "../../core/security/consent/consent.types.ts";
import { reservationFor } from "../../core/security/consent/judge.ts";
import { NO_CAPS } from "../../core/security/consent/policy.ts";
import { PLANS } from "../../core/security/limits.ts";
import { createRateLimiterClient, type RateLimiterClient } from "../../durable/rate-limiter/rate-limiter.client.ts";
import { readSettings } from "../env.ts";
import { createContactGates } from "./contact-gates.ts";

const PHONE = "+64211110001";
const clock = createClock();
const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock });
const limiters = createRateLimiterClient({ namespace: env.RATE_LIMITER, deadlineMs: 30_000 });
let tenants = 0;

const verify = async (store: TenantMemory): Promise<void> => {
  const project = `gates-${tenants}`;
  await store.projects.create({ id: project, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  await store.destinations.open({ project_id: project, phone: PHONE, channel: "sms", code_hash: "x" });
  await store.destinations.confirm(project, PHONE, "x");
};

/** A tenant of that plan, and which caps its rate limiter is asked to keep. */
const tenantOf = async (plan: string, { isVerified = true, APEX_ENV = "production" }: { isVerified?: boolean; APEX_ENV?: "local" | "production" } = {}) => {
  const { tenant_id } = await memory.directory.signUp({ email: `gates${++tenants}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(tenant_id, systemActor("test"));
  await memory.operator(systemActor("operator")).setPlan(tenant_id, plan);
  if (isVerified) await verify(store);
  const asked: ContactCaps[] = [];
  const rateLimiter: RateLimiterClient = {
    for: (id) => {
      const limiter = limiters.for(id);
      return { ...limiter, reserve: async (one) => (asked.push(one.caps), limiter.reserve(one)) };
    },
  };
  const settings = { ...readSettings({ ...env, APEX_ENV: "local" }), APEX_ENV, RESEND_API_KEY: "", UNVERIFIED_CONTACTS_PER_DAY: 3 };
  return { gates: createContactGates({ settings, memory, clock, rateLimiter }), store, asked };
};

const contact = (caps: Partial<ContactCaps> = {}) => request({ asked_at: clock.now(), policy: policy({ caps: { ...NO_CAPS, ...caps } }) });

describe("a tenant's contacts", () => {
  it.each([["trial", PLANS.trial.contacts], ["standard", PLANS.standard.contacts], ["pro", NO_CAPS], ["as it was called last year", PLANS.standard.contacts]])("are held to the caps of its plan, on every way: %s", async (plan, caps) => {
    const { gates, store, asked } = await tenantOf(plan);
    await gates.gateOf(store).ask(contact());
    await gates.limiterOf(store.tenantId).reserve(reservationFor(contact()));
    await gates.verificationGateOf(store).ask({ ...contact(), purpose: "verification", party: "owner" });
    expect(asked).toEqual([caps, caps, caps]);
  });

  it("are held to what its DNA says where that is narrower", async () => {
    const { gates, store, asked } = await tenantOf("trial");
    await gates.gateOf(store).ask(contact({ sms_per_hour: 5, calls_per_day: 9999 }));
    expect(asked).toEqual([{ ...PLANS.trial.contacts, sms_per_hour: 5 }]);
  });

  it("are few until it is verified, whatever the plan", async () => {
    const { gates, store, asked } = await tenantOf("pro", { isVerified: false });
    await gates.gateOf(store).ask(contact());
    expect(asked).toEqual([{ ...NO_CAPS, calls_per_day: 6, sms_per_day: 3 }]);
  });

  it("cost one question about trust and plan together", async () => {
    const { gates, store } = await tenantOf("trial");
    const before = { ...tally };
    await gates.limiterOf(store.tenantId).reserve(reservationFor(contact()));
    expect(tally.trips - before.trips).toBe(1);
    // The tenant, its one verified phone and that phone's entry in the index, whoever else there is.
    expect(tally.rows_read - before.rows_read).toBeLessThanOrEqual(3);
  });

  it("are not held to a plan on a developer's machine", async () => {
    const { gates, store, asked } = await tenantOf("trial", { isVerified: false, APEX_ENV: "local" });
    await gates.gateOf(store).ask(contact());
    expect(asked).toEqual([NO_CAPS]);
  });
});
