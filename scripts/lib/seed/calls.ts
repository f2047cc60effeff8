import type { Business, Person, Service } from "./businesses.data.ts";
import { isOpen, nextOpening } from "./days.ts";
import type { Random } from "./random.ts";
import type { Row } from "./sql.ts";

/** As `uuid` makes version 7: the time first. */
export const idAt = (kind: string, ms: number, random: Random): string => `${kind}_${Math.floor(ms).toString(16).padStart(12, "0")}7${random.hex(3)}8${random.hex(15)}`;

export interface Scene {
  tenantId: string;
  business: Business;
  random: Random;
  /** Now, ms. */
  until: number;
}

export interface Asked {
  id: string;
  at: number;
  source: string;
  name: string;
  service: Service;
  message: string;
}

/** A call as it went, and what of it others need to know. */
export interface Made {
  row: Row;
  end: string;
  talkS: number;
  at: number;
}

const ENDS_OUT = { owner_no_answer: 5, owner_busy: 1, customer_no_answer: 6, customer_voicemail: 3, customer_busy: 1 } as const;
const ENDS_IN = { voicemail_left: 5, abandoned: 4, owner_no_answer: 2 } as const;
/** Talk is kept for so long in full. */
const TRANSCRIPT_DAYS = 60;
const DAY_MS = 86_400_000;

const transcriptOf = ({ name, message, service }: Asked, person: Person): { segments: object[]; text: string } => {
  const lines: [speaker: "owner" | "customer", words: string][] = [
    ["owner", `Hello ${name.split(" ")[0] ?? name}, ${person.name} here. You have just written to us.`],
    ["customer", `That was quick! Yes. ${message}`],
    ["owner", `We do ${service.name.toLowerCase()} every day. When may somebody come and look?`],
    ["customer", "Tomorrow morning would be good, before nine if that can be done."],
    ["owner", `Eight it is. It is usually about ${service.amount} dollars; you get the firm price before we begin.`],
    ["customer", "Good, thank you. See you tomorrow."],
  ];
  const segments = lines.map(([speaker, text], i) => ({ speaker, start_s: i * 7.5, end_s: i * 7.5 + 6.8, text }));
  return { segments, text: lines.map(([speaker, text]) => `${speaker === "owner" ? "Owner" : "Customer"}: ${text}`).join("\n") };
};

const analysisOf = ({ name, message, service }: Asked, random: Random): object => ({
  summary: `${name} asked about ${service.name.toLowerCase()}: ${message} A visit was agreed for the next morning.`,
  key_points: [message, `About ${service.amount} dollars was named`, "Visit tomorrow at eight"],
  customer_intent: `Wants ${service.name.toLowerCase()} done soon.`,
  next_steps: ["Put the visit into the calendar", "Send the firm price after the look"],
  sentiment: random.weighted({ positive: 6, neutral: 3, negative: 1 }),
  urgency: random.weighted({ high: 3, medium: 5, low: 2 }),
});

/** One call of a lead. @param at when it was asked for, ms */
export const makeCall = ({ tenantId, business, random, until }: Scene, lead: Asked, at: number): Made => {
  const inbound = lead.source === "phone";
  const person = random.pick(business.people);
  const open = isOpen(business, at);
  // People learn: calls are taken faster at the year's end than at its beginning.
  const age = Math.min(1, (until - at) / (365 * DAY_MS));
  const isConnected = random.chance((inbound ? 0.78 : person.answers * 0.88) - 0.12 * age - (open ? 0 : 0.25));
  const end = isConnected ? "connected" : random.weighted<string>(inbound ? ENDS_IN : ENDS_OUT);
  const wait = open || inbound || random.chance(0.55) ? 0 : nextOpening(business, at) - at;
  const dial = wait + random.around(900, 0.3);
  const ringing = dial + random.around(1800, 0.25);
  const answered = ringing + random.around(person.seconds * 1000 * (1 + 0.9 * age), 0.45);
  const pressed = answered + random.around(7000, 0.2);
  const customer = pressed + random.around(900, 0.3);
  const connected = customer + random.around(6000, 0.4);
  const reached = { owner: !end.startsWith("owner") && end !== "abandoned" && end !== "voicemail_left", customer: isConnected };
  const steps: [step: string, event: string, ms: number, happened: boolean][] = [
    ["form_to_dial_ms", "dialed", dial, true],
    ["form_to_owner_ringing_ms", "owner_ringing", ringing, true],
    ["form_to_owner_answer_ms", "owner_answered", answered, reached.owner],
    ["form_to_pressed_ms", "owner_pressed", pressed, reached.owner],
    ["form_to_customer_ringing_ms", "customer_ringing", customer, reached.owner],
    ["form_to_connected_ms", "connected", connected, reached.customer],
  ];
  const latency = Object.fromEntries(steps.map(([step, , ms, happened]) => [step, happened && !inbound ? Math.round(ms) : null]));
  const talkS = isConnected ? Math.round(random.around(140, 0.6)) : 0;
  const endedAt = Math.round(at + (isConnected ? connected + talkS * 1000 : (reached.owner ? customer : ringing) + 25_000));
  const entry = (ms: number, event: string, detail: object = {}) => ({ at: new Date(ms).toISOString(), event, detail });
  const timeline = [entry(at, "received"), ...steps.filter(([, , , happened]) => happened).map(([, event, ms]) => entry(at + ms, event, event === "dialed" ? { person: person.name } : {})), entry(endedAt, "ended", { end_reason: end })];
  const isTold = isConnected && until - at < TRANSCRIPT_DAYS * DAY_MS;
  const id = idAt("call", at, random);
  const row: Row = {
    id, tenant_id: tenantId, project_id: business.projectId, lead_id: lead.id, direction: inbound ? "inbound" : "outbound", source: lead.source, person: person.name, canary: 0,
    status: "ended", end_reason: end, received_at: at, ended_at: endedAt, duration_s: isConnected ? talkS : null, call_sid: `CA${random.hex(32)}`,
    transcription: isTold ? JSON.stringify(transcriptOf(lead, person)) : null, analysis: isTold ? JSON.stringify(analysisOf(lead, random)) : null,
    timeline: JSON.stringify(timeline), latency: JSON.stringify(latency), revision: timeline.length, metered_at: endedAt, created_at: at, updated_at: endedAt,
  };
  return { row, end, talkS, at };
};
