import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hourAt, HOUR_MS } from "../stats/calendar.ts";
import type { TenantMemory } from "./memory.ts";
import type { Mark } from "./figures.store.ts";
import type { StatsFilter } from "./stats.store.ts";
import { hourOfZones, msOf, newTenant, range, read, readNow, rollUp, type Row, store } from "./figures.testing.ts";

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
