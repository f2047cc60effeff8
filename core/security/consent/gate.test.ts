import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../../test/support/counted-database.ts";
import { createClock } from "../../clock.ts";
import { systemActor } from "../../memory/actor.ts";
import { createMemory, type TenantMemory } from "../../memory/memory.ts";
import { policy, request } from "./consent.testing.ts";
import { createConsentGate } from "./gate.ts";
import type { ContactLimiter, ReservationAnswer } from "./limiter.types.ts";
import { NO_CAPS } from "./policy.ts";

const CUSTOMER = "+64211234567";
const DAY = Date.parse("2026-06-10T03:00Z");
const NIGHT = Date.parse("2026-06-10T15:00Z");
const tally = newTally();
let tenants = 0;

/** A limiter as the gate knows it: what it was asked, and an answer. The one that counts is in durable/rate-limiter. */
const limiterThat = (answers: () => ReservationAnswer) => {
  const asked: string[] = [];
  const limiter: ContactLimiter = {
    reserve: async ({ attempt_id }) => {
      asked.push(`reserve ${attempt_id}`);
      return Promise.resolve().then(answers);
    },
    release: async (attemptId) => {
      asked.push(`release ${attemptId}`);
      return Promise.resolve();
    },
    settle: async () => Promise.resolve(),
  };
  return { limiter, asked };
};
const reserved = (last_unasked_at: number | null = null) => (): ReservationAnswer => ({ reserved: true, last_unasked_at });

const setUp = async ({ now = DAY, answers = reserved() }: { now?: number; answers?: () => ReservationAnswer } = {}) => {
  const clock = { ...createClock(), now: () => now };
  const memories = createMemory({ d1: countedDatabase(env.DB, tally), clock });
  const { tenant_id } = await memories.directory.signUp({ email: `gate${++tenants}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const memory: TenantMemory = memories.for(tenant_id, systemActor("test"));
  const { limiter, asked } = limiterThat(answers);
  const verdicts = async () => (await memory.audit.list({ resource: "entity:ent_1" }, { limit: 10 })).items.map(({ action, details }) => ({ action, details }));
  return { gate: createConsentGate({ memory, limiter, clock }), memory, operator: memories.operator(systemActor("operator")), asked, verdicts };
};

describe("the gate", () => {
  it("lets a contact pass, with one read, one reservation and one audit row that names nobody", async () => {
    const { gate, asked, verdicts } = await setUp();
    const before = tally.trips;
    const contact = request({ purpose: "feedback" });
    expect(await gate.ask(contact)).toEqual({ answer: "yes" });
    expect(tally.trips - before).toBe(2);
    expect(asked).toEqual([`reserve ${contact.attempt_id}`]);
    const rows = await verdicts();
    expect(rows).toEqual([{ action: "contact.allowed", details: { channel: "sms", purpose: "feedback", party: "customer", attempt_id: contact.attempt_id } }]);
    expect(JSON.stringify(rows)).not.toContain(CUSTOMER.slice(1));
  });

  it("refuses whom the list names, reserving nothing, and says why in the audit", async () => {
    const { gate, memory, asked, verdicts } = await setUp();
    await memory.optOuts.add(CUSTOMER, "sms", "keyword");
    expect(await gate.ask(request())).toMatchObject({ answer: "no", reason: "opted_out" });
    expect(await gate.ask(request({ channel: "call" }))).toEqual({ answer: "yes" });
    expect(asked).toHaveLength(1);
    expect(await verdicts()).toMatchObject([{ action: "contact.allowed", details: { channel: "call" } }, { action: "contact.refused", details: { channel: "sms", reason: "opted_out" } }]);
  });

  it("puts off by night without reserving, and names the moment", async () => {
    const { gate, asked, verdicts } = await setUp({ now: NIGHT });
    expect(await gate.ask(request())).toMatchObject({ answer: "not_before", reason: "quiet_hours" });
    expect(asked).toEqual([]);
    expect(await verdicts()).toMatchObject([{ action: "contact.put_off", details: { reason: "quiet_hours", at: Date.parse("2026-06-10T20:00Z") } }]);
  });

  it("gives back what it reserved for somebody who turns out to need a rest", async () => {
    const { gate, asked, verdicts } = await setUp({ answers: reserved(DAY - 1) });
    const contact = request({ policy: policy({ cooldown_minutes: 60 }) });
    expect(await gate.ask(contact)).toMatchObject({ answer: "not_before", reason: "cooldown", at: DAY - 1 + 3_600_000 });
    expect(asked).toEqual([`reserve ${contact.attempt_id}`, `release ${contact.attempt_id}`]);
    expect(await verdicts()).toMatchObject([{ action: "contact.put_off", details: { reason: "cooldown" } }]);
  });

  it("gives nothing back where nothing was reserved", async () => {
    const { gate, asked } = await setUp({ answers: () => ({ reserved: false, cap: "sms_per_hour", retry_at: DAY + 5, last_unasked_at: null }) });
    expect(await gate.ask(request({ policy: policy({ caps: { ...NO_CAPS, sms_per_hour: 1 } }) }))).toMatchObject({ answer: "not_before", reason: "cap", at: DAY + 5 });
    expect(asked.filter((one) => one.startsWith("release"))).toEqual([]);
  });

  it("lets a contact pass when the limiter cannot be reached, and the audit says so", async () => {
    const { gate, verdicts } = await setUp({
      answers: () => {
        throw new Error("overloaded");
      },
    });
    expect(await gate.ask(request())).toEqual({ answer: "yes" });
    expect(await verdicts()).toMatchObject([{ action: "contact.allowed", details: { limiter: "unreachable" } }]);
  });

  it("never lets a limiter that cannot be reached help somebody past the other rules", async () => {
    const { gate, memory } = await setUp({
      answers: () => {
        throw new Error("overloaded");
      },
    });
    await memory.optOuts.add(CUSTOMER, "sms", "keyword");
    expect(await gate.ask(request())).toMatchObject({ answer: "no", reason: "opted_out" });
  });

  it("puts off a suspended tenant's contacts, reserving nothing, until the operator lets it in again", async () => {
    const { gate, memory, operator, asked } = await setUp();
    await operator.suspend(memory.tenantId);
    expect(await gate.ask(request({ party: "owner" }))).toMatchObject({ answer: "not_before", at: DAY + 15 * 60_000, reason: "suspended" });
    expect(asked).toEqual([]);
    await operator.unsuspend(memory.tenantId);
    expect(await gate.ask(request({ party: "owner" }))).toMatchObject({ answer: "yes" });
  });

  it("does not know of another tenant's opt-outs", async () => {
    const other = await setUp();
    await other.memory.optOuts.add(CUSTOMER, "sms", "keyword");
    expect(await (await setUp()).gate.ask(request())).toEqual({ answer: "yes" });
  });
});

describe("the list of opt-outs", () => {
  it("confirms once: a second stop is not news, one after a start is", async () => {
    const { memory } = await setUp();
    expect(await memory.optOuts.add(CUSTOMER, "sms", "keyword")).toBe(true);
    expect(await memory.optOuts.add(CUSTOMER, "sms", "free text")).toBe(false);
    expect(await memory.optOuts.remove(CUSTOMER, "sms", "keyword")).toBe(true);
    expect(await memory.optOuts.remove(CUSTOMER, "sms", "keyword")).toBe(false);
    expect(await memory.optOuts.among([CUSTOMER])).toEqual([]);
    expect(await memory.optOuts.add(CUSTOMER, "sms", "keyword")).toBe(true);
    expect((await memory.audit.list({ action: "opt_out.added" }, { limit: 9 })).items).toHaveLength(2);
    expect((await memory.audit.list({ action: "opt_out.removed" }, { limit: 9 })).items).toHaveLength(1);
  });

  it("puts what a person said above what the network said, in either order", async () => {
    const { memory } = await setUp();
    await memory.optOuts.markUndeliverable(CUSTOMER, "sms", "30006");
    expect(await memory.optOuts.among([CUSTOMER])).toMatchObject([{ kind: "undeliverable" }]);
    expect(await memory.optOuts.remove(CUSTOMER, "sms", "keyword")).toBe(false);
    expect(await memory.optOuts.add(CUSTOMER, "sms", "keyword")).toBe(true);
    await memory.optOuts.markUndeliverable(CUSTOMER, "sms", "30006");
    expect(await memory.optOuts.among([CUSTOMER])).toEqual([{ phone: CUSTOMER, channel: "sms", kind: "opt_out", since: DAY }]);
  });
});
