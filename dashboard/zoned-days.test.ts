import { describe, expect, it } from "vitest";
import { addDays, dateIn, startOf } from "./src/lib/zoned-days.ts";

describe("days of a zone", () => {
  it.each([
    ["2026-11-26", "Pacific/Auckland", "2026-11-25T11:00:00.000Z"],
    ["2026-07-01", "Australia/Adelaide", "2026-06-30T14:30:00.000Z"],
    ["2026-09-27", "Pacific/Auckland", "2026-09-26T12:00:00.000Z"],
    ["2026-09-28", "Pacific/Auckland", "2026-09-27T11:00:00.000Z"],
    ["2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
    ["2026-03-09", "America/New_York", "2026-03-09T04:00:00.000Z"],
  ])("%s begins in %s at %s", (date, zone, instant) => {
    expect(new Date(startOf(date, zone)).toISOString()).toBe(instant);
    expect(dateIn(zone, startOf(date, zone))).toBe(date);
    expect(dateIn(zone, startOf(date, zone) - 1)).toBe(addDays(date, -1));
  });
});
