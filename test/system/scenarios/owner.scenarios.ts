import { DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* What the people of the business do when their phones ring about a lead. */

const { morning, soon } = DAY;
const CARD = "Rata Street Plumbing: new lead Jane Doe … /l/";
const MISSED = "Hi Jane Doe, this is Rata Street Plumbing … Reply CALL … STOP";
const ALERT = "Nobody could be reached about this lead … Jane Doe";
const TALKED = "owner_pressed customer_ringing customer_answered connected ended";

export const OWNER_SCENARIOS: readonly Scenario[] = [
  {
    name: "an owner hears who it is, presses 1 and talks to the customer; nobody is texted",
    people: { owner: "9901", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer", service: "Hot water" }], sees: {
      calls: [{ end: "connected", story: `received dialed owner_ringing owner_answered ${TALKED}` }], rung: { owner: 1, customer: 1 }, texts: {}, leads: { customer: "called" },
      heard: { owner: ["New lead for Rata Street Plumbing … Jane Doe, Hot water … Press 1 to connect, 2 to hear this again, 9 to pass it on, 0 to decline."] },
    } }],
  },
  {
    name: "2 repeats the whisper, and 1 connects after it",
    people: { owner: "9908", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "connected", story: `received dialed owner_ringing owner_answered ${TALKED}` }], rung: { owner: 1, customer: 1 }, texts: {}, heard: { owner: ["Jane Doe … Press 1", "Jane Doe … Press 1", "Connecting"] },
    } }],
  },
  {
    name: "call screening that answers and presses nothing is no answer: one card with a link to the lead, one text to the customer",
    people: { owner: "9909", customer: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "owner_no_answer", story: "received dialed owner_ringing owner_answered owner_no_answer ended" }], rung: { owner: 1 }, texts: { owner: [CARD], customer: [MISSED] },
      leads: { customer: "no_answer" }, card: ["owner", "customer"],
    } }],
  },
  {
    name: "a voicemail machine is no answer: the next person is rung, and nothing is said to the machine but the whisper",
    people: { owner: "9910", second: "9901", customer: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "connected", story: `received dialed owner_ringing owner_answered owner_voicemail escalated dialed ${TALKED}` }], rung: { owner: 1, second: 1, customer: 1 }, texts: {},
      order: ["owner", "second", "customer"], never_together: ["owner", "second"],
    } }],
  },
  {
    name: "when nobody answers, the last who was rung gets the one card, the fallback contact an alert, the customer one text",
    people: { owner: "9903", second: "9904", desk: "9901", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ['fallback_contact: { name: Desk, phone: "{desk}" }'] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "owner_busy", story: "received dialed owner_ringing owner_no_answer escalated dialed owner_busy ended" }], rung: { owner: 1, second: 1 },
      texts: { second: [CARD], desk: [ALERT], customer: [MISSED] }, leads: { customer: "no_answer" }, order: ["owner", "second"],
    } }],
  },
  {
    name: "9 passes the lead on to the next person",
    people: { owner: "9907", second: "9901", customer: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "connected", story: `received dialed owner_ringing owner_answered owner_declined escalated dialed ${TALKED}` }], rung: { owner: 1, second: 1, customer: 1 }, texts: {},
    } }],
  },
  {
    name: "a lead that everybody passes on is declined, and nobody is texted about it",
    people: { owner: "9907", second: "9907", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["attempts: { rounds: 3, pause_s: 600, jitter: 0 }"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "owner_declined" }], rung: { owner: 1, second: 1 }, texts: {}, leads: { customer: "no_answer" } } }],
  },
  {
    name: "0 asks for the reason, and the reason that was pressed is kept; nobody else is rung",
    people: { owner: { keys: ["0", "2"] }, second: "9901", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["decline_reasons: [not our area, too busy]"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "owner_declined", story: "received dialed owner_ringing owner_answered owner_declined ended", detail: ["owner_declined reason=too busy", "ended because=too busy"] }],
      rung: { owner: 1 }, texts: {}, heard: { owner: ["Press 1", "Why not? Press 1 for not our area. Press 2 for too busy."] },
    } }],
  },
  {
    name: "0 declines at once where no reasons are named",
    people: { owner: "9906", second: "9901", customer: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "owner_declined", detail: ["owner_declined digit=0"] }], rung: { owner: 1 }, texts: {}, unheard: { owner: ["Why not?"] } } }],
  },
  {
    name: "sequential: three people one after another, no two phones at once, until one presses 1",
    people: { owner: "9903", second: "9905", third: "9901", customer: "9901" },
    business: { team: ["owner", "second", "third"], bridge: ["ring_strategy: sequential"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "connected", story: `received dialed owner_ringing owner_no_answer escalated dialed owner_busy escalated dialed owner_answered ${TALKED}` }],
      rung: { owner: 1, second: 1, third: 1, customer: 1 }, texts: {}, order: ["owner", "second", "third", "customer"], never_together: ["owner", "second", "third"],
    } }],
  },
  {
    name: "simultaneous: all ring, the first to press 1 wins, who listens is told that it is taken, who still rings is hung up",
    people: { owner: "9926", second: "9927", third: "9927", customer: "9901" },
    business: { team: ["owner", "second", "third"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{
      at: morning,
      does: [
        { form: "customer" }, { until: { heard: { second: ["Press 1"], third: ["Press 1"] }, legs: { owner: "ringing", second: "in-progress", third: "in-progress" } } },
        { told: "second", word: "1" },
      ],
      sees: {
        calls: [{ end: "connected" }], rung: { owner: 1, second: 1, third: 1, customer: 1 }, texts: {}, legs: { owner: "canceled", second: "completed", third: "completed" },
        heard: { third: ["Press 1", "This lead is already taken"], second: ["Press 1", "Connecting"] }, unheard: { second: ["already taken"] },
      },
    }],
  },
  {
    name: "simultaneous: two who press 1 at the same moment do not both get the customer",
    people: { owner: "9927", second: "9927", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { heard: { owner: ["Press 1"], second: ["Press 1"] } } }, { told: "owner", word: "1" }, { told: "second", word: "1" }],
      sees: { calls: [{ end: "connected" }], rung: { owner: 1, second: 1, customer: 1 }, texts: {}, legs: { owner: "completed", second: "completed" } },
    }],
  },
  {
    name: "simultaneous: who passes on leaves the others ringing",
    people: { owner: "9907", second: "9926", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { legs: { owner: "completed", second: "ringing" } } }, { told: "second", word: "pick up" }],
      sees: { calls: [{ end: "connected" }], rung: { owner: 1, second: 1, customer: 1 }, texts: {} },
    }],
  },
  {
    name: "simultaneous: nobody answers, and there is one card all the same",
    people: { owner: "9903", second: "9909", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "owner_no_answer" }], rung: { owner: 1, second: 1 }, texts: { second: [CARD], customer: [MISSED] } } }],
  },
  {
    name: "round robin: each lead begins with the next person",
    people: { owner: "9901", second: "9901", ann: "9901", ben: "9901", cleo: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: round_robin"] },
    acts: [{
      at: morning,
      does: [
        { form: "ann" }, { until: { calls: [{ end: "connected" }] } }, { form: "ben" }, { until: { calls: [{ end: "connected" }, { end: "connected" }] } }, { form: "cleo" },
      ],
      sees: { calls: [{ end: "connected" }, { end: "connected" }, { end: "connected" }], rung: { owner: 2, second: 1, ann: 1, ben: 1, cleo: 1 }, texts: {}, order: ["owner", "ann", "second", "ben", "cleo"] },
    }],
  },
  {
    name: "attempts are spaced and capped: two rounds ten minutes apart, then no more",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"], bridge: ["attempts: { rounds: 2, pause_s: 600, jitter: 0 }"] },
    acts: [
      { at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: null, status: "held", story: "received dialed owner_ringing owner_no_answer held" }], rung: { owner: 1 }, texts: {}, leads: { customer: "held" } } },
      { at: soon, sees: { calls: [{ end: "owner_no_answer", story: "received dialed owner_ringing owner_no_answer held dialed owner_no_answer ended", detail: ["dialed round=2"] }], rung: { owner: 2 }, texts: { owner: [CARD], customer: [MISSED] } } },
    ],
  },
  {
    name: "the second round reaches the owner, and nobody is texted",
    people: { owner: "9903", customer: "9901" },
    business: { team: ["owner"], bridge: ["attempts: { rounds: 2, pause_s: 600, jitter: 0 }"] },
    acts: [
      { at: morning, does: [{ form: "customer" }, { until: { rung: { owner: 1 }, calls: [{ end: null, status: "held" }] } }, { becomes: "owner", now: { pickup: "answers" } }], sees: { calls: [{ end: null, status: "held" }], rung: { owner: 1 }, texts: {} } },
      { at: soon, sees: { calls: [{ end: "connected" }], rung: { owner: 2, customer: 1 }, texts: {} } },
    ],
  },
  {
    name: "whoever passed a lead on is not rung about it in the next round",
    people: { owner: "9907", second: "9903", customer: "9901" },
    business: { team: ["owner", "second"], bridge: ["attempts: { rounds: 2, pause_s: 600, jitter: 0 }"] },
    acts: [
      { at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: null, status: "held" }], rung: { owner: 1, second: 1 }, texts: {} } },
      { at: soon, sees: { calls: [{ end: "owner_no_answer" }], rung: { owner: 1, second: 2 }, texts: { second: [CARD], customer: [MISSED] } } },
    ],
  },
  {
    name: "an owner whose number cannot be called gives way to the next",
    people: { owner: "9911", second: "9901", customer: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: {
      calls: [{ end: "connected", story: `received dialed alert escalated dialed owner_ringing owner_answered ${TALKED}`, detail: ["alert code=21211"] }], rung: { second: 1, customer: 1 }, texts: {},
    } }],
  },
  {
    name: "a business that names nobody rings nobody, and says so",
    people: { customer: "9901" },
    business: { team: [] },
    acts: [{ at: morning, does: [{ form: "customer" }], sees: { calls: [{ end: "blocked", story: "received alert ended", detail: ["alert reason=no_destination"] }], rung: {}, texts: {}, leads: { customer: "needs_contact" } } }],
  },
  {
    name: "two leads for one phone: one after the other, never at once",
    people: { owner: "9901", ann: "9922", ben: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [
        { form: "ann" }, { until: { calls: [{ end: null, status: "connected" }] } }, { form: "ben" }, { until: { calls: [{ end: null, status: "connected" }, { end: null, status: "held" }], rung: { owner: 1, ann: 1 } } },
        { hangs_up: "ann" },
      ],
      sees: { calls: [{ end: "connected" }, { end: "connected" }], rung: { owner: 2, ann: 1, ben: 1 }, texts: {}, never_together: ["owner"] },
    }],
  },
  {
    name: "an owner who calls in gets their newest lead on that line, and the colleague's phone stops ringing",
    people: { owner: { pickup: "no-answer" }, second: "9926", customer: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { legs: { owner: "no-answer", second: "ringing" } } }, { calls: "owner" }],
      sees: {
        calls: [{ end: "connected", story: `received dialed owner_ringing owner_no_answer escalated dialed owner_answered ${TALKED}`, detail: ["owner_answered called_in=true"] }],
        rung: { owner: 1, second: 1, customer: 1 }, texts: {}, legs: { second: "canceled" }, heard: { owner: ["Jane Doe … Press 1", "Connecting"] },
      },
    }],
  },
  {
    name: "an owner who calls in after their lead was missed is offered it",
    people: { owner: { pickup: "no-answer" }, customer: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "customer" }, { until: { texts: { owner: [CARD], customer: [MISSED] } } }, { calls: "owner" }],
      sees: { calls: [{ end: "owner_no_answer" }, { end: "connected" }], rung: { owner: 1, customer: 1 }, texts: { owner: [CARD], customer: [MISSED] }, heard: { owner: ["Jane Doe … Press 1"] } },
    }],
  },
  {
    name: "an owner who calls in without leads hears so",
    people: { owner: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "owner" }], sees: { calls: [], rung: {}, texts: {}, heard: { owner: ["You have no open leads"] }, leads: {} } }],
  },
];
