import type { sectionWords } from "../../../lib/words/dna-fields.en.ts";

export type SectionId = keyof typeof sectionWords;

export interface Section {
  id: SectionId;
  /** Dotted paths; one of a map stands for all that the schema has in it. */
  fields: readonly string[];
}

const BRIDGE = "modules.lead_gen.sales_bridge";
const bridge = (...names: string[]): string[] => names.map((name) => `${BRIDGE}.${name}`);

/** The parts of the form, in the order in which a business is told. */
export const SECTIONS: readonly Section[] = [
  { id: "business", fields: ["identity.business_name", "identity.niche", "identity.contact", "identity.website", "identity.country", "identity.language", "identity.time_zone"] },
  { id: "services", fields: ["services"] },
  { id: "hours", fields: ["identity.opening_hours", ...bridge("hours", "holidays", "time_zone")] },
  { id: "people", fields: bridge("destinations", "ring_strategy", "fallback_contact", "attempts", "ring_timeout_s", "customer_ring_timeout_s", "keypress_timeout_s", "customer_attempts", "customer_retry_minutes", "spread_s", "max_call_minutes", "max_age_minutes", "detect_machines", "destination_phone") },
  { id: "words", fields: bridge("whisper_text", "found_whisper_text", "sms_alert_template", "customer_texts", "voicemail_message", "feedback", "decline_reasons", "language") },
  { id: "inbound", fields: ["modules.lead_gen.inbound"] },
  { id: "consent", fields: ["consent"] },
  { id: "privacy", fields: [`${BRIDGE}.recording`, "retention"] },
  { id: "brand", fields: ["brand_brain"] },
  { id: "hunt", fields: ["modules.lead_gen.sniper"] },
  { id: "scoring", fields: ["modules.lead_gen.scoring"] },
  { id: "reactivation", fields: ["modules.lead_gen.reactivation"] },
  { id: "pages", fields: ["modules.local_seo"] },
  { id: "live", fields: ["modules.lead_gen.enabled", "modules.lead_gen.live", "modules.lead_gen.form_mapping", "modules.lead_gen.targets", "modules.lead_gen.canary"] },
];

/** The section in which a value of that dotted path is changed; null: only in the YAML. */
export const sectionOf = (path: string): SectionId | null => {
  const holds = SECTIONS.flatMap(({ id, fields }) => fields.filter((field) => path === field || path.startsWith(`${field}.`)).map((field) => ({ id, length: field.length })));
  return holds.sort((a, b) => b.length - a.length)[0]?.id ?? null;
};
