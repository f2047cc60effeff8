import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { createClock } from "../clock.ts";
import { hourReader } from "../dna/time-zone.ts";
import { newId } from "../ids.ts";
import { createFigures, type Figures } from "../stats/figures.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";
import type { StatsFilter } from "./stats.store.ts";

const tally = newTally();
const memory = createMemory({ d1: countedDatabase(env.DB, tally), clock: createClock() });
let tenants = 0;

const newTenant = async (...projects: string[]): Promise<TenantMemory> => {
  const user = await memory.directory.signUp({ email: `${++tenants}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const tenant = memory.for(user.tenant_id, systemActor("test"));
  for (const id of projects) await tenant.projects.create({ id, name: "x", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
  return tenant;
};

interface Row {
  at: string | number;
  project: string;
  metadata?: Record<string, unknown>;
  /** Absent: the lead has no call. */
  call?: { connected?: number; dial?: number; end?: string | null; direction?: string; person?: string; canary?: boolean; at?: string };
}

const msOf = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at));

/** Leads with a call each, as intake and projection would have left them. */
const store = async (tenant: TenantMemory, rows: Row[]): Promise<void> => {
  const statements = rows.flatMap(({ at, project, metadata = {}, call }) => {
    const ms = msOf(at);
    const lead = newId("ent", ms);
    const stored = { status: "called", source: "wordpress", ...metadata };
    const insertLead = env.DB.prepare("INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at) VALUES (?, ?, ?, 'lead', 'x', 'x', ?, ?, ?)").bind(
      lead, tenant.tenantId, project, JSON.stringify(stored), ms, ms,
    );
    if (!call) return [insertLead];
    const { connected, dial, end = "connected", direction = "outbound", person = null, canary = false } = call;
    const calledAt = call.at === undefined ? ms : msOf(call.at);
    const latency = JSON.stringify({ form_to_dial_ms: dial ?? null, form_to_connected_ms: connected ?? null });
    const insertCall = env.DB.prepare(
      `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, source, person, canary, status, end_reason, received_at, timeline, latency, revision, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ended', ?, ?, '[]', ?, 1, 1, 1)`,
    ).bind(newId("call", calledAt), tenant.tenantId, project, lead, direction, stored.source, person, canary ? 1 : 0, end, calledAt, latency);
    return [insertLead, insertCall];
  });
  for (let i = 0; i < statements.length; i += 500) await env.DB.batch(statements.slice(i, i + 500));
};

const range = (from: string, to: string, project_id?: string): StatsFilter => ({ from: msOf(from), to: msOf(to), project_id });

const read = async (tenant: TenantMemory, filter: StatsFilter, zones: Record<string, string> = {}): Promise<Figures & { rows_read: number }> => {
  const readers = new Map(Object.entries(zones).map(([project, zone]) => [project, hourReader(zone)]));
  const figures = createFigures({ hourOf: (project, ms) => readers.get(project)?.(ms) ?? -1 });
  const before = tally.rows_read;
  await tenant.stats.visit(filter, figures);
  return { ...figures.figures({ form_to_connected_ms: 30_000 }), rows_read: tally.rows_read - before };
};

describe("response times", () => {
  it("are nearest-rank percentiles of what was measured, by source and person too, with the target beside", async () => {
    const tenant = await newTenant("times");
    // 1 s … 100 s, in an order that is not theirs.
    const rows = Array.from({ length: 100 }, (_, i) => {
      const seconds = ((i * 37) % 100) + 1;
      const source = seconds <= 10 ? "google_ads" : "wordpress";
      return { at: `2026-07-01T10:00:00.${String(i).padStart(3, "0")}Z`, project: "times", metadata: { source }, call: { dial: seconds * 10, connected: seconds * 1000, person: seconds > 80 ? "Dana" : "Dave" } };
    });
    await store(tenant, [...rows, { at: "2026-07-01T11:00Z", project: "times", call: { dial: 5, end: "owner_no_answer" } }]);
    const { response_time } = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", "times"));
    expect(response_time.overall.form_to_connected_ms).toEqual({ count: 100, p50: 50_000, p95: 95_000, target: 30_000 });
    expect(response_time.overall.form_to_dial_ms).toEqual({ count: 101, p50: 500, p95: 950, target: null });
    expect(response_time.overall.form_to_pressed_ms).toEqual({ count: 0, p50: null, p95: null, target: null });
    expect(response_time.by_source.map(({ source, form_to_connected_ms: { count, p50, p95 } }) => [source, count, p50, p95])).toEqual([
      ["wordpress", 90, 55_000, 96_000],
      ["google_ads", 10, 5_000, 10_000],
    ]);
    expect(response_time.by_person.map(({ person, form_to_connected_ms: { p50, p95 } }) => [person, p50, p95])).toEqual([
      ["Dave", 40_000, 76_000],
      ["Dana", 90_000, 99_000],
    ]);
  });

  it("fall into the hours of each business's own clock, across its changes", async () => {
    const tenant = await newTenant("nz", "ny");
    const at = (project: string, ...times: string[]): Row[] => times.map((time) => ({ at: time, project, call: { connected: 1000 } }));
    await store(tenant, [
      // 2:30 is shown twice on 5 April in Auckland, then come 3:30 and 7:30.
      ...at("nz", "2026-04-04T13:30Z", "2026-04-04T14:30Z", "2026-04-04T15:30Z", "2026-04-04T19:30Z"),
      // From 1:30 to 3:30 it is an hour on 8 March in New York.
      ...at("ny", "2026-03-08T06:30Z", "2026-03-08T07:30Z"),
    ]);
    const { response_time } = await read(tenant, range("2026-03-01T00:00Z", "2026-04-30T00:00Z"), { nz: "Pacific/Auckland", ny: "America/New_York" });
    expect(response_time.by_hour.map(({ hour, form_to_connected_ms }) => [hour, form_to_connected_ms.count])).toEqual([[1, 1], [2, 2], [3, 2], [7, 1]]);
  });
});

describe("what is counted", () => {
  it("adds up leads, calls, missed calls and bookings", async () => {
    const tenant = await newTenant("sums");
    const at = "2026-07-01T10:00Z";
    const lead = (metadata: Record<string, unknown>, call?: Row["call"]): Row => ({ at, project: "sums", metadata, ...(call ? { call } : {}) });
    await store(tenant, [
      lead({ status: "won", amount: 0.1, score: 90 }, {}),
      lead({ status: "won", amount: "0.2", score: 70 }, { end: "owner_no_answer" }),
      lead({ status: "completed", amount: 100, score: 69 }, { end: "superseded" }),
      lead({ status: "won", amount: "a lot", score: 39 }, { end: null }),
      lead({ status: "lost", amount: 999, score: "high", source: 7 }, { direction: "inbound", end: "abandoned" }),
      lead({ status: "called", source: "phone" }, { direction: "inbound" }),
    ]);
    const figures = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z"));
    expect(figures.leads).toEqual({ total: 6, by_status: { won: 3, called: 1, completed: 1, lost: 1 }, by_source: { wordpress: 4, phone: 1, unknown: 1 }, by_score: { "70-100": 2, unscored: 2, "0-39": 1, "40-69": 1 } });
    expect(figures.calls).toEqual({ total: 6, by_direction: { outbound: 4, inbound: 2 }, by_end_reason: { connected: 2, abandoned: 1, open: 1, owner_no_answer: 1, superseded: 1 }, missed_inbound: 1, connect_rate: 0.5 });
    expect(figures.bookings).toEqual({ count: 4, amount: 100.3 });
  });

  it("is nothing where there is nothing, and no rate", async () => {
    const tenant = await newTenant("empty");
    const figures = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", "empty"));
    expect([figures.leads.total, figures.calls.total, figures.calls.connect_rate]).toEqual([0, 0, null]);
  });

  it("begins with `from` and ends before `to`, to the millisecond", async () => {
    const tenant = await newTenant("edges");
    for (const at of ["2026-06-30T23:59:59.999Z", "2026-07-01T00:00:00.000Z", "2026-07-01T23:59:59.999Z", "2026-07-02T00:00:00.000Z"]) await store(tenant, [{ at, project: "edges", call: { connected: 1 } }]);
    const figures = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", "edges"));
    expect([figures.leads.total, figures.calls.total]).toEqual([2, 2]);
  });

  it("leaves out spam, tests and canaries with their calls, also of a lead from before the range", async () => {
    const tenant = await newTenant("left-out");
    const call = { connected: 1, dial: 1, at: "2026-07-01T10:00Z" };
    await store(tenant, [
      ...["spam", "test"].flatMap((status): Row[] => [
        { at: "2026-07-01T09:00Z", project: "left-out", metadata: { status, amount: 5 }, call },
        { at: "2026-05-01T09:00Z", project: "left-out", metadata: { status }, call },
      ]),
      // Whatever somebody has made of its status.
      ...["test", "called"].map((status): Row => ({ at: "2026-07-01T09:00Z", project: "left-out", metadata: { status, source: "canary", canary: true }, call: { ...call, canary: true } })),
      { at: "2026-05-01T09:00Z", project: "left-out", call },
    ]);
    const figures = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z"));
    expect([figures.leads.total, figures.calls.total, figures.response_time.overall.form_to_dial_ms.count]).toEqual([0, 1, 1]);
  });

  it("is never another tenant's, nor another project's", async () => {
    const [tenant, other] = [await newTenant("mine", "mine-too"), await newTenant("theirs")];
    const row = (project: string): Row => ({ at: "2026-07-01T10:00Z", project, call: { connected: 1 } });
    await store(tenant, [row("mine"), row("mine"), row("mine-too")]);
    await store(other, Array.from({ length: 7 }, () => row("theirs")));
    const totals = async (project?: string): Promise<number[]> => {
      const { leads, calls } = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", project));
      return [leads.total, calls.total];
    };
    expect([await totals(), await totals("mine"), await totals("mine-too"), await totals("theirs")]).toEqual([[3, 3], [2, 2], [1, 1], [0, 0]]);
  });
});

describe("rows read", () => {
  const [inRange, before] = [6000, 3000];
  let tenant: TenantMemory;
  beforeAll(async () => {
    tenant = await newTenant("busy", "busy-too");
    const rows = (count: number, from: string): Row[] => Array.from({ length: count }, (_, i) => ({ at: msOf(from) + i * 1000, project: i % 10 === 0 ? "busy-too" : "busy", call: { connected: i } }));
    await store(tenant, [...rows(before, "2026-05-01T00:00Z"), ...rows(inRange, "2026-07-01T00:00Z")]);
  });

  it.each([
    ["all projects", undefined, inRange],
    ["one project", "busy-too", inRange / 10],
  ])("of %s are those of the range and a few", async (_, project, leads) => {
    const { rows_read, calls } = await read(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", project));
    expect(calls.total).toBe(leads);
    expect(rows_read).toBeLessThanOrEqual(2 * leads + 10);
  });

  it("of the sweep's question for due canaries are those that are due", async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
       INSERT INTO projects (id, tenant_id, name, country, canary_due_at, created_at) SELECT 'bird-' || i, ?1, 'x', 'NZ', CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN ?2 + i ELSE 9e15 END, 1 FROM n`,
    )
      .bind(tenant.tenantId, Date.now() - 86_400_000)
      .run();
    const before = tally.rows_read;
    const due = await memory.directory.dueCanaries(10);
    expect(due.map((project) => project.id)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 41, 46].map((i) => `bird-${i}`));
    expect(tally.rows_read - before).toBeLessThanOrEqual(22);
  });

  it("of an empty range are a few", async () => {
    expect((await read(tenant, range("2026-06-01T00:00Z", "2026-06-30T00:00Z"))).rows_read).toBeLessThanOrEqual(10);
  });

  it("are two more for each lead from before that was called in the range", async () => {
    const late = await newTenant("late");
    await store(late, Array.from({ length: 50 }, (_, i) => ({ at: "2026-05-01T00:00Z", project: "late", call: { connected: i, at: "2026-07-01T10:00Z" } })));
    const { rows_read, calls } = await read(late, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", "late"));
    expect(calls.total).toBe(50);
    expect(rows_read).toBeLessThanOrEqual(3 * 50 + 10);
  });
});

describe("the funnel", () => {
  it("counts each lead of the range once at each stage that it has reached", async () => {
    const tenant = await newTenant("funnel");
    const at = "2026-08-03T10:00Z";
    await store(tenant, [
      { at, project: "funnel", metadata: { source: "sniper", score: 91, status: "won" }, call: { connected: 9000 } },
      { at, project: "funnel", metadata: { source: "sniper", score: 12 } },
      { at, project: "funnel", call: { end: "owner_no_answer" } },
      { at, project: "funnel", metadata: { status: "spam", score: 99 }, call: {} },
      // Of before the range, called in it: no lead of the range.
      { at: "2026-07-20T10:00Z", project: "funnel", call: { at } },
    ]);
    expect((await read(tenant, range("2026-08-01T00:00Z", "2026-08-04T00:00Z", "funnel"))).funnel).toEqual({ leads: 3, scored: 2, called: 2, connected: 1, booked: 1 });
  });
});

describe("what leads cost", () => {
  it("is what the ledger has booked on the range's days, of the project or of all that the tenant has", async () => {
    const [tenant, other] = [await newTenant("cost-a", "cost-b"), await newTenant("cost-c")];
    const book = async (of: TenantMemory, project: string | null, day: string, micros: number) =>
      env.DB.prepare("INSERT INTO usage (tenant_id, project_id, day, kind, detail, quantity, cost_micros) VALUES (?, ?, ?, 'calls', ?, 1, ?)").bind(of.tenantId, project, day, String(micros), micros).run();
    await book(tenant, "cost-a", "2026-08-01", 5);
    await book(tenant, "cost-a", "2026-08-02", 70);
    await book(tenant, "cost-b", "2026-08-02", 900);
    await book(tenant, null, "2026-08-02", 11_000);
    await book(tenant, "cost-a", "2026-08-03", 200_000);
    await book(other, "cost-c", "2026-08-02", 3_000_000);
    const day = (project?: string) => range("2026-08-02T00:00Z", "2026-08-03T00:00Z", project);
    expect(await Promise.all([tenant.stats.costMicros(day("cost-a")), tenant.stats.costMicros(day()), tenant.stats.costMicros(day("cost-c"))])).toEqual([70, 11_970, 0]);
  });
});
