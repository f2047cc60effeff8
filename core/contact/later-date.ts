import { Temporal } from "temporal-polyfill";

const NUMBERS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, few: 3, couple: 2 };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] as const;
const MONTH = /\b(?:in|by|around|early|late|until|till|after)\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/;
const SPAN = /\bin (?:about |around )?(?:a )?(\d{1,2}|an?|one|two|three|four|five|six|few|couple)(?: of)? (day|week|month|year)s?\b/;
/** When nothing tells. */
const USUALLY = { days: 30 };
/** Promises further off than that are none. */
const FURTHEST = { years: 1 };

const spanOf = (said: string): Temporal.DurationLike | null => {
  const [, count = "", unit = ""] = SPAN.exec(said) ?? [];
  const number = NUMBERS[count] ?? Number(count);
  if (unit !== "" && number > 0) return { [`${unit}s`]: number };
  if (/\btomorrow\b/.test(said)) return { days: 1 };
  if (/\bnext (?:week|wk)\b/.test(said)) return { days: 7 };
  if (/\bnext month\b/.test(said)) return { months: 1 };
  if (/\bnext year\b/.test(said)) return { years: 1 };
  return null;
};

/**
 * When somebody who answers "later" wants to hear again: "in two weeks", "next month", "in March"; else in thirty days. At
 * 9 in the morning there.
 * @param zone IANA, of the business @returns business time in ms, after `now` and within a year
 */
export const laterDate = (text: string, now: number, zone: string): number => {
  const said = text.toLowerCase();
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const at = (date: Temporal.PlainDate): number => date.toZonedDateTime({ timeZone: zone, plainTime: "09:00" }).epochMilliseconds;
  const month = MONTHS.findIndex((name) => name === MONTH.exec(said)?.[1]) + 1;
  if (month > 0) {
    const first = today.with({ month, day: 1 });
    return at(Temporal.PlainDate.compare(first, today) > 0 ? first : first.add({ years: 1 }));
  }
  const wanted = today.add(spanOf(said) ?? USUALLY);
  const furthest = today.add(FURTHEST);
  return at(Temporal.PlainDate.compare(wanted, furthest) > 0 ? furthest : wanted);
};
