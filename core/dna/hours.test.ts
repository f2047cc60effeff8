import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { HORIZON_DAYS, holidaysSchema, hoursSchema, isOpen, nextOpening, type Schedule, timeZoneSchema, WEEKDAYS } from "./hours.ts";

const ms = (text: string): number => Date.parse(text);
const everyDay = (...windows: string[]) => Object.fromEntries(WEEKDAYS.map((day) => [day, windows]));
const at = (time_zone: string, ...windows: string[]): Schedule => ({ time_zone, hours: everyDay(...windows) });

const OFFICE: Schedule = { time_zone: "Pacific/Auckland", hours: { mon: ["08:00-12:00", "13:00-17:30"], fri: ["22:00-06:00"] } };

describe("isOpen", () => {
  // 2026-11-23 is a Monday; Auckland is at +13:00.
  it.each([
    ["the minute before the window", "2026-11-23T07:59:59.999+13:00", false],
    ["the first minute", "2026-11-23T08:00:00+13:00", true],
    ["the last millisecond", "2026-11-23T11:59:59.999+13:00", true],
    ["the end itself", "2026-11-23T12:00:00+13:00", false],
    ["the second window", "2026-11-23T17:29:00+13:00", true],
    ["a weekday that is not named", "2026-11-24T09:00:00+13:00", false],
    ["the evening of a window that crosses midnight", "2026-11-27T23:00:00+13:00", true],
    ["its morning", "2026-11-28T05:59:00+13:00", true],
    ["its end", "2026-11-28T06:00:00+13:00", false],
    ["the morning before it", "2026-11-27T05:00:00+13:00", false],
  ])("%s", (_, instant, open) => {
    expect(isOpen(OFFICE, ms(instant))).toBe(open);
  });

  it.each([
    ["without hours, always", { time_zone: "Europe/London" }, true],
    ["24h, always", at("Europe/London", "24h"), true],
    ["00:00-24:00, always", at("Europe/London", "00:00-24:00"), true],
    ["hours that name no day, never", { time_zone: "Europe/London", hours: {} }, false],
  ])("%s", (_, schedule, open) => {
    for (let hour = 0; hour < 24; hour++) expect(isOpen(schedule, ms("2026-06-10T00:00:00Z") + hour * 3_600_000)).toBe(open);
  });

  describe("on holidays", () => {
    const schedule: Schedule = {
      time_zone: "America/New_York",
      hours: everyDay("22:00-06:00"),
      holidays: ["2026-12-25", { date: "2026-12-31", hours: ["10:00-14:00", "23:00-02:00"] }],
    };
    it.each([
      ["the night before ends at the holiday's midnight", "2026-12-24T23:59:00-05:00", true],
      ["it does not reach into the holiday", "2026-12-25T00:00:00-05:00", false],
      ["the holiday's own night is off", "2026-12-25T23:00:00-05:00", false],
      ["also after midnight", "2026-12-26T03:00:00-05:00", false],
      ["the next night is on again", "2026-12-26T22:00:00-05:00", true],
      ["special hours replace the night before", "2026-12-31T03:00:00-05:00", false],
      ["special hours hold", "2026-12-31T13:59:00-05:00", true],
      ["and replace the regular ones", "2026-12-31T22:30:00-05:00", false],
      ["and may cross midnight", "2027-01-01T01:59:00-05:00", true],
      ["to where they say", "2027-01-01T02:00:00-05:00", false],
    ])("%s", (_, instant, open) => {
      expect(isOpen(schedule, ms(instant))).toBe(open);
    });
  });

  it("counts days by the project's own calendar, not by UTC's", () => {
    const schedule = { time_zone: "Pacific/Auckland", holidays: ["2026-12-25"] };
    expect(isOpen(schedule, ms("2026-12-24T11:00:00Z"))).toBe(false);
    expect(isOpen(schedule, ms("2026-12-25T11:00:00Z"))).toBe(true);
  });

  it("refuses a time zone that does not exist instead of guessing", () => {
    expect(() => isOpen({ time_zone: "Mars/Olympus" }, 0)).toThrow(RangeError);
  });
});

/** Total of open minutes between two instants. */
const openMinutes = (schedule: Schedule, from: string, to: string): number => {
  let minutes = 0;
  for (let t = ms(from); t < ms(to); t += 60_000) if (isOpen(schedule, t)) minutes++;
  return minutes;
};

describe("when the clocks change", () => {
  it.each([
    // Spring forward: the hour does not exist.
    ["Pacific/Auckland", "02:00-03:00", "2026-09-27T00:00:00+12:00", 0],
    ["Europe/London", "01:00-02:00", "2026-03-29T00:00:00+00:00", 0],
    ["America/New_York", "02:00-03:00", "2026-03-08T00:00:00-05:00", 0],
    ["America/New_York", "02:30-03:30", "2026-03-08T00:00:00-05:00", 30],
    ["America/New_York", "22:00-06:00", "2026-03-07T12:00:00-05:00", 7 * 60],
    ["Australia/Lord_Howe", "02:00-03:00", "2026-10-04T00:00:00+10:30", 30],
    // Chile goes from 24:00 to 01:00: the day begins at one.
    ["America/Santiago", "00:00-02:00", "2026-09-05T12:00:00-04:00", 60],
    ["America/Santiago", "22:00-06:00", "2026-09-05T12:00:00-04:00", 7 * 60],
    // Fall back: the hour is there twice.
    ["Pacific/Auckland", "02:00-03:00", "2026-04-05T00:00:00+13:00", 120],
    ["Europe/London", "01:00-02:00", "2026-10-25T00:00:00+01:00", 120],
    ["America/New_York", "01:00-02:00", "2026-11-01T00:00:00-04:00", 120],
    ["America/New_York", "22:00-06:00", "2026-10-31T12:00:00-04:00", 9 * 60],
    ["Australia/Lord_Howe", "01:00-02:00", "2026-04-05T00:00:00+11:00", 90],
    ["America/Santiago", "23:00-24:00", "2026-04-04T12:00:00-03:00", 120],
    ["America/Santiago", "22:00-06:00", "2026-04-04T12:00:00-03:00", 9 * 60],
  ])("%s: %s in the 20 hours from %s is %i minutes", (time_zone, window, from, minutes) => {
    expect(openMinutes(at(time_zone, window), from, new Date(ms(from) + 20 * 3_600_000).toISOString())).toBe(minutes);
  });
});

describe("nextOpening", () => {
  it.each<[string, Schedule, string, string | null]>([
    ["is now, to the millisecond, while open", OFFICE, "2026-11-23T08:00:00.001+13:00", "2026-11-23T08:00:00.001+13:00"],
    ["is the afternoon at noon", OFFICE, "2026-11-23T12:00:00+13:00", "2026-11-23T13:00:00+13:00"],
    ["passes over days that are not named", OFFICE, "2026-11-23T17:30:00+13:00", "2026-11-27T22:00:00+13:00"],
    ["passes over the weekend", OFFICE, "2026-11-28T06:00:00+13:00", "2026-11-30T08:00:00+13:00"],
    ["is the end of a holiday", { time_zone: "Europe/London", holidays: ["2026-12-25", "2026-12-26"] }, "2026-12-25T09:00:00Z", "2026-12-27T00:00:00Z"],
    ["passes over a holiday", { ...at("Europe/London", "08:00-17:00"), holidays: ["2026-12-25"] }, "2026-12-24T17:00:00Z", "2026-12-26T08:00:00Z"],
    ["finds special hours of a day that is else closed", { time_zone: "Europe/London", hours: {}, holidays: [{ date: "2027-03-01", hours: ["10:00-11:00"] }] }, "2026-12-24T17:00:00Z", "2027-03-01T10:00:00Z"],
    ["is null when no day is named", { time_zone: "Europe/London", hours: {} }, "2026-12-24T17:00:00Z", null],
    ["is null beyond the horizon", { time_zone: "Europe/London", hours: {}, holidays: [{ date: "2028-03-01", hours: ["24h"] }] }, "2026-12-24T17:00:00Z", null],
    ["skips the day on which the window's hour does not exist (Auckland)", at("Pacific/Auckland", "02:00-03:00"), "2026-09-27T00:00:00+12:00", "2026-09-28T02:00:00+13:00"],
    ["skips it (London)", at("Europe/London", "01:00-02:00"), "2026-03-29T00:00:00Z", "2026-03-30T01:00:00+01:00"],
    ["starts at the change when the window's start does not exist (New York)", at("America/New_York", "02:30-05:00"), "2026-03-08T00:00:00-05:00", "2026-03-08T03:00:00-04:00"],
    ["starts at the change (Lord Howe's half hour)", at("Australia/Lord_Howe", "02:15-05:00"), "2026-10-04T00:00:00+10:30", "2026-10-04T02:30:00+11:00"],
    ["starts at the change when midnight does not exist (Santiago)", at("America/Santiago", "00:00-08:00"), "2026-09-05T20:00:00-04:00", "2026-09-06T01:00:00-03:00"],
    ["is the first of two starts", at("Europe/London", "01:30-01:45"), "2026-10-25T00:00:00+01:00", "2026-10-25T01:30:00+01:00"],
    ["is the second after the first has ended", at("Europe/London", "01:30-01:45"), "2026-10-25T01:50:00+01:00", "2026-10-25T01:30:00+00:00"],
    ["is the change when the clock goes back into a window (Auckland)", at("Pacific/Auckland", "01:00-02:30"), "2026-04-05T02:45:00+13:00", "2026-04-05T02:00:00+12:00"],
    ["is the change when the clock goes back over midnight (Santiago)", { ...at("America/Santiago", "23:00-24:00", "09:00-17:00"), holidays: ["2026-04-05"] }, "2026-04-04T22:30:00-03:00", "2026-04-04T23:00:00-03:00"],
    ["is the change after midnight's minute (Nuuk)", at("America/Nuuk", "23:00-23:30"), "2026-10-24T23:45:00-01:00", "2026-10-24T23:00:00-02:00"],
  ])("%s", (_, schedule, from, to) => {
    const opening = nextOpening(schedule, ms(from));
    expect(opening === null ? null : new Date(opening).toISOString()).toBe(to === null ? null : new Date(ms(to)).toISOString());
  });

  it("finds an opening 370 days ahead and none further", () => {
    const schedule: Schedule = { time_zone: "UTC", hours: {}, holidays: [{ date: "2027-12-01", hours: ["00:00-01:00"] }] };
    const opens = ms("2027-12-01T00:00:00Z");
    expect(nextOpening(schedule, opens - HORIZON_DAYS * 86_400_000)).toBe(opens);
    expect(nextOpening(schedule, opens - HORIZON_DAYS * 86_400_000 - 1)).toBeNull();
  });
});

/** What the wall clock shows, by the platform's own formatter: nothing that hours.ts uses. */
const wallClock = (time_zone: string) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: time_zone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (t: number) => {
    const part = Object.fromEntries(format.formatToParts(t).map(({ type, value }) => [type, value]));
    return { date: `${part["year"] ?? ""}-${part["month"] ?? ""}-${part["day"] ?? ""}`, time: `${part["hour"] ?? ""}:${part["minute"] ?? ""}`, weekday: (part["weekday"] ?? "").toLowerCase() };
  };
};

describe("for any hours, at any time", () => {
  const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "15", "30", "45")).map(([h, m]) => `${String(h).padStart(2, "0")}:${m}`);
  const window = fc.oneof(fc.constant("24h"), fc.tuple(time, time).filter(([a, b]) => a !== b).map(([a, b]) => `${a}-${b}`));
  const windows = fc.array(window, { maxLength: 2 });
  const day = fc.integer({ min: 0, max: 9 });
  // The days around a change of the clocks.
  const change = fc.constantFrom(
    ["Pacific/Auckland", "2026-09-27"], ["Pacific/Auckland", "2026-04-05"], ["Europe/London", "2026-03-29"], ["Europe/London", "2026-10-25"],
    ["America/New_York", "2026-03-08"], ["America/New_York", "2026-11-01"], ["Australia/Lord_Howe", "2026-10-04"], ["Australia/Lord_Howe", "2026-04-05"],
    ["America/Santiago", "2026-09-06"], ["America/Santiago", "2026-04-05"], ["America/Nuuk", "2026-10-25"], ["Asia/Tokyo", "2026-07-01"],
  ).map(([time_zone = "", date = ""]) => ({ time_zone, noon: ms(`${date}T12:00:00Z`) }));
  const situation = fc
    .record({ change, hours: fc.option(fc.record({ mon: windows, sat: windows, sun: windows }, { requiredKeys: [] }), { nil: undefined }), off: fc.array(fc.tuple(day, fc.option(windows)), { maxLength: 2 }), minutes: fc.integer({ min: -3 * 1440, max: 2 * 1440 }), millis: fc.integer({ min: 0, max: 59_999 }) })
    .map(({ change, hours, off, minutes, millis }) => {
      const holidays = off.map(([n, special]) => {
        const date = new Date(change.noon + (n - 4) * 86_400_000).toISOString().slice(0, 10);
        return special === null ? date : { date, hours: special };
      });
      return { schedule: { time_zone: change.time_zone, hours, holidays: holidays.slice(0, 1) }, at: change.noon + minutes * 60_000 + millis };
    });

  it("is open when the wall clock of that place shows a time of one of its windows", () => {
    const inWindow = (text: string, time: string, reaching: boolean): boolean => {
      const [start = "", end = ""] = text === "24h" ? ["00:00", "24:00"] : text.split("-");
      if (reaching) return end < start && time < end;
      return time >= start && (end < start || time < end);
    };
    fc.assert(
      fc.property(situation, ({ schedule, at }) => {
        const { hours } = schedule;
        const clock = wallClock(schedule.time_zone)(at);
        const name = (date: string, days: number): string => new Date(ms(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
        const listed = (date: string): string[] | undefined => schedule.holidays.flatMap((holiday) => (typeof holiday === "string" ? (holiday === date ? [[]] : []) : holiday.date === date ? [holiday.hours] : []))[0];
        const regular = (date: string): string[] => {
          if (!hours) return ["24h"];
          const weekday = (["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const)[new Date(`${date}T00:00:00Z`).getUTCDay()];
          return weekday === "mon" || weekday === "sat" || weekday === "sun" ? (hours[weekday] ?? []) : [];
        };
        const yesterday = name(clock.date, -1);
        const expected =
          (listed(clock.date) ?? regular(clock.date)).some((text) => inWindow(text, clock.time, false)) ||
          (listed(clock.date) === undefined && (listed(yesterday) ?? regular(yesterday)).some((text) => inWindow(text, clock.time, true)));
        expect(isOpen(schedule, at)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("the next opening is open, not before now, and nothing in between is open", () => {
    fc.assert(
      fc.property(situation, ({ schedule, at }) => {
        const opening = nextOpening(schedule, at);
        const until = opening ?? at + HORIZON_DAYS * 86_400_000;
        expect(until).toBeGreaterThanOrEqual(at);
        if (opening !== null) expect(isOpen(schedule, opening)).toBe(true);
        if (opening !== null && opening > at) expect(isOpen(schedule, opening - 1)).toBe(false);
        // Each minute of the first three days; further out every quarter of an hour, on which these windows lie.
        const step = (t: number): number => (t - at < 3 * 86_400_000 ? 60_000 : 900_000);
        let closed = at;
        while (closed < until && !isOpen(schedule, closed)) closed += step(closed);
        expect(closed).toBeGreaterThanOrEqual(until);
      }),
      { numRuns: 60 },
    );
    // It only computes, for as long as a busy machine takes.
  }, 120_000);
});

describe("what people write", () => {
  const messages = (result: { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } | undefined }) => result.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

  it.each(["08:00-17:30", "22:00-06:00", "00:00-24:00", "24h", "18:00-00:00"])("a window may be %s", (text) => {
    expect(hoursSchema.safeParse({ mon: [text] }).success).toBe(true);
  });

  it.each(["8:00-17:30", "08:00", "08:00-08:00", "08:00-25:00", "24:00-08:00", "08:60-09:00", "08:00 - 17:00", "always", 8, null])("a window may not be %j, and the message says what it may be", (value) => {
    expect(messages(hoursSchema.safeParse({ mon: [value] }))).toEqual([expect.stringMatching(/^mon\.0: must be a window.*08:00-17:30/)]);
  });

  it("names a weekday that it does not know, as its hours would silently be none", () => {
    expect(messages(hoursSchema.safeParse({ monday: ["24h"] }))).toEqual([expect.stringMatching(/monday.*mon, tue, wed/)]);
    expect(messages(hoursSchema.safeParse("24h"))).toEqual([expect.stringMatching(/map of weekdays/)]);
    expect(messages(hoursSchema.safeParse({ mon: "08:00-17:00" }))).toEqual([expect.stringMatching(/^mon: must be a list/)]);
  });

  it("reads holidays of both forms", () => {
    const holidays = ["2026-12-25", { date: "2026-12-24", hours: ["08:00-12:00"] }];
    expect(holidaysSchema.parse(holidays)).toEqual(holidays);
  });

  it("tells an editor both forms", () => {
    expect(JSON.stringify(z.toJSONSchema(holidaysSchema, { io: "input" }))).toMatch(/"format":"date".*"required":\["date","hours"\]/);
  });

  it.each<[unknown, RegExp]>([
    [["25.12.2026"], /^0: must be a date such as "2026-12-25"/],
    [["2026-02-29"], /^0: must be a date/],
    [[20261225], /^0: must be a date.*special hours/],
    [[{ date: "2026-12-25" }], /^0\.hours: must be a list of windows/],
    [[{ date: "2026-12-25", hours: ["x"] }], /^0\.hours\.0: must be a window/],
    [["2026-12-25", "2026-12-25"], /^1: 2026-12-25 is listed twice/],
    ["2026-12-25", /^: must be a list of dates/],
  ])("of holidays %j it says where and what was expected", (value, message) => {
    expect(messages(holidaysSchema.safeParse(value))).toEqual([expect.stringMatching(message)]);
  });

  it.each(["Pacific/Auckland", "America/Argentina/Buenos_Aires", "UTC"])("%s is a time zone", (name) => {
    expect(timeZoneSchema.safeParse(name).success).toBe(true);
  });
  it.each(["Auckland", "+12:00", "", "Mars/Olympus", 12])("%j is none", (name) => {
    expect(messages(timeZoneSchema.safeParse(name))).toContainEqual(expect.stringMatching(/IANA time zone/));
  });
});
