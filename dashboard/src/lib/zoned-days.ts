/* Days of a zone's calendar as instants, by nothing but Intl. */

const parts = new Map<string, Intl.DateTimeFormat>();
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = parts.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  parts.set(zone, known);
  return known;
};

/** What the wall clock shows, as if it were UTC, ms. */
const wallOf = (ms: number, zone: string): number => {
  const shown = Object.fromEntries(formatOf(zone).formatToParts(new Date(ms)).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(shown["year"] ?? 0, (shown["month"] ?? 1) - 1, shown["day"], shown["hour"], shown["minute"], shown["second"]);
};

/** `2026-11-26`: the date that the zone's calendar shows. */
export const dateIn = (zone: string, ms: number): string => new Date(wallOf(ms, zone)).toISOString().slice(0, 10);

/** So many days later on the calendar; before, if negative. */
export const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** When a date begins there, ms. */
export const startOf = (date: string, zone: string): number => {
  const wall = Date.parse(`${date}T00:00:00Z`);
  const near = wall - (wallOf(wall, zone) - wall);
  // The clocks may change between the guess and the day's beginning.
  return wall - (wallOf(near, zone) - near);
};
