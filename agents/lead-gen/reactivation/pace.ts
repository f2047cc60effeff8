export interface Pace {
  /** How many texts may go out now. */
  now: number;
  /** When there is room again, ms; only of use where `now` is 0. */
  next: number;
}

const MINUTE_MS = 60_000;

/**
 * How fast a campaign may go: what has left the project's line within the last minute and since the business's midnight counts,
 * whichever campaign it was of.
 * @param sentAt times of earlier texts, ms, in any order; none that count may be missing
 */
export const paceOf = (sentAt: readonly number[], limits: { per_minute: number; daily_limit: number }, now: number, day: { start: number; end: number }): Pace => {
  const today = sentAt.filter((at) => at >= day.start).length;
  if (today >= limits.daily_limit) return { now: 0, next: day.end };
  const lately = sentAt.filter((at) => at > now - MINUTE_MS).toSorted((a, b) => a - b);
  const room = limits.per_minute - lately.length;
  if (room > 0) return { now: Math.min(room, limits.daily_limit - today), next: now };
  // So many as are over the limit must leave the minute, and one more.
  return { now: 0, next: (lately[lately.length - limits.per_minute] ?? now) + MINUTE_MS };
};

/** Whether too many of a campaign's people have opted out. */
export const isTooMany = (stops: number, sent: number, { max_opt_out_percent, opt_out_after }: { max_opt_out_percent: number; opt_out_after: number }): boolean =>
  sent >= opt_out_after && (stops / sent) * 100 > max_opt_out_percent;
