import { Temporal } from "temporal-polyfill";

export const HOUR_MS = 3_600_000;

/** Hours since the epoch, [from, to): the grain in which figures are kept. */
export interface Hours {
  from: number;
  to: number;
}

/** The hour in which an instant lies. */
export const hourAt = (ms: number): number => Math.floor(ms / HOUR_MS);

/** Hours as few stretches, in order. @param gap how many hours that are none of them may lie within one */
export const stretches = (hours: readonly number[], gap: number): Hours[] => {
  const found: Hours[] = [];
  for (const hour of hours.toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && hour <= last.to + gap) last.to = hour + 1;
    else found.push({ from: hour, to: hour + 1 });
  }
  return found;
};

export const intervals = ["day", "week", "month"] as const;
export type Interval = (typeof intervals)[number];

/** Days, weeks (from Monday) and months of a place's own calendar. Asked for many times, it remembers. */
export const createCalendar = (timeZone: string) => {
  const known = new Map<number, Temporal.PlainDate>();
  const dateAt = (hour: number): Temporal.PlainDate => {
    const date = known.get(hour) ?? Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS).toZonedDateTimeISO(timeZone).toPlainDate();
    known.set(hour, date);
    return date;
  };
  const beginOf = (date: Temporal.PlainDate, interval: Interval): Temporal.PlainDate =>
    interval === "day" ? date : interval === "week" ? date.subtract({ days: date.dayOfWeek - 1 }) : date.with({ day: 1 });
  const startMs = (date: Temporal.PlainDate): number => date.toZonedDateTime(timeZone).epochMilliseconds;

  return {
    /** The hours that begin in the day in which an hour begins: 23 to 25. */
    dayOf(hour: number): Hours {
      const date = dateAt(hour);
      return { from: Math.ceil(startMs(date) / HOUR_MS), to: Math.ceil(startMs(date.add({ days: 1 })) / HOUR_MS) };
    },

    /** The first date, `2026-11-26`, of the interval in which an instant's hour begins. */
    intervalAt: (ms: number, interval: Interval): string => beginOf(dateAt(hourAt(ms)), interval).toString(),

    /** Every interval of a range, by its first date. */
    intervalsOf({ from, to }: { from: number; to: number }, interval: Interval): string[] {
      const dates: string[] = [];
      const last = dateAt(hourAt(to - 1));
      for (let date = beginOf(dateAt(hourAt(from)), interval); Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ [`${interval}s`]: 1 })) dates.push(date.toString());
      return dates;
    },
  };
};

export type Calendar = ReturnType<typeof createCalendar>;
