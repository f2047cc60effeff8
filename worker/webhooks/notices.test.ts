import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { JobMessage } from "../../core/kernel/jobs.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import type { Mail } from "../../core/providers/mail/mail.client.ts";
import { createCouriers } from "./couriers.ts";
import { forgetDeliveries, tellOfDisabledEndpoints } from "./notices.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const DAY = 86_400_000;

/** A tenant with one endpoint, on a clock and with a mail service that the test holds. */
const openTenant = async ({ verified = true } = {}) => {
  let now = NOON;
  let mailIsDown = false;
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: env.DB, clock });
  const email = `${crypto.randomUUID()}@x.nz`;
  const user = await memory.directory.signUp({ email, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  if (verified) await env.DB.prepare("UPDATE users SET email_verified_at = ? WHERE id = ?").bind(NOON, user.id).run();
  const store = memory.for(user.tenant_id, systemActor("test"));
  const endpoint = await store.webhookEndpoints.create({ id: store.webhookEndpoints.newId(), project_id: null, url: "https://crm.example/hook/a-secret-path", description: "", events: ["lead.created"], secret_sealed: "x" });
  const mails: Mail[] = [];
  const mailer = {
    configured: true,
    send: async (mail: Mail) => (mailIsDown ? Promise.reject(new Error("the mail service is away")) : Promise.resolve(void mails.push(mail))),
  };
  const sent: JobMessage[] = [];
  const queue = { send: async (message: JobMessage) => Promise.resolve({ metadata: { metrics: { backlogCount: sent.push(message), backlogBytes: 0 } } }) };
  return {
    store, endpoint, mails, email, memory, sent,
    tell: async () => tellOfDisabledEndpoints({ memory, mailer, clock }),
    forget: async () => forgetDeliveries({ memory, mailer, clock }),
    sweep: async () => createCouriers({ memory, queue, clock }).openAll(),
    mail: (state: "up" | "down") => void (mailIsDown = state === "down"),
    at: (ms: number) => void (now = ms),
    disable: async () => env.DB.prepare("UPDATE webhook_endpoints SET disabled_at = ?, disabled_why = 'failing' WHERE id = ?").bind(now, endpoint.id).run(),
  };
};

describe("owners of an endpoint that the house has switched off", () => {
  it("get one mail, which says where and not how, however often the sweep looks", async () => {
    const tenant = await openTenant();
    await tenant.tell();
    expect(tenant.mails).toEqual([]);
    await tenant.disable();
    for (let i = 0; i < 3; i++) await tenant.tell();
    expect(tenant.mails.map(({ to, subject }) => [to, subject])).toEqual([[tenant.email, "A webhook endpoint was switched off"]]);
    expect(tenant.mails[0]?.text).toContain("crm.example any more. For five days");
    expect(tenant.mails[0]?.text).not.toContain("a-secret-path");
  });

  it("get it by a later sweep when the mail service was away, under the same key", async () => {
    const tenant = await openTenant();
    await tenant.disable();
    tenant.mail("down");
    await tenant.tell();
    tenant.mail("up");
    await tenant.tell();
    expect(tenant.mails).toHaveLength(1);
  });

  it("get none at an address that nobody has confirmed", async () => {
    const tenant = await openTenant({ verified: false });
    await tenant.disable();
    await tenant.tell();
    expect([tenant.mails, (await tenant.store.webhookEndpoints.get(tenant.endpoint.id)).told_at]).toEqual([[], NOON]);
  });
});

describe("the sweep", () => {
  it("opens no courier for a tenant that is suspended, and one as soon as it is not any more", async () => {
    const tenant = await openTenant();
    await tenant.store.webhookDeliveries.test(tenant.endpoint, "webhook.test");
    const operator = tenant.memory.operator(systemActor("operator"));
    await operator.suspend(tenant.store.tenantId);
    await tenant.sweep();
    expect(tenant.sent).toEqual([]);
    await operator.unsuspend(tenant.store.tenantId);
    await tenant.sweep();
    await tenant.sweep();
    // As the agent's runs are queued by whoever finds them in the table.
    expect(tenant.sent).toMatchObject([{ tenant_id: tenant.store.tenantId, soon: true }]);
    expect(tenant.sent[0]).not.toHaveProperty("bulk");
  });

  it("forgets deliveries a month after they were over", async () => {
    const tenant = await openTenant();
    const delivery = await tenant.store.webhookDeliveries.test(tenant.endpoint, "webhook.test");
    await tenant.store.webhookDeliveries.received(delivery, { at: "2026-11-26T12:00:00.000Z", status: 200, error: null, duration_ms: 1 });
    tenant.at(NOON + 30 * DAY);
    await tenant.forget();
    expect(await tenant.store.webhookDeliveries.find(delivery.id)).toBeDefined();
    tenant.at(NOON + 30 * DAY + 1);
    await tenant.forget();
    expect(await tenant.store.webhookDeliveries.find(delivery.id)).toBeUndefined();
  });
});
