import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCalendar, stretches } from "./calendar.ts";
import { sourceCosts } from "./costs.ts";
import { countOf, distribution, type Histogram, percentilesOf, rangeNumber } from "./histogram.ts";
import { percentile } from "./percentile.ts";
import { addLead, addRollup, newRollup } from "./rollup.ts";
import { intervalFor, trendOf } from "./trend.ts";

const histogramOf = (samples: readonly number[]): Histogram => {
  const histogram: Histogram = {};
  for (const ms of samples) histogram[rangeNumber(ms)] = (histogram[rangeNumber(ms)] ?? 0) + 1;
  return histogram;
};
const durations = fc.array(fc.integer({ min: 0, max: 7 * 86_400_000 }), { minLength: 1, maxLength: 200 });

describe("a histogram", () => {
  it("gives percentiles within 2 % (or a millisecond) of what was measured", () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 100 }), (samples, p) => {
        const [found = null] = percentilesOf(histogramOf(samples), [p]);
        const exact = percentile(samples, p);
        expect(Math.abs((found ?? Number.NaN) - exact)).toBeLessThanOrEqual(Math.max(1, 0.0205 * exact));
      }),
    );
  });

  it("knows nothing of nobody, and refuses what is no percentage", () => {
    expect(percentilesOf({}, [50, 95])).toEqual([null, null]);
    expect(() => percentilesOf({}, [0])).toThrow(RangeError);
  });

  it("has each duration between two bounds", () => {
    const histogram = histogramOf([500, 5000, 9000, 15_000, 25_000, 90_000, 5_000_000]);
    expect(distribution(histogram, [10_000, 20_000, 60_000])).toEqual([3, 1, 1, 2]);
    expect(countOf(histogram)).toBe(7);
  });
});

describe("roll-ups", () => {
  it("add up to what all of it adds up to, in any order, whatever things are called", () => {
    const lead = fc.record({
      id: fc.constant("x"), status: fc.constantFrom("won", "lost", null, "__proto__", "toString"), source: fc.constantFrom("a", "constructor", "__proto__", null), score: fc.option(fc.integer({ min: 0, max: 100 })),
      amount: fc.option(fc.integer({ min: 0, max: 1000 })), called: fc.boolean(), reached: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(lead, { maxLength: 20 }), fc.array(lead, { maxLength: 20 }), (some, others) => {
        const [all, first, second, sum] = [newRollup(), newRollup(), newRollup(), newRollup()];
        for (const one of [...some, ...others]) addLead(all, one);
        for (const one of some) addLead(first, one);
        for (const one of others) addLead(second, one);
        // As they come back from the database.
        for (const part of [second, first]) addRollup(sum, JSON.parse(JSON.stringify(part)) as typeof part);
        expect(sum).toEqual(all);
      }),
    );
    expect(Object.hasOwn(Object.prototype, "leads")).toBe(false);
  });
});

describe("a calendar", () => {
  const auckland = createCalendar("Pacific/Auckland");
  const hour = (iso: string): number => Date.parse(iso) / 3_600_000;

  it("has the hours of each day, and whole hours where a zone is half of one off", () => {
    expect(auckland.dayOf(hour("2026-11-26T00:00Z"))).toEqual({ from: hour("2026-11-25T11:00Z"), to: hour("2026-11-26T11:00Z") });
    expect(createCalendar("Australia/Adelaide").dayOf(hour("2026-07-01T00:00Z"))).toEqual({ from: hour("2026-06-30T15:00Z"), to: hour("2026-07-01T15:00Z") });
  });

  it("has every interval of a range, those without anything too", () => {
    const range = { from: Date.parse("2026-10-30T11:00Z"), to: Date.parse("2026-11-10T11:00Z") };
    expect(auckland.intervalsOf(range, "week")).toEqual(["2026-10-26", "2026-11-02", "2026-11-09"]);
    expect(auckland.intervalsOf(range, "month")).toEqual(["2026-10-01", "2026-11-01"]);
    const rollup = newRollup();
    addLead(rollup, { id: "x", status: "won", source: null, score: null, amount: 12.5, called: false, reached: false });
    const trend = trendOf([{ from: Date.parse("2026-11-02T23:00Z"), rollup }], range, "week", auckland);
    expect(trend.map(({ date, leads, amount, p50 }) => [date, leads, amount, p50])).toEqual([["2026-10-26", 0, 0, null], ["2026-11-02", 1, 12.5, null], ["2026-11-09", 0, 0, null]]);
  });

  it("shows days of a quarter's part, weeks of a year, months of more", () => {
    expect([30, 90, 366, 800].map((days) => intervalFor({ from: 0, to: days * 86_400_000 }))).toEqual(["day", "week", "week", "month"]);
  });

  it("joins hours into stretches", () => {
    expect(stretches([7, 1, 2, 5], 0)).toEqual([{ from: 1, to: 3 }, { from: 5, to: 6 }, { from: 7, to: 8 }]);
    expect(stretches([7, 1, 2, 5], 2)).toEqual([{ from: 1, to: 8 }]);
  });
});

describe("costs by source", () => {
  it("share out all that the ledger has, talk by talk and the rest by leads", () => {
    const rollup = newRollup();
    for (const source of ["ads", "ads", "ads", "form"]) addLead(rollup, { id: "x", status: source === "form" ? "won" : "new", source, score: null, amount: null, called: false, reached: false });
    const [ads, form] = [rollup.by_source["ads"], rollup.by_source["form"]];
    if (ads === undefined || form === undefined) throw new Error("no sources");
    [ads.talk_s, form.talk_s] = [100, 300];
    expect(sourceCosts({ talk: 4_000_000, rest: 8_000_000 }, rollup)).toEqual([
      { source: "ads", leads: 3, bookings: 0, amount: 0, cost_usd: 7, cost_per_lead_usd: 7 / 3, cost_per_booking_usd: null },
      { source: "form", leads: 1, bookings: 1, amount: 0, cost_usd: 5, cost_per_lead_usd: 5, cost_per_booking_usd: 5 },
    ]);
  });
});
