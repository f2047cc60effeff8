import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { HOUR_MS } from "../stats/calendar.ts";
import type { TenantMemory } from "./memory.ts";
import type { StatsFilter } from "./stats.store.ts";
import { memory, msOf, newTenant, range, readNow, rollUp, type Row, store, tally } from "./figures.testing.ts";

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
