import { Temporal } from "temporal-polyfill";
import type { Repetition } from "./repetition.ts";

/** A leap day comes at most so many days after another one (1896 to 1904). */
const LONGEST_WAIT_DAYS = 8 * 366;
/** More than any clock is moved by at once. */
const LONGEST_CHANGE_MIN = 180;

const minuteOf = (time: Temporal.PlainTime): number => time.hour * 60 + time.minute;

/**
 * When a time of the wall clock is. One that the clocks skip is as much later (02:30 becomes 03:30), and one that they show twice is the
 * first of the two; only what is repeated every hour happens in both, and in no hour that is not there.
 */
const instantsOf = (wall: Temporal.PlainDateTime, timeZone: string, everyHour: boolean): number[] => {
  if (!everyHour) return [wall.toZonedDateTime(timeZone).epochMilliseconds];
  const first = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  if (!first.toPlainDateTime().equals(wall)) return [];
  return [first.epochMilliseconds, wall.toZonedDateTime(timeZone, { disambiguation: "later" }).epochMilliseconds];
};

/** The first slot of a date after an instant, beginning with a minute of its wall clock. */
const firstOn = (date: Temporal.PlainDate, { minutes, hours, everyHour }: Repetition, timeZone: string, fromMinute: number, after: number): number | null => {
  let best: { slot: number; minute: number } | null = null;
  for (const hour of hours) {
    for (const minute of minutes) {
      const written = hour * 60 + minute;
      if (written < fromMinute) continue;
      // Around a change of the clocks what is written later may come earlier, by no more than they are moved.
      if (best !== null && written > best.minute + LONGEST_CHANGE_MIN) return best.slot;
      for (const slot of instantsOf(date.toPlainDateTime({ hour, minute }), timeZone, everyHour)) {
        if (slot > after && (best === null || slot < best.slot)) best = { slot, minute: written };
      }
    }
  }
  return best === null ? null : best.slot;
};

/**
 * The first slot of a repetition after an instant. It follows from the wall clock alone: however late it is asked for, slots do not drift.
 * @param after ms since the epoch
 * @returns ms since the epoch; null when there is none (30 February)
 */
export const nextSlot = (repetition: Repetition, timeZone: string, after: number): number | null => {
  const now = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone);
  const today = now.toPlainDate();
  const minute = minuteOf(now.toPlainTime());
  // What is written on the day before may come on this one, where the clocks are moved at midnight.
  for (let ahead = minute < LONGEST_CHANGE_MIN ? -1 : 0; ahead <= LONGEST_WAIT_DAYS; ahead++) {
    const date = today.add({ days: ahead });
    if (!repetition.isOn({ month: date.month, day: date.day, weekday: date.dayOfWeek % 7 })) continue;
    const fromMinute = ahead === -1 ? 24 * 60 - LONGEST_CHANGE_MIN : ahead === 0 ? minute - LONGEST_CHANGE_MIN : 0;
    const slot = firstOn(date, repetition, timeZone, fromMinute, after);
    if (slot !== null) return slot;
  }
  return null;
};
