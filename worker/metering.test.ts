import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { NO_CAPS } from "../core/security/consent/policy.ts";
import { createRateLimiterClient } from "../durable/rate-limiter/rate-limiter.client.ts";
import { makeProject } from "../test/support/api.ts";
import { closeContacts } from "./metering.ts";
import { usageSchema } from "./routes/usage.routes.ts";

const RANG = Date.parse("2026-11-20T01:00:00Z");
/** Long after everything here. */
const clock = { now: () => RANG + 86_400_000, toRealTime: (ms: number) => ms };
const rateLimiter = createRateLimiterClient({ namespace: env.RATE_LIMITER, deadlineMs: 30_000 });
/** Nothing of these calls was recorded, so nothing else is asked for. */
const nobody = async (): Promise<never> => Promise.reject(new Error("nothing to seek"));
const meter = async (at = clock, limiters: Pick<typeof rateLimiter, "for"> = rateLimiter): Promise<void> => closeContacts({ rateLimiter: { ...rateLimiter, ...limiters }, memory: createMemory({ d1: env.DB, clock: at }), clock: at, dna: { load: nobody }, jobs: { submit: nobody } });
let texts = 0;

/** A project in which a customer was called: 90 s on the owner's line, 61 of them talking. */
const business = async () => {
  const project = await makeProject();
  const store = createMemory({ d1: env.DB, clock: { ...clock, now: () => RANG } }).for(project.tenant_id, systemActor("test"));
  const lead = await store.entities.create({ project_id: project.id, entity_type: "lead", name: "Jane", primary_contact: "+64211234567", metadata: { phone: "+64211234567", status: "called" } });
  const call = async (over: { answered?: boolean; ended_at?: number | null } = {}) => {
    const { answered = true, ended_at = RANG + 100_000 } = over;
    const opened = await store.calls.openFor({ id: lead.id, project_id: project.id }, 60_000);
    const projection = {
      revision: 1, status: "ended", end_reason: ended_at === null ? null : answered ? "connected" : "owner_no_answer", next_due_at: null, ended_at, duration_s: answered ? 61 : null, account_sid: null, call_sid: null,
      parent_party: "owner" as const, timeline: [], latency: { form_to_owner_answer_ms: answered ? 10_000 : null },
    };
    await store.calls.project(opened.id, lead.id, projection, null);
    return opened.id;
  };
  const text = async (direction: "in" | "out", status: string, body = "Hello") => {
    const id = `msg_${crypto.randomUUID()}`;
    await env.DB.prepare("INSERT INTO messages (id, tenant_id, project_id, direction, party, purpose, phone_from, phone_to, body, sid, status, attempts, created_at, updated_at) VALUES (?,?,?,?,'customer','reply','+64211234567','+64211234567',?,?,?,1,?,?)")
      .bind(id, project.tenant_id, project.id, direction, body, `SM${++texts}`, status, RANG, RANG)
      .run();
    return id;
  };
  return { project, store, lead, call, text, usage: async (query = `?project_id=${project.id}&month=2026-11`) => usageSchema.parse(await (await project.api("GET", `/api/usage${query}`)).json()) };
};

describe("what calls and texts use", () => {
  it("is booked once when they are over: each leg by begun minutes, each text by its segments", async () => {
    const house = await business();
    await house.call();
    await house.call({ answered: false });
    await house.text("out", "delivered", "x".repeat(161));
    await house.text("in", "received");
    await house.text("out", "failed");
    await meter();
    await Promise.all([meter(), meter()]);
    const found = await house.usage();
    expect(found.items.map(({ day: _, ...item }) => item)).toEqual([
      // A New Zealand mobile is 100,000 a minute; two were begun on either line.
      { kind: "call_seconds", detail: "outbound:customer", quantity: 61, cost_micros: 200_000 },
      { kind: "call_seconds", detail: "outbound:owner", quantity: 90, cost_micros: 200_000 },
      { kind: "calls", detail: "outbound", quantity: 2, cost_micros: 0 },
      { kind: "sms_segments", detail: "in", quantity: 1, cost_micros: 8_300 },
      { kind: "sms_segments", detail: "out", quantity: 2, cost_micros: 210_000 },
    ]);
    expect(found).toMatchObject({
      calls: { quantity: 2 }, minutes: { quantity: 2.5, cost_micros: 400_000 }, sms: { quantity: 3, cost_micros: 218_300 }, total_cost_micros: 618_300,
      per_lead: { count: 1, cost_micros: 618_300 }, per_booking: { count: 0, cost_micros: null },
    });
  });

  it("takes the place of what was reserved for it in the month's money", async () => {
    const house = await business();
    const limiter = rateLimiter.for(house.project.tenant_id);
    const caps = { ...NO_CAPS, money_per_month_micros: 1_100_000 };
    const reserve = async (attempt_id: string, micros: number) => (await limiter.reserve({ attempt_id, channel: "call", phone: "+64211234567", party: "owner", unasked: false, micros, caps })).reserved;
    const call = await house.call();
    for (const leg of ["owner:1:0", "customer:1"]) expect(await reserve(`${call}:${leg}`, 500_000)).toBe(true);
    expect(await reserve(await house.text("out", "failed"), 100_000)).toBe(true);
    expect(await reserve("another", 700_000)).toBe(false);
    // Two legs of two minutes at 100,000; a text that was not sent costs nothing.
    for (let i = 0; i < 2; i++) await meter();
    expect(await reserve("another", 700_001)).toBe(false);
    expect(await reserve("another", 700_000)).toBe(true);
  });

  it("is booked while the rate limiter cannot be reached", async () => {
    const house = await business();
    await house.call();
    const away = { ...rateLimiter, for: (tenant: string) => ({ ...rateLimiter.for(tenant), settle: async () => Promise.reject(new Error("away")) }) };
    await meter(clock, away);
    expect((await house.usage()).calls.quantity).toBe(1);
  });

  it("waits for the end of a call, and for Twilio's last word on a text", async () => {
    const house = await business();
    await house.call({ ended_at: null });
    await house.text("out", "sent");
    const early = { ...clock, now: () => RANG + 60_000 };
    await meter(early);
    expect((await house.usage()).items).toEqual([]);
  });

  it("is counted without its customer's phone when that was erased", async () => {
    const house = await business();
    await house.call();
    await env.DB.prepare("DELETE FROM entities WHERE id = ?").bind(house.lead.id).run();
    await meter();
    expect((await house.usage()).calls.quantity).toBe(1);
  });
});

describe("one business of which something cannot be read", () => {
  /** A conversation that should have been recorded, and of which no recording was told. */
  const unheard = async () => {
    const house = await business();
    const id = await house.call();
    await env.DB.prepare("UPDATE calls SET call_sid = 'CA' || id WHERE id = ?").bind(id).run();
    return { ...house, id };
  };
  const isBooked = async (id: string) => (await env.DB.prepare("SELECT metered_at FROM calls WHERE id = ?").bind(id).first("metered_at")) !== null;
  const tools = (over: Partial<Parameters<typeof closeContacts>[0]>) => ({ rateLimiter, memory: createMemory({ d1: env.DB, clock }), clock, dna: { load: nobody }, jobs: { submit: nobody }, ...over });

  it("has its calls booked though its DNA cannot be read, and its recording asked after", async () => {
    const [broken, fine] = [await unheard(), await business()];
    const later = await fine.call({ answered: false, ended_at: RANG + 200_000 });
    const asked: unknown[] = [];
    const submit = async (_: unknown, input: { params: unknown }) => Promise.resolve(void asked.push(input.params) as never);
    await closeContacts(tools({ jobs: { submit } }));
    expect([await isBooked(broken.id), await isBooked(later), asked]).toEqual([true, true, [{ call_id: broken.id }]]);
  });

  it("has its calls booked though nobody can be asked after its recording", async () => {
    const broken = await unheard();
    await closeContacts(tools({}));
    expect(await isBooked(broken.id)).toBe(true);
  });

  it("keeps no other's calls and texts out of the ledger, however many there are of it, and has its own booked later", async () => {
    const [broken, fine] = [await business(), await business()];
    const first = await broken.call();
    const text = await broken.text("out", "delivered");
    // More than a sweep looks at in one go, all of them older.
    for (const [table, key] of [["calls", first], ["messages", text]]) {
      const columns = (await env.DB.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name NOT IN ('id', 'sid', 'call_sid')`).all<{ name: string }>()).results.map(({ name }) => name).join(", ");
      const sid = table === "messages" ? ", sid" : "";
      await env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO ${table} (id${sid}, ${columns}) SELECT ${table}.id || '_' || i${sid === "" ? "" : ", sid || i"}, ${columns} FROM n, ${table} WHERE id = ?`).bind(key).run();
    }
    const [call, answer] = [await fine.call({ ended_at: RANG + 200_000 }), await fine.text("out", "delivered")];
    await env.DB.prepare("UPDATE messages SET created_at = created_at + 1 WHERE id = ?").bind(answer).run();
    const memory = createMemory({ d1: env.DB, clock });
    const unread = async (): Promise<never> => Promise.reject(new Error("what it used cannot be read"));
    const ofBroken = (store: ReturnType<typeof memory.for>) => ({ ...store, calls: store.calls, metering: { ...store.metering, usedByCalls: unread, usedByTexts: unread } });
    const within = { ...memory, for: ((tenant, actor) => (tenant === broken.project.tenant_id ? ofBroken(memory.for(tenant, actor)) : memory.for(tenant, actor))) as typeof memory.for };
    await closeContacts(tools({ memory: within }));
    const isTextBooked = async (id: string) => (await env.DB.prepare("SELECT metered_at FROM messages WHERE id = ?").bind(id).first("metered_at")) !== null;
    expect([await isBooked(first), await isTextBooked(text), await isBooked(call), await isTextBooked(answer)]).toEqual([false, false, true, true]);
    await meter();
    expect((await broken.usage()).calls.quantity).toBe(501);
  });
});

describe("GET /api/usage", () => {
  it("is of all projects where none is named, and of this month where none is", async () => {
    const house = await business();
    await house.call();
    await meter();
    expect(await house.usage("?month=2026-11")).toMatchObject({ project_id: null, calls: { quantity: 1 } });
    expect((await house.usage("")).month).toBe(new Date().toISOString().slice(0, 7));
    expect((await house.usage("?month=2026-10")).items).toEqual([]);
  });

  it.each([["month=2026-13", 422], ["month=november", 422], ["project_id=nobodys", 404]])("answers ?%s with %i", async (query, status) => {
    const { project } = await business();
    expect((await project.api("GET", `/api/usage?${query}`)).status).toBe(status);
  });
});
