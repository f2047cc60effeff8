import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { nextSlot } from "./next-slot.ts";
import { parseRepetition } from "./repetition.ts";

const PREFERRED = { hour: 3, minute: 17, weekday: 2 };
const read = (text: string) => {
  const repetition = parseRepetition(text, PREFERRED);
  if (repetition === null) throw new Error(`${text} is no repetition`);
  return repetition;
};

/** All slots from an instant until another, as a sweep that looks now and then would take them. */
const slotsBetween = (text: string, zone: string, from: string, to: string): number[] => {
  const [repetition, end] = [read(text), Date.parse(to)];
  const slots: number[] = [];
  for (let at = nextSlot(repetition, zone, Date.parse(from) - 1); at !== null && at < end; at = nextSlot(repetition, zone, at)) slots.push(at);
  return slots;
};
const wall = (ms: number, zone: string): string => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: "minute" });

describe("a repetition", () => {
  it.each([
    ["0 7 * * 1-5", ["2026-11-26T07:00", "2026-11-27T07:00", "2026-11-30T07:00"]],
    ["*/20 9-10 * * *", ["2026-11-26T09:00", "2026-11-26T09:20", "2026-11-26T09:40", "2026-11-26T10:00", "2026-11-26T10:20", "2026-11-26T10:40", "2026-11-27T09:00"]],
    ["5/15 0 * * *", ["2026-11-26T00:05", "2026-11-26T00:20", "2026-11-26T00:35", "2026-11-26T00:50", "2026-11-27T00:05"]],
    ["30 6 1,15 * *", ["2026-12-01T06:30", "2026-12-15T06:30"]],
    ["0 0 13 * 5", ["2026-11-27T00:00", "2026-12-04T00:00", "2026-12-11T00:00", "2026-12-13T00:00"]],
    ["0 12 * * 7", ["2026-11-29T12:00", "2026-12-06T12:00"]],
    ["0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["daily", ["2026-11-26T03:17", "2026-11-27T03:17"]],
    ["weekly", ["2026-12-01T03:17", "2026-12-08T03:17"]],
    ["hourly", ["2026-11-26T00:17", "2026-11-26T01:17", "2026-11-26T02:17"]],
  ])("%s begins with %j", (text, expected) => {
    const found: string[] = [];
    let at = Date.parse("2026-11-25T11:00:00Z") - 1;
    for (const _ of expected) {
      at = nextSlot(read(text), "Pacific/Auckland", at) ?? Number.NaN;
      found.push(wall(at, "Pacific/Auckland"));
    }
    expect(found).toEqual(expected);
  });

  it.each(["75 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 8", "5-1 * * * *", "*/0 * * * *", "* * * *", "sometimes"])("%s is none", (text) => {
    expect(parseRepetition(text, PREFERRED)).toBeNull();
  });

  it("of a date that never comes has no slot", () => {
    expect(nextSlot(read("0 0 30 2 *"), "UTC", Date.now())).toBeNull();
  });
});

/** In both halves of the world, by half an hour, at midnight, and not at all. */
const ZONES = ["Pacific/Auckland", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"];

describe.each(ZONES)("in %s, over a year with its clock changes,", (zone) => {
  const [from, to] = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"];
  const dateOf = (ms: number): string => wall(ms, zone).slice(0, 10);

  it.each(["0 0 * * *", "30 0 * * *", "30 1 * * *", "30 2 * * *", "0 3 * * *"])("%s comes once on every date", (text) => {
    const slots = slotsBetween(text, zone, from, to);
    const dates = slots.map(dateOf);
    const first = Temporal.PlainDate.from(dates[0] ?? "");
    expect(dates).toEqual(dates.map((_, day) => first.add({ days: day }).toString()));
    expect(slots.length).toBeGreaterThanOrEqual(364);
    // No drift: on all dates but those on which the clocks skip the time, it is the time.
    const [minute, hour] = text.split(" ").map((part) => part.padStart(2, "0"));
    expect(slots.filter((slot) => !wall(slot, zone).endsWith(`T${hour ?? ""}:${minute ?? ""}`)).length).toBeLessThanOrEqual(1);
  });

  it("what is hourly comes once in every hour that passes", () => {
    const slots = slotsBetween("hourly", zone, from, to);
    const steps = slots.slice(1).map((slot, at) => (slot - (slots[at] ?? 0)) / 60_000);
    // Half an hour less or more is where the clocks are changed by half an hour.
    expect(steps.filter((step) => step !== 60 && !(zone === "Australia/Lord_Howe" && (step === 30 || step === 90)))).toEqual([]);
    expect(slots.every((slot) => wall(slot, zone).endsWith(":17"))).toBe(true);
  });

  it("the next slot is the same from wherever before it one asks", () => {
    for (const [text, end] of [["30 2 * * *", "2026-05-01"], ["*/20 1-3 * * *", "2026-04-10"], ["0 * * * *", "2026-04-10"], ["15 2 * * 0", "2026-05-01"]] as const) {
      const slots = slotsBetween(text, zone, zone === "America/New_York" ? "2026-03-05T00:00:00Z" : "2026-04-01T00:00:00Z", `${end}T00:00:00Z`);
      for (const [at, slot] of slots.entries()) {
        const before = slots[at - 1] ?? slot - 60_000;
        for (const share of [0, 0.3, 0.7, 1]) {
          const asked = Math.min(slot - 1, Math.floor(before + (slot - before) * share));
          if (asked >= before) expect(nextSlot(read(text), zone, asked)).toBe(slot);
        }
      }
    }
  });
});
