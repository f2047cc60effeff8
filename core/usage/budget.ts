import { AppError } from "../errors.ts";
import type { SpendCaps } from "./usage.types.ts";

export const NO_SPEND_CAPS: SpendCaps = { money_per_day_micros: null, money_per_month_micros: null };

/** When a UTC day or month ends, ms. */
const endOfDay = (now: number): number => new Date(now).setUTCHours(24, 0, 0, 0);
const endOfMonth = (now: number): number => Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth() + 1);

const exhausted = (what: string, until: number, now: number): AppError =>
  new AppError({
    code: "budget_exhausted",
    status: 429,
    message: `The account's budget for models is used up for this ${what}.`,
    // A run waits for it; nothing that is asked before then can help.
    retryable: true,
    retryAfterMs: until - now,
    headers: { "Retry-After": String(Math.ceil((until - now) / 1000)) },
  });

/**
 * Whether more may be spent. Asked before each call, so that calls which are under way at the same moment may together go beyond a
 * cap by what they cost.
 * @throws AppError 429 `budget_exhausted`, worth trying again when the day or month turns
 */
export const checkBudget = ({ day_micros, month_micros }: { day_micros: number; month_micros: number }, { money_per_day_micros, money_per_month_micros }: SpendCaps, now: number): void => {
  if (money_per_month_micros !== null && month_micros >= money_per_month_micros) throw exhausted("month", endOfMonth(now), now);
  if (money_per_day_micros !== null && day_micros >= money_per_day_micros) throw exhausted("day", endOfDay(now), now);
};
