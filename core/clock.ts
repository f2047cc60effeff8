/**
 * Time is handed in, never read from the air, so that a test or a rehearsal can live at another hour
 * (`APEX_CLOCK_OFFSET_S`). All times in Apex are milliseconds since the Unix epoch, UTC.
 */
export interface Clock {
  /** The business's "now" in ms: real time plus the offset. */
  now(): number;
  /** The platform sets alarms in real time: converts a business time to that. */
  toRealTime(businessMs: number): number;
}

export const createClock = (offsetS = 0): Clock => ({
  now: () => Date.now() + offsetS * 1000,
  toRealTime: (businessMs) => businessMs - offsetS * 1000,
});

/** Clocks that are right differ by less, in ms. */
export const SKEW_MS = 5_000;

/** ISO 8601 UTC with milliseconds, as every timestamp of the API. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** The UTC day and month of a time: `2026-11-26`, and `2026-11`. */
export const dayOf = (ms: number): string => iso(ms).slice(0, 10);
export const monthOf = (ms: number): string => iso(ms).slice(0, 7);
