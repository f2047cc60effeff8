import { Temporal } from "temporal-polyfill";
import type { Business } from "./businesses.data.ts";
import type { Random } from "./random.ts";

/** When people write and ring, by the hour of the day: little at night, most between eight and five, some in the evening. */
const HOURS = [0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 1.5, 4, 7, 8, 7.5, 7, 6, 6, 6.5, 6.5, 6, 5, 4, 3.5, 3, 2, 1, 0.5];
const DAYS = 365;

/** When its leads came in over the year up to `until` (ms), oldest first, ms. */
export const arrivals = ({ timeZone, seasons, week, growth, leadsADay }: Business, until: number, random: Random): number[] => {
  const last = Temporal.Instant.fromEpochMilliseconds(until).toZonedDateTimeISO(timeZone).toPlainDate();
  const hours = Object.fromEntries(HOURS.map((weight, hour) => [String(hour), weight]));
  const times: number[] = [];
  for (let ago = DAYS; ago >= 0; ago -= 1) {
    const date = last.subtract({ days: ago });
    const mean = leadsADay * (seasons[date.month - 1] ?? 1) * (week[date.dayOfWeek - 1] ?? 1) * (1 + growth * (1 - ago / DAYS));
    for (let n = random.count(mean); n > 0; n -= 1) {
      const plainTime = new Temporal.PlainTime(Number(random.weighted(hours)), random.whole(0, 59), random.whole(0, 59), random.whole(0, 999));
      const ms = date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
      if (ms < until) times.push(ms);
    }
  }
  return times.sort((a, b) => a - b);
};

/** Whether somebody works then: Monday to Friday, seven to six. */
export const isOpen = ({ timeZone }: Business, ms: number): boolean => {
  const { dayOfWeek, hour } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return dayOfWeek <= 5 && hour >= 7 && hour < 18;
};

/** When somebody works next, ms. */
export const nextOpening = ({ timeZone }: Business, ms: number): number => {
  let at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  if (at.hour >= 7) at = at.add({ days: 1 });
  while (at.dayOfWeek > 5) at = at.add({ days: 1 });
  return at.withPlainTime("07:00").epochMilliseconds;
};
