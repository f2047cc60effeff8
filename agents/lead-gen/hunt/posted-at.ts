import { Temporal } from "temporal-polyfill";

const UNIT_MS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000, year: 31_536_000_000 };

/** "hours", "hrs", "Std.", "horas", "heures" … each by what it begins with. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:s|sec|secs|seconds?|sek\w*|segundos?|secondes?)$/, "second"],
  [/^(?:m|min|mins|minutes?|minuten?|minutos?)$/, "minute"],
  [/^(?:h|hr|hrs|hours?|std|stunden?|horas?|heures?)$/, "hour"],
  [/^(?:d|days?|tage?n?|días?|dias?|jours?)$/, "day"],
  [/^(?:w|wks?|weeks?|wochen?|semanas?|semaines?)$/, "week"],
  [/^(?:mo|mos|mth|months?|monate?n?|meses|mes|mois)$/, "month"],
  [/^(?:y|yr|yrs|years?|jahre?n?|años?|ans?)$/, "year"],
];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_WORDS: Readonly<Record<string, number>> = { mär: 3, mrz: 3, mai: 5, okt: 10, dez: 12, ene: 1, abr: 4, ago: 8, dic: 12, fév: 2, fev: 2, avr: 4, juin: 6, aoû: 8, déc: 12 };
const ONE = /^(?:an?|one|eine[rn]?|einem|una?|une)$/;

const unitOf = (word: string): string | undefined => UNITS.find(([pattern]) => pattern.test(word))?.[1];
const countOf = (word: string): number => (ONE.test(word) ? 1 : Number(word));

const AGO = /(?:^|[^\p{L}\p{N}])(\d{1,4}|an?|one)\s?([\p{L}]{1,8})\.?\s+ago\b|\b(?:vor|hace|il y a)\s+(\d{1,4}|eine[rnm]?|una?|une?)\s+([\p{L}]{1,9})/iu;
/** "2h", "5 min" by themselves, as social sites say it. */
const SHORT = /^(\d{1,3})\s?(s|m|min|mins|h|hr|hrs|d|w|mo|y)\.?$/i;
const TIME = /\b(\d{1,2})[:.](\d{2})\s?(am|pm)?\b|\b(\d{1,2})\s?(am|pm)\b/i;

const relative = (text: string, now: number): number | null => {
  if (/\b(?:just now|moments? ago|gerade eben|ahora mismo|à l'instant)\b/i.test(text)) return now;
  const [, count1, unit1, count2, unit2] = AGO.exec(text) ?? [];
  const [, count3, unit3] = SHORT.exec(text.trim()) ?? [];
  const count = count1 ?? count2 ?? count3;
  const unit = unitOf((unit1 ?? unit2 ?? unit3 ?? "").toLowerCase());
  return count === undefined || unit === undefined ? null : now - countOf(count.toLowerCase()) * (UNIT_MS[unit] ?? 0);
};

const timeIn = (text: string): { hour: number; minute: number } => {
  const [, hour1, minute, half1, hour2, half2] = TIME.exec(text) ?? [];
  const half = (half1 ?? half2)?.toLowerCase();
  const hour = Number(hour1 ?? hour2 ?? 0);
  return { hour: half === undefined ? hour : (hour % 12) + (half === "pm" ? 12 : 0), minute: Number(minute ?? 0) };
};

const at = (zone: string, date: { year: number; month: number; day: number }, text: string): number | null => {
  try {
    return Temporal.ZonedDateTime.from({ timeZone: zone, ...date, ...timeIn(text) }, { overflow: "reject" }).epochMilliseconds;
  } catch {
    return null;
  }
};

const monthOf = (word: string): number => {
  const name = word.toLowerCase();
  const known = MONTH_WORDS[name.slice(0, 4)] ?? MONTH_WORDS[name.slice(0, 3)];
  return known ?? MONTHS.indexOf(name.slice(0, 3)) + 1;
};

const yearOf = (text: string | undefined, month: number, day: number, today: Temporal.PlainDate): number => {
  if (text !== undefined) return text.length === 2 ? 2000 + Number(text) : Number(text);
  // A day without a year is the latest of its kind.
  return month > today.month || (month === today.month && day > today.day) ? today.year - 1 : today.year;
};

const byName = (text: string, zone: string, today: Temporal.PlainDate): number | null => {
  const [, day1, month1, year1] = /\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(\p{L}{3,10})\.?,?(?:\s+(?:de\s+)?(\d{4}))?/iu.exec(text) ?? [];
  const [, month2, day2, year2] = /\b(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?/iu.exec(text) ?? [];
  for (const [name, day, year] of [[month1, day1, year1], [month2, day2, year2]]) {
    const month = name === undefined ? 0 : monthOf(name);
    if (month > 0 && day !== undefined) return at(zone, { year: yearOf(year, month, Number(day), today), month, day: Number(day) }, text.replace(/\b\d{4}\b/, ""));
  }
  return null;
};

/** 3/4/2026 is in April, except where people write the month first. */
const byNumbers = (text: string, zone: string, country: string): number | null => {
  const [whole, first, second, year] = /(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)/.exec(text) ?? [];
  if (whole === undefined) return null;
  const [day, month] = country === "US" && Number(first) <= 12 ? [second, first] : [first, second];
  return at(zone, { year: yearOf(year, Number(month), Number(day), Temporal.PlainDate.from("2000-01-01")), month: Number(month), day: Number(day) }, text.replace(whole, ""));
};

const byDay = (text: string, zone: string, today: Temporal.PlainDate): number | null => {
  const back = /\b(?:today|heute|hoy|aujourd'hui)\b/i.test(text) ? 0 : /\b(?:yesterday|gestern|ayer|hier)\b/i.test(text) ? 1 : null;
  if (back === null) return null;
  const { year, month, day } = today.subtract({ days: back });
  return at(zone, { year, month, day }, text);
};

const absolute = (text: string, zone: string): number | null => {
  if (/^\d{10}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (/^\d{13}$/.test(text)) return Number(text);
  const [, date, time, offset] = /(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s?(Z|[+-]\d{2}:?\d{2})?)?/.exec(text) ?? [];
  if (date !== undefined) {
    if (offset !== undefined) return Date.parse(`${date}T${time ?? "00:00"}${offset}`);
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    return at(zone, { year, month, day }, time ?? "");
  }
  // RFC 5322, as RSS has it.
  return /^(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d{2}:\d{2}/.test(text) ? Date.parse(text) : null;
};

const OLDEST_MS = 10 * 31_536_000_000;

/**
 * When something was posted, by what its page says: ISO 8601, RFC 5322, seconds or ms since 1970, dates as people write them, and "2 hours
 * ago" kinds in four languages. Null for what says nothing, lies in the future by more than a day, or over ten years back.
 * @param now ms; `zone` IANA, for wall-clock times; `country` ISO 3166-1 alpha-2, for the order of day and month
 */
export const postedAt = (text: string | null | undefined, { now, zone, country }: { now: number; zone: string; country: string }): number | null => {
  const said = (text ?? "").slice(0, 200).trim();
  if (said === "") return null;
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const ms = absolute(said, zone) ?? relative(said, now) ?? byNumbers(said, zone, country) ?? byDay(said, zone, today) ?? byName(said, zone, today);
  return ms === null || Number.isNaN(ms) || ms > now + 86_400_000 || ms < now - OLDEST_MS ? null : Math.min(ms, now);
};
