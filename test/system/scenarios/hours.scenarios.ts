import { CHANGE, DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* When the business's people may be rung: nights, holidays, emergencies, and the days on which clocks are changed. */

const { night, next_morning } = DAY;
const WEEKDAYS = 'hours: { mon: ["08:00-17:00"], tue: ["08:00-17:00"], wed: ["08:00-17:00"], thu: ["08:00-17:00"], fri: ["08:00-17:00"] }';
const BURST = ["services: [{ name: Burst pipes, emergency: true, primary_keywords: [burst] }, { name: Hot water }]"];
const until = (wall: string, zone = "Pacific/Auckland") => ({ wall, zone });
const held = (wall: string, zone?: string) => ({ end: null, status: "held", held_until: until(wall, zone), detail: ["held because=hours"] });

/** Nights of the day that most scenarios live in. */
export const NIGHT_SCENARIOS: readonly Scenario[] = [
  {
    name: "a lead that comes at night waits for the first minute of the next window, and nobody is rung or texted before",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: [WEEKDAYS] },
    acts: [
      { at: night, does: [{ form: "customer" }], sees: { calls: [held("2027-02-11T08:00")], rung: {}, texts: {}, leads: { customer: "held" } } },
      { at: next_morning, sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {}, leads: { customer: "called" } } },
    ],
  },
  {
    name: "a service that is an emergency rings at night",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: [WEEKDAYS], dna: BURST },
    acts: [{ at: night, does: [{ form: "customer", service: "Burst pipes" }], sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } }],
  },
  {
    name: "a service that can wait does, at the same business",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: [WEEKDAYS], dna: BURST },
    acts: [
      { at: night, does: [{ form: "customer", service: "Hot water" }], sees: { calls: [held("2027-02-11T08:00")], rung: {}, texts: {} } },
      { at: next_morning, sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } },
    ],
  },
  {
    name: "at night only the person on call is rung",
    people: { owner: "9901", on_call: "9901", customer: "9901" },
    business: { team: [["owner", 'hours: { wed: ["08:00-17:00"] }'], ["on_call", 'hours: { wed: ["17:00-24:00"] }']] },
    acts: [{ at: night, does: [{ form: "customer" }], sees: { calls: [{ end: "connected" }], rung: { on_call: 1, customer: 1 }, texts: {} } }],
  },
  {
    name: "a holiday is closed, and special hours hold on theirs",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: [WEEKDAYS, 'holidays: ["2027-02-11", { date: "2027-02-12", hours: ["10:30-12:00"] }]'] },
    acts: [
      { at: night, does: [{ form: "customer" }], sees: { calls: [held("2027-02-12T10:30")], rung: {}, texts: {} } },
      { at: next_morning, sees: { calls: [held("2027-02-12T10:30")], rung: {}, texts: {} } },
    ],
  },
];

/** Around the changes of the clocks. */
export const CHANGE_SCENARIOS: readonly Scenario[] = [
  {
    name: "a night's leads are rung in a row, the newest first, not all in the first minute",
    people: { owner: "9901", old: "9901", newer: "9901", newest: "9901" },
    business: { team: ["owner"], bridge: ['hours: { sat: ["08:00-17:00"] }', "spread_s: 3600"] },
    acts: [
      { at: CHANGE.before, does: [{ form: "old" }, { form: "newer" }, { form: "newest" }], sees: { calls: [held("2027-03-13T08:00"), held("2027-03-13T08:00"), held("2027-03-13T08:00")], rung: {}, texts: {} } },
      { at: CHANGE.next_morning, sees: { calls: [{ end: null, status: "held" }, { end: null, status: "held" }, { end: "connected" }], rung: { owner: 1, newest: 1 }, texts: {} } },
      { at: CHANGE.an_hour_on, sees: { calls: [{ end: null, status: "held" }, { end: "connected" }, { end: "connected" }], rung: { owner: 2, newest: 1, newer: 1 }, texts: {}, order: ["newest", "newer"] } },
      { at: CHANGE.two_hours_on, sees: { calls: [{ end: "connected" }, { end: "connected" }, { end: "connected" }], rung: { owner: 3, newest: 1, newer: 1, old: 1 }, texts: {}, order: ["newest", "newer", "old"] } },
    ],
  },
  {
    name: "in New York the first window after the clocks went forward begins at eight by the new time",
    people: { owner: { number: "+12125550191" }, customer: { number: "+12125550192" } },
    business: { country: "US", team: ["owner"], dna: ["identity: { time_zone: America/New_York }"], bridge: ['hours: { sun: ["08:00-17:00"] }'] },
    acts: [
      { at: CHANGE.before, does: [{ form: "customer" }], sees: { calls: [held("2027-03-14T08:00", "America/New_York")], rung: {}, texts: {} } },
      { at: CHANGE.new_york_changed, sees: { calls: [{ end: null, status: "held", detail: ["held because=contact"], held_until: until("2027-03-14T12:00", "America/New_York") }], rung: {}, texts: {} } },
      { at: CHANGE.new_york_noon, sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } },
    ],
  },
  {
    name: "in Auckland the first window after the clocks went back begins at eight by the new time, not an hour before",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: ['hours: { sun: ["08:00-17:00"] }'] },
    acts: [
      { at: CHANGE.auckland_too_early, does: [{ form: "customer" }], sees: { calls: [held("2027-04-04T08:00")], rung: {}, texts: {} } },
      { at: CHANGE.auckland_open, sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } },
    ],
  },
];
