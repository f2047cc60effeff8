import { fillTemplate } from "../../core/contact/fill-template.ts";
import { type Dna, destinationsOf } from "../../core/dna/schema.ts";
import type { Plan } from "./bridge-call.types.ts";

/** What the call needs of the lead. */
export interface LeadToCall {
  id: string;
  name: string;
  phone: string;
  message: string | null;
  service: string | null;
  place: string | null;
}

/** Twilio's limit for one message is 1,600 characters (error 21617); a card beyond a few segments is not read anyway. */
const MAX_SMS = 640;
const MAX_SPOKEN_MESSAGE = 200;

const shorten = (text: string | null, max: number): string | null => (text !== null && text.length > max ? `${text.slice(0, max - 1)}…` : text);

/** Spoken text runs on where nothing closes it. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

const valuesOf = (dna: Dna, lead: Omit<LeadToCall, "phone"> & { phone: string | null; email?: string | null }) => ({
  business: dna.identity.business_name,
  name: lead.name === "" ? null : lead.name,
  phone: lead.phone ?? lead.email ?? null,
  service: lead.service,
  place: lead.place,
});

/** The lead as a text to the owner, by the DNA's template. */
export const leadCard = (dna: Dna, lead: Omit<LeadToCall, "phone"> & { phone: string | null; email?: string | null }): string =>
  fillTemplate(dna.modules.lead_gen.sales_bridge.sms_alert_template, { ...valuesOf(dna, lead), message: lead.message }).slice(0, MAX_SMS);

/** A pure reading of lead and DNA. `from`: the number that both people see. */
export const planCall = (input: { call_id: string; tenant_id: string; project_id: string; received_at: number; from: string; lead: LeadToCall; dna: Dna }): Plan => {
  const { lead, dna } = input;
  const bridge = dna.modules.lead_gen.sales_bridge;
  const values = valuesOf(dna, lead);
  const spoken = fillTemplate(bridge.whisper_text, { ...values, name: values.name ?? "Somebody", message: shorten(lead.message, MAX_SPOKEN_MESSAGE) });
  return {
    call_id: input.call_id,
    lead_id: lead.id,
    project_id: input.project_id,
    tenant_id: input.tenant_id,
    received_at: input.received_at,
    from: input.from,
    customer: { name: lead.name, phone: lead.phone },
    destinations: destinationsOf(bridge),
    whisper: `${sentence(spoken)} Press 1 to connect, 2 to hear this again, 0 to decline.`,
    sms_card: leadCard(dna, lead),
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
    policy: { allowed_countries: dna.consent.allowed_countries, country: dna.identity.country },
  };
};
