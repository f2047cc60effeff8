const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses before the second, third … attempt (Standard Webhooks 1.0, "Deliverability and reliability"). */
const PAUSES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;

/** From a delivery's first attempt to its last: an endpoint where one was given up on has failed for so long, at least. */
export const SCHEDULE_MS: number = PAUSES_MS.reduce((sum, pause) => sum + pause, 0);

/** An endpoint that has failed for so long without one success is switched off. Time in which it was to be told nothing does not count. */
export const FAILING_FOR_MS = 5 * 24 * HOUR;
/** While an old secret is being replaced, both sign. */
export const BOTH_SIGN_MS = 24 * HOUR;
const SHORTEST_HOLD_MS = 5 * SECOND;
const LONGEST_HOLD_MS = 15 * MINUTE;
/** A receiver may ask for more patience than we plan, within reason. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

/**
 * When a delivery is tried again.
 * @param attempts that have failed so far, 1 or more
 * @param retryAfterMs as the receiver asked; null: it did not
 * @param random 0 ≤ x < 1; up to a tenth more, so that what failed together does not come back together
 * @returns ms from now; null: it is given up on
 */
export const pauseMs = (attempts: number, retryAfterMs: number | null, random: number): number | null => {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : Math.max(Math.round(pause * (1 + random / 10)), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
};

/** For how long a receiver that has failed so often in a row is left alone by all deliveries, ms. */
export const holdMs = (failures: number, retryAfterMs: number | null): number =>
  Math.max(Math.min(LONGEST_HOLD_MS, SHORTEST_HOLD_MS * 2 ** Math.min(failures - 1, 20)), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));

/** `Retry-After`: seconds, or a date (RFC 9110 10.2.3). @returns ms from now, or null when there is none that can be read */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  if (header === null) return null;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
};
