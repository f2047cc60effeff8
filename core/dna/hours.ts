import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/*
 * When somebody may be rung, as data. All of it is about what a clock on the wall of that place shows: a window holds at an
 * instant if the wall clock then shows a time in it. So an hour that the clocks skip is never open, an hour that they show
 * twice is open twice, and no rule about summer time is written down here (they are in the time zone database).
 */

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Furthest that `nextOpening` looks ahead: a yearly opening is found, also one that a leap day pushes back. */
export const HORIZON_DAYS = 370;

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;
const WINDOW = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

/** Minutes of the day. `end` is exclusive, and over 1440 where the window ends on the next day. */
interface Window {
  start: number;
  end: number;
}

const parseWindow = (text: string): Window | null => {
  if (text === "24h") return { start: 0, end: DAY_MINUTES };
  const match = WINDOW.exec(text);
  if (!match) return null;
  const [start, end] = [Number(match[1]) * 60 + Number(match[2]), match[3] === undefined ? DAY_MINUTES : Number(match[3]) * 60 + Number(match[4])];
  if (start === end) return null;
  return { start, end: end > start ? end : end + DAY_MINUTES };
};

const windowSchema = z
  .string({ error: 'must be a window such as "08:00-17:30", "22:00-06:00" (ends on the next day) or "24h"' })
  .refine((text) => parseWindow(text) !== null, 'must be a window of two different times such as "08:00-17:30", "22:00-06:00" (ends on the next day) or "24h"');

const windowsSchema = z.array(windowSchema, { error: 'must be a list of windows, e.g. ["08:00-12:00", "13:00-17:30"]' }).max(24, "at most 24 windows a day");
const weekdayMessage = `must be a map of weekdays (${WEEKDAYS.join(", ")}) to lists of windows`;

/** `{mon: ["08:00-17:30"], …}`: a weekday that is not named is closed. */
export const hoursSchema = z.strictObject(
  { mon: windowsSchema.optional(), tue: windowsSchema.optional(), wed: windowsSchema.optional(), thu: windowsSchema.optional(), fri: windowsSchema.optional(), sat: windowsSchema.optional(), sun: windowsSchema.optional() },
  { error: (issue) => (issue.code === "unrecognized_keys" ? `${issue.keys.join(", ")}: not a weekday; ${weekdayMessage}` : weekdayMessage) },
);

const dateSchema = z.iso.date({ error: 'must be a date such as "2026-12-25"' });
const holidayShape = z.object({ date: dateSchema, hours: windowsSchema }, { error: 'must be a date such as "2026-12-25" (closed), or {date, hours} for special hours' });

/** For the JSON Schema: `unknown` would tell an editor nothing. */
const asWritten = { anyOf: [{ type: "string", format: "date" }, { type: "object", properties: { date: { type: "string", format: "date" }, hours: { type: "array", items: { type: "string" } } }, required: ["date", "hours"] }] };

/** A date alone is closed all day; with `hours` only these hold on that date. */
export const holidaysSchema = z
  .array(
    // Not a union: of a union's mistakes the reader would only learn that none of its forms fits.
    z.unknown().meta(asWritten).transform((value, context): string | z.infer<typeof holidayShape> => {
      const parsed = typeof value === "string" ? dateSchema.safeParse(value) : holidayShape.safeParse(value);
      if (parsed.success) return parsed.data;
      for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
      return z.NEVER;
    }),
    { error: "must be a list of dates" },
  )
  .max(400, "at most 400 holidays")
  .superRefine((holidays, context) => {
    const seen = new Set<string>();
    holidays.forEach((holiday, index) => {
      const date = dateOf(holiday);
      if (seen.has(date)) context.addIssue({ code: "custom", path: [index], message: `${date} is listed twice; expected each date once` });
      seen.add(date);
    });
  });

export type Hours = z.infer<typeof hoursSchema>;
export type Holidays = z.infer<typeof holidaysSchema>;

const isTimeZone = (name: string): boolean => {
  try {
    // "+12:00" would be accepted too, and would be wrong for half of the year.
    return /^[A-Za-z]/.test(name) && Temporal.Now.zonedDateTimeISO(name).timeZoneId !== "";
  } catch {
    return false;
  }
};

export const timeZoneSchema = z.string({ error: "must be an IANA time zone, e.g. Pacific/Auckland" }).max(60).refine(isTimeZone, "must be an IANA time zone, e.g. Pacific/Auckland");

export interface Schedule {
  /** Absent: open always, but for the holidays. */
  hours?: Hours | undefined;
  holidays?: Holidays | undefined;
  time_zone: string;
}

const dateOf = (holiday: Holidays[number]): string => (typeof holiday === "string" ? holiday : holiday.date);

/** The windows that begin on that date, and whether it is a holiday: then nothing of the day before reaches into it. */
const windowsOf = ({ hours, holidays = [] }: Schedule, date: Temporal.PlainDate): { windows: Window[]; holiday: boolean } => {
  const name = date.toString();
  const holiday = holidays.find((item) => dateOf(item) === name);
  const weekday = WEEKDAYS[date.dayOfWeek - 1] ?? "mon";
  const regular = hours === undefined ? ["24h"] : (hours[weekday] ?? []);
  const texts = holiday === undefined ? regular : typeof holiday === "string" ? [] : holiday.hours;
  return { windows: texts.flatMap((text) => parseWindow(text) ?? []), holiday: holiday !== undefined };
};

/** @param at ms since the epoch @throws RangeError for a time zone that does not exist */
export const isOpen = (schedule: Schedule, at: number): boolean => {
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(schedule.time_zone);
  const [date, minute] = [wall.toPlainDate(), wall.hour * 60 + wall.minute];
  const today = windowsOf(schedule, date);
  if (today.windows.some(({ start, end }) => minute >= start && minute < end)) return true;
  return !today.holiday && windowsOf(schedule, date.subtract({ days: 1 })).windows.some(({ end }) => minute + DAY_MINUTES < end);
};

/** The instants at which the wall clock may show the start of a window of that date: two where it is shown twice. */
const startsOn = (schedule: Schedule, date: Temporal.PlainDate): number[] =>
  windowsOf(schedule, date).windows.flatMap(({ start }) => {
    const wall = date.toPlainDateTime({ hour: Math.floor(start / 60), minute: start % 60 });
    return (["earlier", "later"] as const).map((disambiguation) => wall.toZonedDateTime(schedule.time_zone, { disambiguation }).epochMilliseconds);
  });

/**
 * The first instant from `at` on that is open; `at` itself if it is.
 * @param at ms since the epoch
 * @returns null when nothing opens within `HORIZON_DAYS`
 * @throws RangeError for a time zone that does not exist
 */
export const nextOpening = (schedule: Schedule, at: number): number | null => {
  if (isOpen(schedule, at)) return at;
  const from = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(schedule.time_zone);
  const firstOpen = (candidates: number[], limit: number): number => candidates.reduce((first, ms) => (ms > at && ms < first && isOpen(schedule, ms) ? ms : first), limit);

  // What is closed opens where a window starts, or where the clocks are changed; nowhere else.
  const beyond = at + HORIZON_DAYS * DAY_MS + 1;
  let best = beyond;
  // From the day before, and one day further than the first find: at a change around midnight the clock shows a date again.
  for (let day = -1, last = HORIZON_DAYS; day <= last; day++) {
    best = firstOpen(startsOn(schedule, from.toPlainDate().add({ days: day })), best);
    if (best < beyond) last = Math.min(last, day + 1);
  }
  for (let change = from.getTimeZoneTransition("next"); change !== null && change.epochMilliseconds < best; change = change.getTimeZoneTransition("next")) {
    best = firstOpen([change.epochMilliseconds], best);
  }
  return best === beyond ? null : best;
};
