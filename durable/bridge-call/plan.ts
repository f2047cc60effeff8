import { currentRequestId } from "../../core/observe/activity.ts";
import type { Line } from "../../core/contact/line.ts";
import { fillOrNull, fillTemplate, sentence, shorten } from "../../core/contact/template.ts";
import { isEmergency } from "../../core/dna/emergency.ts";
import { type Dna, destinationsOf } from "../../core/dna/schema.ts";
import { zoneOf } from "../../core/dna/time-zone.ts";
import { likelyCountry } from "../../core/phone.ts";
import { placeOfAddress } from "../../core/security/consent/address.ts";
import { policyOf } from "../../core/security/consent/policy.ts";
import type { Plan } from "./plan.schema.ts";

/** What the call needs of the lead. */
export interface LeadToCall {
  id: string;
  name: string;
  phone: string;
  message: string | null;
  service: string | null;
  place: string | null;
  /** The platform on which a hunt found it: its person did not write to us, and gets no text that they did not ask for. */
  found_on?: string | null;
}

/** What a card and a whisper tell: a lead, whether or not it can be called. */
export type LeadToTell = Omit<LeadToCall, "phone"> & { phone: string | null; email?: string | null };

export interface CallToPlan {
  call_id: string;
  tenant_id: string;
  project_id: string;
  received_at: number;
  /** When the customer asked for this call; null when they did not. */
  asked_at: number | null;
  /** The number that both people see. */
  line: Line;
  /** Where the lead can be looked at; "" for nowhere. */
  link: string;
  dna: Dna;
}

/** Twilio's limit for one message is 1,600 characters (error 21617); a card beyond a few segments is not read anyway. */
const MAX_SMS = 640;
const MAX_MESSAGE = { spoken: 200, card: 300 };

/** A found lead is called by its title, with which its words begin. */
const wordsOf = ({ found_on, name, message }: LeadToTell): string | null => (found_on == null || message === null || !message.startsWith(name) ? message : message.slice(name.length).trim());

const valuesOf = (dna: Dna, lead: LeadToTell, link = "") => ({
  business: dna.identity.business_name,
  name: lead.name === "" ? null : lead.name,
  phone: lead.phone ?? lead.email ?? null,
  service: lead.service,
  place: lead.place,
  message: shorten(wordsOf(lead), MAX_MESSAGE.card),
  platform: lead.found_on ?? null,
  link: link === "" ? null : link,
});

/** The lead as a text to the owner, by the DNA's template. */
export const leadCard = (dna: Dna, lead: LeadToTell, link = ""): string =>
  fillTemplate(dna.modules.lead_gen.sales_bridge.sms_alert_template, valuesOf(dna, lead, link)).slice(0, MAX_SMS);

/** What both directions have in common. */
const common = (input: CallToPlan, lead: LeadToTell) => {
  const { dna } = input;
  const bridge = dna.modules.lead_gen.sales_bridge;
  const { voicemail_message: left } = bridge;
  const values = valuesOf(dna, lead, input.link);
  const request_id = currentRequestId();
  return {
    ...(request_id === null ? {} : { request_id }),
    call_id: input.call_id,
    lead_id: lead.id,
    project_id: input.project_id,
    tenant_id: input.tenant_id,
    received_at: input.received_at,
    asked_at: input.asked_at,
    from: input.line.from,
    account_sid: input.line.account_sid,
    customer: { name: lead.name, phone: lead.phone },
    place: placeOfAddress(lead.place, likelyCountry(lead.phone ?? "") ?? dna.identity.country),
    destinations: destinationsOf(bridge, zoneOf(dna)),
    strategy: bridge.ring_strategy,
    rounds: bridge.attempts.rounds,
    pause_s: bridge.attempts.pause_s,
    jitter: bridge.attempts.jitter,
    customer_attempts: bridge.customer_attempts,
    customer_retry_s: bridge.customer_retry_minutes * 60,
    spread_s: bridge.spread_s,
    emergency: isEmergency(dna, lead),
    detect_machines: bridge.detect_machines,
    decline_reasons: bridge.decline_reasons,
    voicemail_message: left === undefined || (left.text === undefined && left.audio_url === undefined) ? null : { ...(left.text === undefined ? {} : { text: fillTemplate(left.text, values) }), ...(left.audio_url === undefined ? {} : { audio_url: left.audio_url }) },
    fallback_phone: bridge.fallback_contact?.phone ?? null,
    language: bridge.language,
    ring_timeout_s: bridge.ring_timeout_s,
    customer_ring_timeout_s: bridge.customer_ring_timeout_s,
    keypress_timeout_s: bridge.keypress_timeout_s,
    max_call_s: bridge.max_call_minutes * 60,
    max_age_ms: bridge.max_age_minutes * 60_000,
    recording: {
      enabled: bridge.recording.enabled,
      strict: bridge.recording.strict,
      owner_notice: bridge.recording.owner_notice,
      customer_notice: bridge.recording.customer_notice,
    },
    policy: policyOf(dna),
  } satisfies Partial<Plan>;
};

const spokenFor = (template: string, values: ReturnType<typeof valuesOf>, otherwise: string): string =>
  sentence(fillTemplate(template, { ...values, name: values.name ?? otherwise, message: shorten(values.message, MAX_MESSAGE.spoken) }));

const feedbackOf = (dna: Dna, lead: LeadToTell): string | null => {
  const { feedback } = dna.modules.lead_gen.sales_bridge;
  const values = valuesOf(dna, lead);
  return feedback.enabled ? fillOrNull(feedback.text, { ...values, name: values.name ?? values.phone ?? "the caller" }) : null;
};

/** A call that we place: a pure reading of lead and DNA. */
export const planCall = (input: CallToPlan & { lead: LeadToCall }): Plan => {
  const { lead, dna } = input;
  const bridge = dna.modules.lead_gen.sales_bridge;
  const values = valuesOf(dna, lead, input.link);
  const card = leadCard(dna, lead, input.link);
  const isFound = lead.found_on != null;
  return {
    ...common(input, lead),
    direction: "outbound",
    whisper: spokenFor(isFound ? bridge.found_whisper_text : bridge.whisper_text, values, "Somebody"),
    texts: {
      card,
      voicemail_card: card,
      alert: `Nobody could be reached about this lead.\n${card}`.slice(0, MAX_SMS),
      before_ring: isFound ? null : fillOrNull(bridge.customer_texts.before_ring, values, ["person"]),
      missed: isFound ? null : fillOrNull(bridge.customer_texts.missed, values),
      feedback: feedbackOf(dna, lead),
      text_back: null,
    },
    inbound: null,
  };
};

/** A call that comes in. `caller.phone` null: they hide their number. `textBack`: whether a missed call is answered by a text. `messageOnly`: nobody is rung, and a message is taken. */
export const planInbound = (input: CallToPlan & { lead: LeadToTell; textBack: boolean; messageOnly: boolean }): Plan => {
  const { lead, dna } = input;
  const { inbound, sales_bridge: bridge } = dna.modules.lead_gen;
  const values = valuesOf(dna, lead, input.link);
  const who = values.name ?? (lead.phone === null ? "a caller without a number" : "a new caller");
  const missed = fillTemplate(`${dna.identity.business_name}: {what} from {who} {phone}\n{link}`, { ...values, who, what: "missed call" });
  const spoken = (texts: { greeting: string; notice: string; voicemail_prompt: string }) => ({
    greeting: fillTemplate(texts.greeting, values),
    closed_greeting: fillTemplate(inbound.closed_greeting, values),
    notice: texts.notice,
    voicemail_prompt: fillTemplate(texts.voicemail_prompt, values),
  });
  const cooldownMs = inbound.text_back_cooldown_minutes * 60_000;
  const period = cooldownMs === 0 ? input.call_id : String(Math.floor(input.received_at / cooldownMs));
  const notice = bridge.recording.enabled ? ` ${bridge.recording.owner_notice}` : "";
  return {
    ...common(input, lead),
    direction: "inbound",
    // Both sides hear that the call is recorded before they are joined: the owner with the whisper.
    whisper: `${spokenFor(inbound.whisper_text, { ...values, name: who }, who)}${notice}`,
    texts: {
      card: missed,
      voicemail_card: fillTemplate(`${dna.identity.business_name}: {what} from {who} {phone}\n{link}`, { ...values, who, what: "voicemail" }),
      alert: `Nobody took this call.\n${missed}`,
      before_ring: null,
      missed: null,
      feedback: feedbackOf(dna, lead),
      text_back: input.textBack ? fillOrNull(inbound.text_back, values) : null,
    },
    inbound: {
      languages: [
        { key: "", offer: "", language: bridge.language, ...spoken(inbound) },
        ...inbound.languages.map((choice) => ({ key: choice.key, offer: choice.offer, language: choice.language, ...spoken(choice), closed_greeting: "" })),
      ],
      message_max_s: inbound.voicemail.max_s,
      message_only: input.messageOnly,
      emergency_offer: dna.services.some((service) => service.emergency === true) ? fillOrNull(inbound.emergency_offer, values) : null,
      text_back_key: `text_back:${input.project_id}:${lead.phone ?? ""}:${period}`,
    },
  };
};
