import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { chunked } from "../chunked.ts";
import { createClock } from "../clock.ts";
import { hourReader } from "../dna/time-zone.ts";
import { grouped } from "../grouped.ts";
import { newId } from "../ids.ts";
import { createCalendar, hourAt, HOUR_MS } from "../stats/calendar.ts";
import { type Figures, figuresOf } from "../stats/figures.ts";
import { addRollup, newRollup } from "../stats/rollup.ts";
import { systemActor } from "./actor.ts";
import { createMemory, type TenantMemory } from "./memory.ts";
import type { HourOf, Mark } from "./figures.store.ts";
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
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ended', ?, ?, '[]', ?, 1, ?, 1)`,
    ).bind(newId("call", calledAt), tenant.tenantId, project, lead, direction, stored.source, person, canary ? 1 : 0, end, calledAt, latency, calledAt);
    return [insertLead, insertCall];
  });
  for (let i = 0; i < statements.length; i += 500) await env.DB.batch(statements.slice(i, i + 500));
};

const range = (from: string, to: string, project_id?: string): StatsFilter => ({ from: msOf(from), to: msOf(to), project_id });

type Zones = Record<string, string>;

const hourOfZones = (zones: Zones): HourOf => {
  const readers = new Map(Object.entries(zones).map(([project, zone]) => [project, hourReader(zone)]));
  return (project, ms) => readers.get(project ?? "")?.(ms) ?? -1;
};

/** All that is marked, and the days of it: what the sweep does. */
const rollUp = async (tenant: TenantMemory, zones: Zones = {}): Promise<void> => {
  const { results } = await env.DB.prepare("SELECT project_id, hour, version FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).all<Mark & { project_id: string | null }>();
  for (const [place, marks] of grouped(results, ({ project_id }) => project_id)) {
    const zone = zones[place ?? ""] ?? "UTC";
    const calendar = createCalendar(zone);
    for (const some of chunked(marks, 100)) await tenant.figures.restate(place, some, hourOfZones(zones), zone);
    for (const some of chunked([...new Map(marks.map(({ hour }) => calendar.dayOf(hour)).map((day) => [day.from, day])).values()], 100)) await tenant.figures.keepDays(place, some, zone);
  }
};

const readNow = async (tenant: TenantMemory, filter: StatsFilter, zones: Zones = {}): Promise<Figures & { rows_read: number }> => {
  const before = tally.rows_read;
  const sum = newRollup();
  for (const { rollup } of await tenant.figures.read(filter, hourOfZones(zones))) addRollup(sum, rollup);
  return { ...figuresOf(sum, { form_to_connected_ms: 30_000 }), rows_read: tally.rows_read - before };
};

/** The figures, which are the same before they are rolled up and after. */
const read = async (tenant: TenantMemory, filter: StatsFilter, zones: Zones = {}): Promise<Figures> => {
  const { rows_read: _, ...counted } = await readNow(tenant, filter, zones);
  await rollUp(tenant, zones);
  const { rows_read: _rows, ...kept } = await readNow(tenant, filter, zones);
  expect(kept).toEqual(counted);
  return kept;
};

/** What was wanted, where it is within the 2 % that a histogram may be off; else what there is. */
const near = (actual: number | null, wanted: number): number | null => (actual !== null && Math.abs(actual / wanted - 1) <= 0.0205 ? wanted : actual);

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
    const { form_to_connected_ms: connected, form_to_dial_ms: dial } = response_time.overall;
    expect([connected.count, near(connected.p50, 50_000), near(connected.p95, 95_000), connected.target]).toEqual([100, 50_000, 95_000, 30_000]);
    expect([dial.count, near(dial.p50, 500), near(dial.p95, 950), dial.target]).toEqual([101, 500, 950, null]);
    expect(response_time.overall.form_to_pressed_ms).toEqual({ count: 0, p50: null, p95: null, target: null });
    expect(response_time.by_source.map(({ source, form_to_connected_ms: { count, p50, p95 } }) => [source, count, near(p50, source === "wordpress" ? 55_000 : 5_000), near(p95, source === "wordpress" ? 96_000 : 10_000)])).toEqual([
      ["wordpress", 90, 55_000, 96_000],
      ["google_ads", 10, 5_000, 10_000],
    ]);
    expect(response_time.by_person.map(({ person, form_to_connected_ms: { p50, p95 } }) => [person, near(p50, person === "Dave" ? 40_000 : 90_000), near(p95, person === "Dave" ? 76_000 : 99_000)])).toEqual([
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

describe("rows read of what was not rolled up", () => {
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
    const { rows_read, calls } = await readNow(tenant, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", project));
    expect(calls.total).toBe(leads);
    // A lead, its call by the index of the lead, and the call itself; hours' marks.
    expect(rows_read).toBeLessThanOrEqual(4 * leads + 30);
  });

  it("of the sweep's question for due canaries are those that are due", async () => {
    const birds = await newTenant();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
       INSERT INTO projects (id, tenant_id, name, country, canary_due_at, created_at) SELECT 'bird-' || i, ?1, 'x', 'NZ', CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN ?2 + i ELSE 9e15 END, 1 FROM n`,
    )
      .bind(birds.tenantId, Date.now() - 86_400_000)
      .run();
    const before = tally.rows_read;
    const due = await memory.directory.dueCanaries(10);
    expect(due.map((project) => project.id)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 41, 46].map((i) => `bird-${i}`));
    expect(tally.rows_read - before).toBeLessThanOrEqual(22);
  });

  it("of an empty range are a few", async () => {
    expect((await readNow(tenant, range("2026-06-01T00:00Z", "2026-06-30T00:00Z"))).rows_read).toBeLessThanOrEqual(30);
  });

  it("are two more for each lead from before that was called in the range", async () => {
    const late = await newTenant("late");
    await store(late, Array.from({ length: 50 }, (_, i) => ({ at: "2026-05-01T00:00Z", project: "late", call: { connected: i, at: "2026-07-01T10:00Z" } })));
    const { rows_read, calls } = await readNow(late, range("2026-07-01T00:00Z", "2026-07-02T00:00Z", "late"));
    expect(calls.total).toBe(50);
    expect(rows_read).toBeLessThanOrEqual(4 * 50 + 30);
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
    expect(await Promise.all([tenant.stats.costMicros(day("cost-a")), tenant.stats.costMicros(day()), tenant.stats.costMicros(day("cost-c"))])).toEqual([{ talk: 0, rest: 70 }, { talk: 0, rest: 11_970 }, { talk: 0, rest: 0 }]);
  });
});

describe("rows read of a year that was rolled up", () => {
  /** Leads of `each` in every sixth hour of a year, half of them called. */
  const busy = async (project: string, each: number): Promise<TenantMemory> => {
    const tenant = await newTenant(project);
    const first = Date.parse("2025-08-01T00:00Z");
    const slots = Math.floor(365 * 4);
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1), whole(first, each) AS (SELECT CAST(?4 AS INTEGER), CAST(?5 AS INTEGER))
       INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
       SELECT printf('ent_%012x%010x%010x', at, each, i), ?2, ?3, 'lead', 'x', 'x', '{"status":"won","source":"wordpress","amount":10}', at, at FROM (SELECT i, each, first + (i / each) * 21600000 + (i % each) * 1000 AS at FROM n, whole)`,
    )
      .bind(slots * each, tenant.tenantId, project, first, each)
      .run();
    await rollUp(tenant);
    return tenant;
  };

  it("are the same for one thousand leads and for one hundred thousand", async () => {
    const year = (project: string): StatsFilter => range("2025-08-01T00:00Z", "2026-08-01T00:00Z", project);
    const few = await readNow(await busy("small-year", 1), year("small-year"));
    const many = await readNow(await busy("big-year", 70), year("big-year"));
    expect([few.leads.total, many.leads.total, many.bookings.amount]).toEqual([1460, 102_200, 1_022_000]);
    expect(many.rows_read).toBe(few.rows_read);
    expect(many.rows_read).toBeLessThanOrEqual(2 * 365 + 10);
  }, 300_000);
});

describe("rows read of thirty days that begin and end within a day", () => {
  const month = (project: string): StatsFilter => range("2025-08-02T07:00Z", "2025-09-01T07:00Z", project);
  /** A lead in every `step`th hour of forty days. */
  const evenly = async (project: string, step: number): Promise<TenantMemory> => {
    const tenant = await newTenant(project);
    await store(tenant, Array.from({ length: (40 * 24) / step }, (_, i) => ({ at: msOf("2025-07-28T00:00Z") + i * step * HOUR_MS, project })));
    await rollUp(tenant);
    return tenant;
  };

  it("are the same for one lead in three hours and for one in each, and few", async () => {
    const few = await readNow(await evenly("evenly-few", 3), month("evenly-few"));
    const many = await readNow(await evenly("evenly-many", 1), month("evenly-many"));
    expect([few.leads.total, many.leads.total]).toEqual([240, 720]);
    expect(many.rows_read).toBe(few.rows_read);
    // A day's row by its index, and what asks for it.
    expect(many.rows_read).toBeLessThanOrEqual(2 * 32 + 10);
  });

  it("are a few more where an hour has changed", async () => {
    const tenant = await evenly("evenly-changed", 1);
    const before = await readNow(tenant, month("evenly-changed"));
    for (const at of ["2025-08-02T08:10Z", "2025-08-10T12:10Z"]) await store(tenant, [{ at, project: "evenly-changed" }]);
    const after = await readNow(tenant, month("evenly-changed"));
    expect(after.leads.total).toBe(before.leads.total + 2);
    expect(after.rows_read - before.rows_read).toBeLessThanOrEqual(150);
  });
});

describe("a part of a day", () => {
  const hours = ["2026-09-01T03:20Z", "2026-09-01T10:20Z", "2026-09-01T10:40Z", "2026-09-01T21:20Z", "2026-09-02T01:20Z"];
  const part = (from: string, to: string) => range(`2026-09-01T${from}Z`, `2026-09-02T${to}Z`, "parted");

  it("has the leads of its hours, whatever else the day has, whether or not they have changed since", async () => {
    const tenant = await newTenant("parted");
    await store(tenant, hours.map((at) => ({ at, project: "parted", call: {} })));
    const totals = async () => Promise.all([part("10:00", "00:00"), part("10:30", "00:00"), part("11:00", "00:00"), part("04:00", "01:30"), part("00:00", "01:00")].map(async (asked) => (await readNow(tenant, asked)).leads.total));
    const counted = await totals();
    expect(counted).toEqual([3, 2, 1, 4, 4]);
    await rollUp(tenant);
    expect(await totals()).toEqual(counted);
    await store(tenant, [{ at: "2026-09-01T10:50Z", project: "parted" }]);
    expect(await totals()).toEqual([4, 3, 1, 5, 5]);
    // As if the Worker had died before there was a day, or the day's hours were too many to keep with it.
    await rollUp(tenant);
    await env.DB.prepare("UPDATE figures SET hours = NULL WHERE tenant_id = ?").bind(tenant.tenantId).run();
    expect(await totals()).toEqual([4, 3, 1, 5, 5]);
    await env.DB.prepare("DELETE FROM figures WHERE tenant_id = ? AND grain = 'day'").bind(tenant.tenantId).run();
    expect(await totals()).toEqual([4, 3, 1, 5, 5]);
  });

  it("is read by its hours where they would be too long for the day's row", async () => {
    const tenant = await newTenant("parted-long");
    const sources = (hour: number) => Array.from({ length: 100 }, (_, i) => `${String(i).padStart(3, "0")}${"é".repeat(70)}${hour}`);
    await store(tenant, Array.from({ length: 24 }, (_, hour) => sources(hour).map((source): Row => ({ at: msOf("2026-09-01T00:00Z") + hour * HOUR_MS, project: "parted-long", metadata: { source } }))).flat());
    await rollUp(tenant);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM figures WHERE tenant_id = ? AND grain = 'day' AND hours IS NULL").bind(tenant.tenantId).first("n")).toBe(1);
    expect((await readNow(tenant, range("2026-09-01T05:00Z", "2026-09-01T09:00Z", "parted-long"))).leads.total).toBe(400);
  });
});

describe("what was rolled up", () => {
  const at = "2026-09-01T10:20Z";
  const day = (project: string): StatsFilter => range("2026-09-01T00:00Z", "2026-09-02T00:00Z", project);
  const idOf = async (tenant: TenantMemory): Promise<string> => (await env.DB.prepare("SELECT id FROM entities WHERE tenant_id = ?").bind(tenant.tenantId).first<string>("id")) ?? "";

  it("is restated when a lead's status or amount changes, and when it turns out to be spam, with its calls of other days", async () => {
    const tenant = await newTenant("restated");
    await store(tenant, [{ at, project: "restated", call: { at: "2026-09-03T10:00Z" } }]);
    const seen = async () => {
      const [first, third] = [await read(tenant, day("restated")), await read(tenant, range("2026-09-03T00:00Z", "2026-09-04T00:00Z", "restated"))];
      return [first.leads.total, first.bookings, first.funnel.connected, third.calls.total];
    };
    expect(await seen()).toEqual([1, { count: 0, amount: 0 }, 1, 1]);
    await tenant.entities.patch(await idOf(tenant), { metadata: { status: "won", amount: 125.5 } });
    expect(await seen()).toEqual([1, { count: 1, amount: 125.5 }, 1, 1]);
    await tenant.entities.patch(await idOf(tenant), { metadata: { status: "spam" } });
    expect(await seen()).toEqual([0, { count: 0, amount: 0 }, 0, 0]);
    await tenant.entities.patch(await idOf(tenant), { metadata: { status: "won" } });
    expect(await seen()).toEqual([1, { count: 1, amount: 125.5 }, 1, 1]);
  });

  it("loses what a change meanwhile has outdated, never the change", async () => {
    const tenant = await newTenant("raced");
    await store(tenant, [{ at, project: "raced" }]);
    const { results: old } = await env.DB.prepare("SELECT hour, version FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).all<Mark>();
    await store(tenant, [{ at, project: "raced" }]);
    await tenant.figures.restate("raced", old, hourOfZones({}), "UTC");
    expect(await env.DB.prepare("SELECT count(*) AS n FROM figures WHERE tenant_id = ?").bind(tenant.tenantId).first("n")).toBe(0);
    expect((await read(tenant, day("raced"))).leads.total).toBe(2);
    // A day that was added up before another hour was counted is not kept.
    await store(tenant, [{ at: "2026-09-01T12:00Z", project: "raced" }]);
    await tenant.figures.keepDays("raced", [{ from: hourAt(msOf("2026-09-01T00:00Z")), to: hourAt(msOf("2026-09-02T00:00Z")) }], "UTC");
    expect((await read(tenant, day("raced"))).leads.total).toBe(3);
  });

  it("is not written again for what no figure shows", async () => {
    const tenant = await newTenant("quiet");
    await store(tenant, [{ at, project: "quiet", call: {} }]);
    await rollUp(tenant);
    await tenant.entities.patch(await idOf(tenant), { name: "Jane", metadata: { notes: "rang twice" } });
    await env.DB.prepare("UPDATE calls SET transcription = '{}' WHERE tenant_id = ?").bind(tenant.tenantId).run();
    expect(await env.DB.prepare("SELECT count(*) AS n FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).first("n")).toBe(0);
  });

  it("knows a person's leads and calls no longer once they are erased", async () => {
    const tenant = await newTenant("erased");
    await store(tenant, [{ at, project: "erased", call: {} }, { at, project: "erased", call: {} }]);
    expect((await read(tenant, day("erased"))).calls.total).toBe(2);
    await tenant.erasure.begin(await idOf(tenant), 0);
    const { leads, calls } = await read(tenant, day("erased"));
    expect([leads.total, calls.total]).toEqual([1, 1]);
  });

  it("takes names for names, and no more of them than it can hold", async () => {
    const tenant = await newTenant("names");
    const leadsFrom = async (time: string, sources: string[]) => store(tenant, sources.map((source) => ({ at: time, project: "names", metadata: { source } })));
    await leadsFrom("2026-09-01T10:10Z", ["__proto__", "constructor", "x".repeat(500)]);
    await leadsFrom(at, Array.from({ length: 150 }, (_, i) => `source-${i}`));
    const { leads } = await read(tenant, day("names"));
    expect(leads.total).toBe(153);
    expect(leads.by_source).toMatchObject({ other: 53, ["x".repeat(80)]: 1 });
    // A hundred by their names, and the rest.
    expect(Object.keys(leads.by_source)).toHaveLength(101);
  });

  it("is counted again once the business has another clock, or a day is missing", async () => {
    const tenant = await newTenant("moved");
    await store(tenant, [{ at: "2026-09-01T10:20Z", project: "moved", call: {} }]);
    const hours = async (zone: string) => (await readNow(tenant, range("2026-08-31T00:00Z", "2026-09-03T00:00Z", "moved"), { moved: zone })).connect.by_hour.map(({ hour }) => hour);
    await rollUp(tenant, { moved: "Pacific/Auckland" });
    expect(await hours("Europe/London")).toEqual([22]);
    await tenant.figures.markOutdated("moved", "Pacific/Auckland", hourAt(msOf("2026-09-20T00:00Z")));
    expect(await env.DB.prepare("SELECT count(*) AS n FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).first("n")).toBe(0);
    await tenant.figures.markOutdated("moved", "Europe/London", hourAt(msOf("2026-09-20T00:00Z")));
    expect(await hours("Europe/London")).toEqual([11]);
    await rollUp(tenant, { moved: "Europe/London" });
    expect(await hours("Europe/London")).toEqual([11]);
    await env.DB.prepare("DELETE FROM figures WHERE tenant_id = ? AND grain = 'day'").bind(tenant.tenantId).run();
    await tenant.figures.markOutdated("moved", "Europe/London", hourAt(msOf("2026-09-20T00:00Z")));
    expect(await env.DB.prepare("SELECT hour FROM figure_marks WHERE tenant_id = ?").bind(tenant.tenantId).first("hour")).toBe(Math.floor(msOf("2026-09-01T10:20Z") / HOUR_MS));
  });
});
