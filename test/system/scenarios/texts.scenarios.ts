import { DAY } from "./clocks.ts";
import type { CallSeen, Deed, Scenario } from "./scenario.types.ts";

/* Texts that come in, from customers and from the owner. */

const { morning, soon } = DAY;
const CARD = "Rata Street Plumbing: new lead Jane Doe … /l/";
const MISSED = "Hi Jane Doe, this is Rata Street Plumbing … Reply CALL … STOP";
const ASKED = "Rata Street Plumbing: how did it go with Jane Doe? Reply 1 booked";
const FEEDBACK = ["feedback: { enabled: true }"];
const TALKED: CallSeen = { end: "connected" };

/** An owner who has talked to the customer, is asked how it went, and answers. */
/** Two texts at the same moment may come in either order, as at Twilio; a person sends the second when the first was taken. */
const inTurn = ([first = "", ...more]: readonly string[]): Deed[] => [
  { texts: "owner", body: first },
  ...more.flatMap((body): Deed[] => [{ until: { leads: { customer: "won" } } }, { texts: "owner", body }]),
];

const answered = (name: string, bodies: readonly string[], lead: string | Record<string, unknown>): Scenario => ({
  name,
  people: { owner: "9901", customer: "9901" },
  business: { team: ["owner"], bridge: FEEDBACK },
  acts: [{
    at: morning,
    does: [{ form: "customer" }, { until: { calls: [TALKED], texts: { owner: [ASKED] } } }, ...inTurn(bodies)],
    sees: { calls: [TALKED], rung: { owner: 1, customer: 1 }, texts: { owner: [ASKED] }, leads: { customer: lead } },
  }],
});

export const TEXT_SCENARIOS: readonly Scenario[] = [
  {
    name: "CALL from a number that nobody knows makes a lead, and the owner's phone rings at once",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ texts: "customer", body: "CALL" }], sees: { calls: [TALKED], rung: { owner: 1, customer: 1 }, texts: {}, leads: { customer: { status: "called", source: "sms" } } } }],
  },
  {
    name: "CALL after a missed call rings the owner again; the customer's one text stays one, each missed call has its card",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { calls: [{ end: "owner_no_answer" }], texts: { owner: [CARD], customer: [MISSED] } } }, { texts: "customer", body: "Please call me" }],
      sees: { calls: [{ end: "owner_no_answer" }, { end: "owner_no_answer" }], rung: { owner: 2 }, texts: { owner: [CARD, CARD], customer: [MISSED] } },
    }],
  },
  {
    name: "CALL between two rounds does not wait for the second",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"], bridge: ["attempts: { rounds: 2, pause_s: 600, jitter: 0 }"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { calls: [{ end: null, status: "held" }] } }, { becomes: "owner", now: { pickup: "answers" } }, { texts: "customer", body: "CALL" }],
      sees: { calls: [TALKED], rung: { owner: 2, customer: 1 }, texts: {} },
    }],
  },
  {
    name: "other words are passed on to the owner, and ring nobody",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ texts: "customer", body: "Could you come on Tuesday afternoon?" }], sees: { calls: [], rung: {}, texts: { owner: ["texted: Could you come on Tuesday afternoon?"] }, leads: { customer: { source: "sms" } } } }],
  },
  {
    name: "a reply of a known lead is passed on with the name",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { calls: [TALKED] } }, { texts: "customer", body: "The gate is open" }],
      sees: { calls: [TALKED], rung: { owner: 1, customer: 1 }, texts: { owner: ["Jane Doe … replied: The gate is open"] }, leads: { customer: "called" } },
    }],
  },
  {
    name: "HELP is answered with who we are and what to reply",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ texts: "customer", body: "HELP" }], sees: { calls: [], rung: {}, texts: { customer: ["Rata Street Plumbing here … STOP"] } } }],
  },
  {
    name: "STOP closes the lead, and START opens it again",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { texts: { owner: [CARD], customer: [MISSED] } } }, { texts: "customer", body: "STOP" }, { until: { leads: { customer: "opted_out" } } }, { texts: "customer", body: "START" },
      ],
      sees: { calls: [{ end: "owner_no_answer" }], rung: { owner: 1 }, texts: { owner: [CARD], customer: [MISSED] }, leads: { customer: "no_answer" } },
    }],
  },
  {
    name: "whoever opts out in their own words is told so once, and texted no more, whatever is missed later",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { texts: { owner: [CARD], customer: [MISSED] } } }, { texts: "customer", body: "Please don't text me again" },
        { until: { leads: { customer: "opted_out" }, texts: { owner: [CARD], customer: [MISSED, "you will get no more texts from us"] } } }, { form: "customer", name: "Jane Doe" },
      ],
      sees: {
        calls: [{ end: "owner_no_answer" }, { end: "owner_no_answer", detail: ["alert purpose=missed_text"] }], rung: { owner: 2 }, texts: { owner: [CARD, CARD], customer: [MISSED, "you will get no more texts from us"] },
      },
    }],
  },
  {
    name: "whoever asks not to be called is not, although a second round was to come",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"], bridge: ["attempts: { rounds: 2, pause_s: 600, jitter: 0 }"] },
    acts: [
      {
        at: morning,
        does: [{ form: "customer" }, { until: { calls: [{ end: null, status: "held" }] } }, { texts: "customer", body: "Stop calling me" }],
        sees: { calls: [{ end: null, status: "held" }], rung: { owner: 1 }, texts: { customer: ["you will get no more texts from us"] }, leads: { customer: "opted_out" } },
      },
      { at: soon, sees: { calls: [{ end: "blocked", detail: ["ended because=opted_out"] }], rung: { owner: 1 }, texts: { owner: [CARD], customer: ["you will get no more texts from us"] }, leads: { customer: "opted_out" } } },
    ],
  },
  answered("the owner answers 1 with an amount: won, in the business's money", ["1 450"], { status: "won", amount: 450, currency: "NZD" }),
  answered("the owner answers 1, and the amount later", ["1", "$1,450.50"], { status: "won", amount: 1450.5, currency: "NZD" }),
  answered("the owner answers 2: quoted", ["2"], "quoted"),
  answered("the owner answers 3: lost", ["3 not for us"], "lost"),
  answered("the owner answers 4: no answer", ["4"], "no_answer"),
  answered("what is no answer to the question changes nothing", ["2 hours away"], "called"),
  {
    name: "the owner's answer ends the chase of a customer who had asked for another call",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: FEEDBACK },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { calls: [TALKED], texts: { owner: [ASKED] } } }, { becomes: "owner", now: { pickup: "rings" } }, { texts: "customer", body: "CALL" }, { until: { rung: { owner: 2, customer: 1 }, legs: { owner: "ringing" } } },
        { texts: "owner", body: "2" },
      ],
      sees: { calls: [TALKED, { end: "superseded", detail: ["ended by=owner_sms"] }], rung: { owner: 2, customer: 1 }, texts: { owner: [ASKED] }, leads: { customer: "quoted" }, legs: { owner: "canceled" } },
    }],
  },
  {
    name: "a text that a landline does not take is written down on the lead",
    people: { owner: "9903", customer: "9917" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "owner_no_answer" }], rung: { owner: 1 }, texts: { owner: [CARD], customer: [MISSED] }, leads: { customer: { status: "no_answer", phone_textable: false } } } }],
  },
  {
    name: "a text from a blocked number is kept and brings nothing about",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ blocks: "customer" }, { texts: "customer", body: "CALL" }], sees: { calls: [], rung: {}, texts: {} } }],
  },
];
