import { DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* What happens on the customer's side once an owner has pressed 1. */

const { morning, soon } = DAY;
const CARD = "Rata Street Plumbing: new lead Jane Doe … /l/";
const MISSED = "Hi Jane Doe, this is Rata Street Plumbing … Reply CALL … STOP";
const PRESSED = "received dialed owner_ringing owner_answered owner_pressed";
/** An owner who does as told and, while Twilio is asked to take them elsewhere, waits. */
const TOLD = { told: true, holds: true } as const;

export const CUSTOMER_SCENARIOS: readonly Scenario[] = [
  {
    name: "the customer's machine: the owner is taken into a menu, and 2 leaves the recorded message on it",
    people: { owner: TOLD, customer: "9928" },
    business: { team: ["owner"], bridge: ['voicemail_message: { text: "Hi {name}, it is {business}. We ring you again." }'] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["You have reached their voicemail"], customer: [""] } } }, { told: "owner", word: "2" }],
      sees: {
        calls: [{ end: "customer_voicemail", story: `${PRESSED} customer_ringing customer_answered customer_voicemail ended`, detail: ["ended message_left=true"] }], rung: { owner: 1, customer: 1 },
        texts: { owner: [CARD], customer: [MISSED] }, leads: { customer: "no_answer" },
        heard: { owner: ["You have reached their voicemail … 2 to leave your recorded message", "Your message is being left"], customer: ["Hi Jane Doe, it is Rata Street Plumbing. We ring you again."] },
      },
    }],
  },
  {
    name: "the customer's machine: who presses nothing in the menu leaves no message, and the machine's line is freed",
    people: { owner: TOLD, customer: "9928" },
    business: { team: ["owner"], bridge: ['voicemail_message: { text: "A message." }'] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["You have reached their voicemail"] } } }, { told: "owner", word: "5" }],
      sees: { calls: [{ end: "customer_voicemail" }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD], customer: [MISSED] }, legs: { owner: "completed", customer: "completed" }, unheard: { customer: ["A message."] } },
    }],
  },
  {
    name: "the customer's machine: an owner who hangs up in the menu leaves no message, and the machine's line is freed",
    people: { owner: TOLD, customer: "9928" },
    business: { team: ["owner"], bridge: ['voicemail_message: { text: "A message." }'] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["You have reached their voicemail"] } } }, { hangs_up: "owner" }],
      sees: { calls: [{ end: "customer_voicemail" }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD], customer: [MISSED] }, legs: { owner: "completed", customer: "completed" }, unheard: { customer: ["A message."] } },
    }],
  },
  {
    name: "the customer's machine, and no recorded message: 1 tries once more, and the attempts are capped",
    people: { owner: TOLD, customer: "9928" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["You have reached their voicemail. Press 1 to try again now"] } } },
        { told: "owner", word: "1" }, { until: { heard: { owner: ["You have reached their voicemail. Hang up; we send you their number"] } } }, { told: "owner", word: "1" },
      ],
      sees: { calls: [{ end: "customer_voicemail" }], rung: { owner: 1, customer: 2 }, texts: { owner: [CARD], customer: [MISSED] } },
    }],
  },
  {
    name: "a busy customer: 1 rings them again at once",
    people: { owner: "9927", customer: "9904" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" },
        { until: { heard: { owner: ["Their line is busy. Press 1 to try again now, 2 to try again in 10 minutes"] } } }, { becomes: "customer", now: { pickup: "answers" } }, { told: "owner", word: "1" },
      ],
      sees: { calls: [{ end: "connected", story: `${PRESSED} customer_busy customer_ringing customer_answered connected ended` }], rung: { owner: 1, customer: 2 }, texts: {}, leads: { customer: "called" } },
    }],
  },
  {
    name: "a busy customer: 2 rings the same owner again in ten minutes, and both talk",
    people: { owner: "9927", second: "9901", customer: "9904" },
    business: { team: ["owner", "second"] },
    acts: [
      {
        at: morning,
        does: [
          { form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["Their line is busy"] } } }, { told: "owner", word: "2" },
          { until: { heard: { owner: ["We will ring you again in 10 minutes"] } } }, { becomes: "customer", now: { pickup: "answers" } }, { becomes: "owner", now: { told: false } },
        ],
        sees: { calls: [{ end: null, status: "held", story: `${PRESSED} customer_busy held`, detail: ["held because=customer"] }], rung: { owner: 1, customer: 1 }, texts: {}, leads: { customer: "held" } },
      },
      { at: soon, sees: { calls: [{ end: "connected" }], rung: { owner: 2, customer: 2 }, texts: {}, leads: { customer: "called" } } },
    ],
  },
  {
    name: "a customer who calls in before the ten minutes are over is not rung any more",
    people: { owner: "9927", customer: "9903" },
    business: { team: ["owner"] },
    acts: [
      {
        at: morning,
        does: [
          { form: "customer" }, { until: { heard: { owner: ["Press 1 to connect"] } } }, { told: "owner", word: "1" }, { until: { heard: { owner: ["They do not answer. Press 1"] } } }, { told: "owner", word: "2" },
          { until: { calls: [{ end: null, status: "held" }] } }, { becomes: "owner", now: { told: false } }, { calls: "customer" },
        ],
        sees: { calls: [{ end: "superseded" }, { direction: "inbound", end: "connected" }], rung: { owner: 2, customer: 1 }, texts: {}, leads: { customer: "called" } },
      },
      { at: soon, sees: { calls: [{ end: "superseded" }, { direction: "inbound", end: "connected" }], rung: { owner: 2, customer: 1 }, texts: {} } },
    ],
  },
  {
    name: "where the customer is rung once only, there is no menu",
    people: { owner: "9901", customer: "9903" },
    business: { team: ["owner"], bridge: ["customer_attempts: 1"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "customer_no_answer", story: `${PRESSED} customer_ringing customer_no_answer ended` }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD], customer: [MISSED] },
      heard: { owner: ["They could not be reached. We have sent you their number."] }, unheard: { owner: ["try again"] },
    } }],
  },
  {
    name: "an owner who hangs up while the customer's phone rings: the customer is not left ringing nor told that they were missed, and the owner has the card",
    people: { owner: "9921", customer: "9926" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "abandoned" }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD] }, legs: { owner: "completed", customer: "canceled" }, leads: { customer: "needs_contact" } } }],
  },
  {
    name: "a customer who hangs up in the middle was connected",
    people: { owner: "9901", customer: "9915" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: {}, leads: { customer: "called" } } }],
  },
  {
    name: "before the customer's phone rings they are told by text who is calling",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"], bridge: ['customer_texts: { before_ring: "{person} from {business} is calling you now." }'] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "connected" }], rung: { owner: 1, customer: 1 }, texts: { customer: ["owner from Rata Street Plumbing is calling you now."] } } }],
  },
  {
    name: "a customer who cannot be texted about the ring is rung all the same",
    people: { owner: "9901", customer: "9912" },
    business: { team: ["owner"], bridge: ['customer_texts: { before_ring: "{person} from {business} is calling you now." }'] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "invalid_number", detail: ["alert purpose=before_ring"] }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD] } } }],
  },
];
