import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { TenantMemory } from "./memory.ts";
import { newTenant, range, read, type Row, store } from "./figures.testing.ts";

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
