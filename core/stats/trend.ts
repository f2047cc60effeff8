import { type Calendar, type Interval } from "./calendar.ts";
import { percentilesOf } from "./histogram.ts";
import type { TimeRange } from "./range.ts";
import { addRollup, newRollup, type Rollup } from "./rollup.ts";
import { reachOf } from "./figures.ts";

const DAY_MS = 86_400_000;
/** Points that a plot can still tell apart. */
const MOST_DAYS = 62;
const MOST_WEEKS = 62;

export interface TrendPoint {
  /** The first date of the day, week or month, on the business's calendar. */
  date: string;
  leads: number;
  calls: number;
  connected: number;
  connect_rate: number | null;
  bookings: number;
  amount: number;
  /** From the form to the conversation, ms; null when there was none. */
  p50: number | null;
  p95: number | null;
}

/** The finest that a plot of the range can show. */
export const intervalFor = ({ from, to }: TimeRange): Interval => {
  const days = (to - from) / DAY_MS;
  return days <= MOST_DAYS ? "day" : days <= 7 * MOST_WEEKS ? "week" : "month";
};

/** One point for each interval of the range, those without anything included. */
export const trendOf = (pieces: readonly { from: number; rollup: Rollup }[], range: TimeRange, interval: Interval, calendar: Calendar): TrendPoint[] => {
  const sums = new Map(calendar.intervalsOf(range, interval).map((date) => [date, newRollup()]));
  for (const { from, rollup } of pieces) {
    const sum = sums.get(calendar.intervalAt(from, interval));
    if (sum !== undefined) addRollup(sum, rollup);
  }
  return [...sums].map(([date, { leads, calls, all, booked, cents }]) => {
    const [p50 = null, p95 = null] = percentilesOf(all.steps.form_to_connected_ms ?? {}, [50, 95]);
    const { connected, connect_rate } = reachOf(all);
    return { date, leads, calls, connected, connect_rate, bookings: booked, amount: cents / 100, p50, p95 };
  });
};
