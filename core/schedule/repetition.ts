/** The wall-clock times at which something is repeated. */
export interface Repetition {
  minutes: readonly number[];
  hours: readonly number[];
  /** Every hour of the clock: also one that the clocks show twice. */
  everyHour: boolean;
  /** `day` is 1-31, `weekday` 0 (Sunday) to 6. As in every cron, a date matches by either where both are restricted. */
  isOn: (date: { month: number; day: number; weekday: number }) => boolean;
}

const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step);

/** One of the five fields: `*`, `5`, `1-5`, `1,3`, each with `/step`. @returns null for what it cannot mean, as minute 75 */
const field = (text: string, min: number, max: number): number[] | null => {
  const [list = "", step] = text.split("/");
  const every = step === undefined ? 1 : Number(step);
  if (!Number.isInteger(every) || every < 1) return null;
  const values = new Set<number>();
  for (const part of list.split(",")) {
    const [from, to = from] = part === "*" ? [String(min), String(max)] : part.split("-");
    // `5/15` is from 5 on, as in every cron.
    const last = step !== undefined && !part.includes("-") && part !== "*" ? max : Number(to);
    const first = Number(from);
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < min || last > max || first > last) return null;
    for (const value of range(first, last, every)) values.add(value);
  }
  return [...values].toSorted((a, b) => a - b);
};

/** When in the day, and on which weekday, what is only said to be `daily` or `weekly`; and when in the hour. Wall clock. */
export interface Preferred {
  hour: number;
  minute: number;
  weekday: number;
}

/**
 * Reads how often something is repeated: `hourly`, `daily`, `weekly`, or five cron fields (minute, hour, day of the month, month, weekday
 * with 0 and 7 for Sunday).
 * @returns null for fields that no clock shows
 */
export const parseRepetition = (text: string, preferred: Preferred): Repetition | null => {
  const { hour, minute, weekday } = preferred;
  const words: Record<string, string> = { hourly: `${minute} * * * *`, daily: `${minute} ${hour} * * *`, weekly: `${minute} ${hour} * * ${weekday}` };
  const fields = (words[text.trim()] ?? text.trim()).split(/\s+/);
  if (fields.length !== 5) return null;
  const [minuteField = "", hourField = "", dayField = "", monthField = "", weekdayField = ""] = fields;
  const [minutes, hours, days, months, weekdays] = [field(minuteField, 0, 59), field(hourField, 0, 23), field(dayField, 1, 31), field(monthField, 1, 12), field(weekdayField, 0, 7)];
  if (minutes === null || hours === null || days === null || months === null || weekdays === null) return null;
  const [inMonths, onDays, onWeekdays] = [new Set(months), new Set(days), new Set(weekdays.map((day) => day % 7))];
  const [byDay, byWeekday] = [!dayField.startsWith("*"), !weekdayField.startsWith("*")];
  return {
    minutes,
    hours,
    everyHour: hourField === "*",
    isOn: ({ month, day, weekday: of }) => {
      if (!inMonths.has(month)) return false;
      return byDay && byWeekday ? onDays.has(day) || onWeekdays.has(of) : onDays.has(day) && onWeekdays.has(of);
    },
  };
};
