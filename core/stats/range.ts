import { type FieldError, invalid } from "../errors.ts";

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;
const DEFAULT_DAYS = 30;

/** [from, to), ms since the epoch. */
export interface TimeRange {
  from: number;
  to: number;
}

/** The time that figures are asked for; the last 30 days where it is not said. @throws AppError 422 beyond 366 days, or when it ends before it begins */
export const rangeOf = (asked: { from?: number | undefined; to?: number | undefined }, now: number): TimeRange => {
  const to = asked.to ?? now;
  const from = asked.from ?? to - DEFAULT_DAYS * DAY_MS;
  const wrong = (path: string, message: string): FieldError[] => [{ path, message }];
  if (from >= to) throw invalid(wrong("from", "must be before `to`, which is now when left out"));
  if (to - from > MAX_DAYS * DAY_MS) throw invalid(wrong("from", `must be at most ${MAX_DAYS} days before \`to\`, which is now when left out`));
  return { from, to };
};
