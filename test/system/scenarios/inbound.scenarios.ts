import { DAY } from "./clocks.ts";
import type { Scenario } from "./scenario.types.ts";

/* Calls to the business's number. */

const { morning, night } = DAY;
const TEXT_BACK = "Sorry that we missed your call, this is Rata Street Plumbing. Reply CALL … STOP";
const MISSED_CALL = "Rata Street Plumbing: missed call from";
const VOICEMAIL = "Rata Street Plumbing: voicemail from";
const TALKED = { direction: "inbound", end: "connected" } as const;
const LEFT = { direction: "inbound", end: "voicemail_left" } as const;
const BY_DAY = 'hours: { mon: ["08:00-17:00"], tue: ["08:00-17:00"], wed: ["08:00-17:00"], thu: ["08:00-17:00"], fri: ["08:00-17:00"] }';
const BURST_PIPE = ["services:", "  - { name: Burst pipe, emergency: true }"];
const SPANISH = ["languages:", '  - { key: "2", language: es-US, offer: "Para español, oprima dos.", greeting: "Gracias por llamar.", notice: "Grabada.", voicemail_prompt: "Deje su mensaje." }'];

export const INBOUND_SCENARIOS: readonly Scenario[] = [
  {
    name: "a caller is greeted, the owner hears who it is and presses 1; a new number becomes a lead",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: {
      calls: [{ ...TALKED, story: "received dialed owner_ringing owner_answered owner_pressed connected ended" }], rung: { owner: 1 }, texts: {}, leads: { caller: { status: "called", source: "phone" } },
      heard: { caller: ["Thank you for calling Rata Street Plumbing."], owner: ["Call for Rata Street Plumbing from a new caller … Press 1 to connect"] },
    } }],
  },
  {
    name: "an inbound call is recorded after both have heard so, with the caller as the customer and the owner as the owner",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"], bridge: ["recording: { enabled: true, owner_notice: The owner hears this. }"], inbound: ["notice: The caller hears this."] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: {
      calls: [{ ...TALKED }], rung: { owner: 1 }, texts: {}, speakers: "both", heard: { caller: ["Thank you for calling … The caller hears this."], owner: ["Call for … The owner hears this."] },
    } }],
  },
  {
    name: "a caller is forwarded to the next person when the first does not answer, and greeted once",
    people: { owner: "9903", second: "9901", caller: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...TALKED, story: "received dialed owner_ringing owner_no_answer escalated dialed owner_answered owner_pressed connected ended" }], rung: { owner: 1, second: 1 }, texts: {}, order: ["owner", "second"] } }],
  },
  {
    name: "the owner's voicemail machine does not get the caller: they leave a message with us, which the owner gets as a text",
    people: { owner: "9910", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: {
      calls: [{ ...LEFT }], rung: { owner: 1 }, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] }, speakers: "customer", heard: { caller: ["Thank you for calling", "Nobody can take your call just now"] },
    } }],
  },
  {
    name: "a caller who says nothing at the tone is a missed call: one text to the owner, one to the caller",
    people: { owner: "9903", caller: "9923" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ direction: "inbound", end: "owner_no_answer" }], rung: { owner: 1 }, texts: { owner: [MISSED_CALL], caller: [TEXT_BACK] }, leads: { caller: "new" } } }],
  },
  {
    name: "a caller who hangs up while the owner's phone rings: it stops, and both are texted",
    people: { owner: "9926", caller: "9921" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ direction: "inbound", end: "abandoned" }], rung: { owner: 1 }, texts: { owner: [MISSED_CALL], caller: [TEXT_BACK] }, legs: { owner: "canceled" } } }],
  },
  {
    name: "a caller whose call is missed twice within the cooldown is texted once",
    people: { owner: "9926", caller: "9921" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ calls: "caller" }, { until: { calls: [{ direction: "inbound", end: "abandoned" }], texts: { owner: [MISSED_CALL], caller: [TEXT_BACK] } } }, { calls: "caller" }],
      sees: { calls: [{ direction: "inbound", end: "abandoned" }, { direction: "inbound", end: "abandoned" }], rung: { owner: 2 }, texts: { owner: [MISSED_CALL, MISSED_CALL], caller: [TEXT_BACK] } },
    }],
  },
  {
    name: "where the text-back is empty, a missed caller is not texted",
    people: { owner: "9926", caller: "9921" },
    business: { team: ["owner"], inbound: ['text_back: ""'] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ direction: "inbound", end: "abandoned" }], rung: { owner: 1 }, texts: { owner: [MISSED_CALL] } } }],
  },
  {
    name: "a number that is known joins its lead, and the owner hears the name",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "caller" }, { until: { calls: [{ end: "connected" }] } }, { calls: "caller" }],
      sees: { calls: [{ end: "connected" }, { ...TALKED }], rung: { owner: 2, caller: 1 }, texts: {}, leads: { caller: { status: "called", source: "google_ads" } }, heard: { owner: ["New lead for", "Call for Rata Street Plumbing from Jane Doe"] } },
    }],
  },
  {
    name: "a customer who calls while the owner's phone rings about them: the chase stops, and the two talk",
    people: { owner: "9926", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{
      at: morning,
      does: [{ form: "caller" }, { until: { legs: { owner: "ringing" } } }, { becomes: "owner", now: { pickup: "answers" } }, { calls: "caller" }],
      sees: { calls: [{ end: "superseded", story: "received dialed owner_ringing ended", detail: ["ended by=customer_called"] }, { ...TALKED }], rung: { owner: 2 }, texts: {}, leads: { caller: "called" } },
    }],
  },
  {
    name: "an anonymous caller is kept as such and put through",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller", hidden: true }], sees: { calls: [{ ...TALKED }], rung: { owner: 1 }, texts: {}, leads: { hidden: { status: "called", anonymous: true } }, heard: { owner: ["from a caller without a number"] } } }],
  },
  {
    name: "an anonymous caller who leaves a message: the owner has it, and nobody else is texted",
    people: { owner: "9903", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ calls: "caller", hidden: true }], sees: { calls: [{ ...LEFT }], rung: { owner: 1 }, texts: { owner: ["voicemail from a caller without a number"] }, leads: { hidden: { anonymous: true } } } }],
  },
  {
    name: "a number on the blocklist is refused: nobody is rung or texted, and no figure counts it",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"] },
    acts: [{ at: morning, does: [{ blocks: "caller" }, { calls: "caller" }], sees: {
      calls: [{ direction: "inbound", end: "blocked" }], rung: {}, texts: {}, leads: { caller: "spam" }, unheard: { caller: ["Thank you"] }, stats: { leads: 0, calls: 0, missed_inbound: 0 },
    } }],
  },
  {
    name: "a caller who chooses Spanish hears Spanish to the end",
    people: { owner: "9903", caller: { keys: ["2"] } },
    business: { team: ["owner"], inbound: SPANISH },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...LEFT }], rung: { owner: 1 }, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] }, heard: { caller: ["Thank you for calling", "Para español", "Gracias por llamar", "Deje su mensaje"] }, unheard: { caller: ["Nobody can take"] } } }],
  },
  {
    name: "a caller who chooses no language hears the business's own, its greeting once",
    people: { owner: "9903", caller: { keys: [] } },
    business: { team: ["owner"], inbound: SPANISH },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...LEFT }], rung: { owner: 1 }, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] }, heard: { caller: ["Thank you for calling", "Para español", "Nobody can take your call"] }, unheard: { caller: ["Gracias", "Deje su mensaje"] } } }],
  },
  {
    name: "simultaneous, inbound: all ring, the first who picks up has the caller, the other phone stops",
    people: { owner: "9926", second: "9901", caller: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: simultaneous"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...TALKED }], rung: { owner: 1, second: 1 }, texts: {}, legs: { owner: "canceled", second: "completed" } } }],
  },
  {
    name: "round robin, inbound: each caller begins with the next person",
    people: { owner: "9901", second: "9901", ann: "9901", ben: "9901" },
    business: { team: ["owner", "second"], bridge: ["ring_strategy: round_robin"] },
    acts: [{ at: morning, does: [{ calls: "ann" }, { until: { calls: [{ ...TALKED }] } }, { calls: "ben" }], sees: { calls: [{ ...TALKED }, { ...TALKED }], rung: { owner: 1, second: 1 }, texts: {}, order: ["owner", "second"] } }],
  },
  {
    name: "9 passes a caller on to the next person",
    people: { owner: "9907", second: "9901", caller: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...TALKED }], rung: { owner: 1, second: 1 }, texts: {} } }],
  },
  {
    name: "0 declines a caller, who may leave a message; nobody else is rung",
    people: { owner: "9906", second: "9901", caller: "9901" },
    business: { team: ["owner", "second"] },
    acts: [{ at: morning, does: [{ calls: "caller" }], sees: { calls: [{ ...LEFT }], rung: { owner: 1 }, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] } } }],
  },
  {
    name: "after hours a caller hears that it is closed and leaves a message; no phone rings",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"], bridge: [BY_DAY] },
    acts: [{ at: night, does: [{ calls: "caller" }], sees: { calls: [{ ...LEFT }], rung: {}, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] }, heard: { caller: ["We are closed just now … leave your name"] } } }],
  },
  {
    name: "after hours 1 puts an emergency through",
    people: { owner: "9901", caller: "9901" },
    business: { team: ["owner"], bridge: [BY_DAY], dna: BURST_PIPE },
    acts: [{ at: night, does: [{ calls: "caller" }], sees: { calls: [{ ...TALKED }], rung: { owner: 1 }, texts: {}, heard: { caller: ["We are closed just now … If this is an emergency, press 1."] } } }],
  },
  {
    name: "after hours whoever does not say that it is an emergency leaves a message",
    people: { owner: "9901", caller: { keys: [] } },
    business: { team: ["owner"], bridge: [BY_DAY], dna: BURST_PIPE },
    acts: [{ at: night, does: [{ calls: "caller" }], sees: { calls: [{ ...LEFT }], rung: {}, texts: { owner: [VOICEMAIL], caller: [TEXT_BACK] }, heard: { caller: ["If this is an emergency, press 1.", "leave your name"] } } }],
  },
];
