import { DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* What the gate forbids, or puts off. */

const { morning, later, night, next_morning } = DAY;
const CARD = "Rata Street Plumbing: new lead Jane Doe … /l/";

const blocked = (name: string, number: string, because: string): Scenario => ({
  name,
  people: { owner: "9901", customer: { number } },
  business: { team: ["owner"] },
  acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "blocked", story: "received ended", detail: [`ended because=${because}`] }], rung: {}, texts: { owner: [CARD] }, leads: { customer: "needs_contact" } } }],
});

export const CONSENT_SCENARIOS: readonly Scenario[] = [
  blocked("a premium number that a form brings is never rung: the owner has a card", "+449098790000", "number_type"),
  blocked("a satellite number is never rung", "+881612345679", "number_type"),
  blocked("a number in a country that the business does not call is never rung", "+33612345678", "country"),
  {
    name: "a country that the DNA allows is rung",
    people: { owner: "9901", customer: { number: "+33612345679" } },
    business: { team: ["owner"], dna: ["consent: { allowed_countries: [NZ, FR] }"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } }],
  },
  {
    name: "whoever has asked not to be called is not, when a form comes with their number",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ texts: "customer", body: "Stop calling me" }, { until: { texts: { customer: ["you will get no more texts from us"] } } }, { form: "customer" }],
      sees: { calls: [{ end: "blocked", detail: ["ended because=opted_out"] }], rung: {}, texts: { owner: [CARD], customer: ["you will get no more texts from us"] }, leads: { customer: "opted_out" } },
    }],
  },
  {
    name: "whoever stopped the texts only is still rung when they ask for it",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: ['customer_texts: { before_ring: "{person} is calling you now." }'] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { calls: [{ end: "connected" }], texts: { customer: ["owner is calling you now."] } } }, { texts: "customer", body: "STOP" }, { until: { leads: { customer: "opted_out" } } }, { form: "customer" }],
      sees: { calls: [{ end: "connected" }, { end: "connected", detail: ["alert purpose=before_ring"] }], rung: { owner: 2, customer: 2 }, texts: { customer: ["owner is calling you now."] } },
    }],
  },
  {
    name: "a cap on calls holds the second lead until the next hour, and loses it not",
    people: { owner: "9901", ann: "9901", ben: "9901" },
    business: { team: ["owner"], dna: ["consent: { caps: { calls_per_hour: 2 } }"] },
    alone: true,
    acts: [
      { at: morning, does: [{ form: "ann" }, { until: { calls: [{ end: "connected" }] } }, { form: "ben" }], sees: { calls: [{ end: "connected" }, { end: null, status: "held" }], rung: { owner: 1, ann: 1 }, texts: {}, leads: { ann: "called", ben: "held" } } },
      { at: later, sees: { calls: [{ end: "connected" }, { end: "connected" }], rung: { owner: 2, ann: 1, ben: 1 }, texts: {} } },
    ],
  },
  {
    name: "a customer in New York is rung at night when they ask just now",
    people: { owner: "9901", customer: { number: "+12125550143" } },
    business: { team: ["owner"] },
    acts: [{ at: night, does: [{ form: "customer" }], sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } }],
  },
  {
    name: "a customer in New York whose lead is rung late is not rung before the morning there",
    people: { owner: "9901", customer: { number: "+12125550144" } },
    business: { team: ["owner"], bridge: ['hours: { wed: ["22:50-24:00"], thu: ["00:00-12:00"] }', "max_age_minutes: 1440"] },
    acts: [
      { at: later, does: [{ form: "customer" }], sees: { calls: [{ end: null, status: "held", held_until: { wall: "2027-02-10T22:50", zone: "Pacific/Auckland" } }], rung: {}, texts: {} } },
      { at: night, sees: { calls: [{ end: null, status: "held", held_until: { wall: "2027-02-10T09:00", zone: "America/New_York" }, detail: ["held because=contact"] }], rung: {}, texts: {} } },
      { at: next_morning, sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {} } },
    ],
  },
];
