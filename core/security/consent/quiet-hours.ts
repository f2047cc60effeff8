import { Temporal } from "temporal-polyfill";
import type { ContactRequest } from "./consent.types.ts";
import { isTimeZone, type Place, placeOfAddress, placeOfNumber, zonesOfCountry } from "./places.ts";
import { ANYWHERE, type Week, WEEK_OF_COUNTRY, WEEK_OF_STATE, type Window } from "./rules.data.ts";

/** A clock on somebody's wall, and a rule that holds by it. */
interface Constraint {
  zone: string;
  week: Week;
}

/** [start, end) in ms. */
type Interval = readonly [start: number, end: number];

/** No rule rests for longer than from Saturday afternoon to Monday morning; a week and the days around it hold every answer. */
const SEARCH_DAYS = 9;
const DAY_MS = 86_400_000;

const weeksAt = ({ country, state }: Place): Week[] => {
  const ofState = state === null ? undefined : WEEK_OF_STATE[state];
  return [WEEK_OF_COUNTRY[country ?? ""] ?? ANYWHERE, ...(ofState === undefined ? [] : [ofState])];
};

const constraintsAt = (place: Place): Constraint[] => weeksAt(place).flatMap((week) => place.zones.map((zone) => ({ zone, week })));

/** Where to look at the clock when the number tells no place and there is no address: the project's zone if it is there, else everywhere. */
const guessed = (country: string | null, policy: ContactRequest["policy"]): readonly string[] => {
  const project = policy.time_zone !== null && isTimeZone(policy.time_zone) ? [policy.time_zone] : [];
  if (country === null) return project.length > 0 ? project : zonesOfCountry(policy.country);
  return country === policy.country && project.length > 0 ? project : zonesOfCountry(country);
};

/**
 * What number and address say. Each is enough to forbid; `address` alone is heard if the two can never agree. A number that
 * tells no place has its country's rule hold where the address is, or else by the clocks that are guessed.
 */
const constraintsOf = ({ phone, place, policy }: Pick<ContactRequest, "phone" | "place" | "policy">): { both: Constraint[]; address: Constraint[] } => {
  const told = placeOfNumber(phone);
  const byAddress = placeOfAddress(place);
  const byNumber = told.zones.length > 0 ? told : { ...told, zones: byAddress?.zones ?? guessed(told.country, policy) };
  // An address without a state (a bare zone) is taken to lie in the number's country.
  const address = byAddress ? constraintsAt({ ...byAddress, country: byAddress.country ?? told.country }) : [];
  return { both: [...constraintsAt(byNumber), ...address], address };
};

const isOpen = ({ zone, week }: Constraint, at: number): boolean => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const hour = local.hour + local.minute / 60 + local.second / 3600;
  return (week[local.dayOfWeek - 1] ?? []).some(([from, to]) => from <= hour && hour < to);
};

const instantOf = (day: Temporal.PlainDate, hour: number, zone: string): number => {
  const midnight = day.toPlainDateTime();
  return midnight.add({ minutes: Math.round(hour * 60) }).toZonedDateTime(zone).epochMilliseconds;
};

const windowsOf = ({ zone, week }: Constraint, from: number): Interval[] => {
  const today = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate();
  return Array.from({ length: SEARCH_DAYS }, (_, index) => today.add({ days: index })).flatMap((day) =>
    (week[day.dayOfWeek - 1] ?? []).map(([open, close]: Window): Interval => [instantOf(day, open, zone), instantOf(day, close, zone)]),
  );
};

const overlap = (left: readonly Interval[], right: readonly Interval[]): Interval[] =>
  left.flatMap((a) => right.map((b): Interval => [Math.max(a[0], b[0]), Math.min(a[1], b[1])])).filter(([start, end]) => start < end);

/** The first moment from `now` on at which all constraints are open; null when they never are. */
const firstOpen = (constraints: readonly Constraint[], now: number): number | null => {
  const [first, ...rest] = constraints;
  if (first === undefined || constraints.every((one) => isOpen(one, now))) return now;
  const open = rest.reduce((left, one) => overlap(left, windowsOf(one, now)), windowsOf(first, now));
  const starts = open.filter(([, end]) => end > now).map(([start]) => Math.max(start, now));
  return starts.length === 0 ? null : Math.min(...starts);
};

/**
 * The first moment from `now` on at which this person may be contacted unasked: now itself when they may be just now. By
 * number and by address: where both are known, both must allow it. A number that tells no place (an Australian mobile) goes by
 * the address, else by the project's own clock if it is in that country, else by all the clocks of the country together.
 * Where number and address leave no common hour (a New Zealand mobile in London, in October), the address decides: it says where the
 * person is, the number only where it was issued.
 * @param now ms @returns ms
 */
export const nextPermitted = (request: Pick<ContactRequest, "phone" | "place" | "policy">, now: number): number => {
  const { both, address } = constraintsOf(request);
  // Rules that leave no hour at all would be a mistake in the data (a test looks for it): then not today.
  return firstOpen(both, now) ?? (address.length > 0 ? firstOpen(address, now) : null) ?? now + DAY_MS;
};
