import { addDays, dateIn, startOf } from "@/lib/zoned-days";
import type { ReportsSearch } from "./search.ts";

const PERIODS = { week: 7, month: 30, quarter: 90, year: 365 } as const;
const MOST_DAYS = 366;

export interface Days {
  /** Both included. */
  first: string;
  last: string;
}

/** The days that are asked for, on the business's calendar; today is the last of a usual period. */
export const daysOf = ({ period = "month", from, to }: ReportsSearch, zone: string, now = Date.now()): Days => {
  const today = dateIn(zone, now);
  if (period === "custom") return { first: from ?? addDays(today, -29), last: to ?? today };
  return { first: addDays(today, 1 - PERIODS[period]), last: today };
};

export const areDays = ({ first, last }: Days): boolean => first <= last && addDays(first, MOST_DAYS) > last;

/** As the API is asked: from the first midnight to the one after the last day. */
export const rangeOf = ({ first, last }: Days, zone: string): { from: string; to: string } => ({ from: new Date(startOf(first, zone)).toISOString(), to: new Date(startOf(addDays(last, 1), zone)).toISOString() });
