import { Temporal } from "temporal-polyfill";
import type { Moment } from "./scenario.types.ts";

/** @returns ms since the epoch */
export const instantOf = ({ wall, zone }: Moment): number => Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds;

const auckland = (wall: string): Moment => ({ wall, zone: "Pacific/Auckland" });

/** A Wednesday in summer, and what comes after it: the day that most scenarios live in. */
export const DAY = {
  morning: auckland("2027-02-10T10:00"),
  /** After every pause of ten minutes. */
  soon: auckland("2027-02-10T10:15"),
  /** After every age that a lead may have. */
  later: auckland("2027-02-10T12:00"),
  night: auckland("2027-02-10T23:00"),
  next_morning: auckland("2027-02-11T09:00"),
} as const;

/** Around the changes of the clocks in 2027: the United States' on 14 March, Europe's on 28 March, New Zealand's and Australia's on 4 April. */
export const CHANGE = {
  before: auckland("2027-03-12T22:00"),
  next_morning: auckland("2027-03-13T08:01"),
  an_hour_on: auckland("2027-03-13T09:01"),
  two_hours_on: auckland("2027-03-13T10:01"),
  new_york_changed: { wall: "2027-03-14T08:01", zone: "America/New_York" },
  /** From noon on a customer there may be rung on a Sunday. */
  new_york_noon: { wall: "2027-03-14T12:01", zone: "America/New_York" },
  /** The hour that the old time would have called 8:30. */
  auckland_too_early: auckland("2027-04-04T07:30"),
  auckland_open: auckland("2027-04-04T08:01"),
} as const satisfies Record<string, Moment>;
