import { DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* What happens when the Worker dies, or Twilio is down, in the middle of it. One after another: there is one Worker. */

const { morning } = DAY;
const TALKED = "owner_pressed customer_ringing customer_answered connected ended";

export const KILL_SCENARIOS: readonly Scenario[] = [
  {
    name: "the Worker dies while the owner listens: the key is understood after it, and nobody is rung twice",
    people: { owner: { told: true }, customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { kill: true }, { told: "owner", word: "1" }],
      sees: { calls: [{ end: "connected", story: `received dialed owner_ringing owner_answered ${TALKED}` }], rung: { owner: 1, customer: 1 }, texts: {} },
    }],
  },
  {
    name: "the Worker dies while all phones ring: the first 1 still wins, and the other phone stops",
    people: { owner: { told: true }, second: "9926", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] }, legs: { second: "ringing" } } }, { kill: true }, { told: "owner", word: "1" }],
      sees: { calls: [{ end: "connected" }], rung: { owner: 1, second: 1, customer: 1 }, texts: {}, legs: { second: "canceled" } },
    }],
  },
  {
    name: "the Worker dies while a caller waits for the owner: they talk all the same, and it is one call of one lead",
    people: { owner: { told: true }, caller: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ calls: "caller" }, { until: { heard: { owner: ["Press 1"] } } }, { kill: true }, { told: "owner", word: "1" }],
      sees: { calls: [{ direction: "inbound", end: "connected" }], rung: { owner: 1 }, texts: {}, leads: { caller: "called" } },
    }],
  },
];

export const OUTAGE_SCENARIOS: readonly Scenario[] = [
  {
    name: "Twilio is down while leads come: none is lost, and when it is back each is rung once, one after the other",
    people: { owner: "9901", older: "9901", fresh: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ outage: true }, { form: "older" }, { form: "fresh" }, { outage: false }],
      sees: { calls: [{ end: "connected" }, { end: "connected" }], rung: { owner: 2, older: 1, fresh: 1 }, texts: {}, never_together: ["older", "fresh"], leads: { older: "called", fresh: "called" } },
    }],
  },
];
