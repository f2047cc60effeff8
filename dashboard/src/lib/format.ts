/* Times are shown in the project's zone, whatever the browser's is. */

const cached = new Map<string, Intl.DateTimeFormat>();
const formatter = (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${zone}${JSON.stringify(options)}`;
  const known = cached.get(key) ?? new Intl.DateTimeFormat(undefined, { ...options, timeZone: zone });
  cached.set(key, known);
  return known;
};

export const timeOf = (iso: string, zone: string): string => formatter(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(iso));
export const dateTimeOf = (iso: string, zone: string): string => formatter(zone, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 40 min`, `4 d`. */
export const durationOf = (ms: number): string => {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h ${String(Math.floor((seconds % 3_600) / 60)).padStart(2, "0")} min`;
  return `${Math.round(seconds / 86_400)} d`;
};

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];
export const agoOf = (iso: string, now = Date.now()): string => {
  const past = new Date(iso).getTime() - now;
  const [unit, ms] = STEPS.find(([, step]) => Math.abs(past) >= step) ?? ["second", 1000];
  return relative.format(Math.round(past / ms), unit);
};

export const percentOf = (share: number): string => `${Math.round(share * 100)} %`;
export const numberOf = (value: number): string => new Intl.NumberFormat().format(value);
export const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
