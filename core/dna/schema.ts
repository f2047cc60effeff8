import { z } from "zod";

/*
 * The DNA: what makes one business different from the next, as data. Unknown keys are kept, so that a document
 * written for a newer Apex survives an older one; known keys are checked.
 */

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, e.g. +64211234567");
const text = (max: number) => z.string().trim().max(max);
const days = z.number().int().min(1).max(36_500);
const seconds = (min: number, max: number) => z.number().int().min(min).max(max);

export const destinationSchema = z.looseObject({ name: text(80).optional(), phone: e164 });

export const recordingSchema = z.looseObject({
  enabled: z.boolean(),
  strict: z.boolean(),
  owner_notice: text(300).min(1),
  customer_notice: text(300).min(1),
});

export const salesBridgeSchema = z.looseObject({
  /** The older form: one phone. `destinations` wins where both are given. */
  destination_phone: e164.optional(),
  destinations: z.array(destinationSchema).max(20).optional(),
  whisper_text: text(600).min(1),
  sms_alert_template: text(600).min(1),
  /** How long the owner's phone rings. Twilio allows up to 600. */
  ring_timeout_s: seconds(5, 600),
  customer_ring_timeout_s: seconds(5, 600),
  keypress_timeout_s: seconds(2, 30),
  max_call_minutes: z.number().int().min(1).max(240),
  max_age_minutes: z.number().int().min(1).max(1440),
  /** A BCP 47 tag that Twilio's `<Say>` knows. */
  language: text(12).min(2),
  recording: recordingSchema,
});

export const formMappingSchema = z.looseObject({
  name: text(120).optional(),
  phone: text(120).optional(),
  email: text(120).optional(),
  message: text(120).optional(),
  service: text(120).optional(),
  place: text(120).optional(),
});

export const serviceSchema = z.looseObject({ name: text(120).min(1), slug: text(120).optional() });

export const dnaSchema = z.looseObject({
  identity: z.looseObject({
    project_id: z.string(),
    business_name: text(120).min(1),
    niche: text(60).optional(),
    country: z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code, e.g. NZ"),
    language: text(12).optional(),
    time_zone: text(60).optional(),
  }),
  brand_brain: z.looseObject({
    voice_tone: text(300),
    key_differentiators: z.array(text(500)),
    insider_tips: z.array(text(500)),
    common_objections: z.array(text(500)),
    forbidden_topics: z.array(text(200)),
  }),
  services: z.array(serviceSchema).max(200),
  consent: z.looseObject({
    allowed_countries: z.array(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code")).max(250),
  }),
  /** Days after which the project keeps it no longer; absent: for as long as the tenant does not erase it. */
  retention: z.looseObject({ recordings_days: days.optional(), transcripts_days: days.optional(), leads_days: days.optional() }).optional(),
  modules: z.looseObject({
    lead_gen: z.looseObject({
      enabled: z.boolean(),
      form_mapping: formMappingSchema,
      sales_bridge: salesBridgeSchema,
    }),
  }),
});

export type Dna = z.infer<typeof dnaSchema>;
export type SalesBridge = z.infer<typeof salesBridgeSchema>;

/** The people to ring, in order. */
export const destinationsOf = (bridge: SalesBridge): { name: string; phone: string }[] => {
  const listed = bridge.destinations ?? [];
  const all = listed.length > 0 ? listed : bridge.destination_phone === undefined ? [] : [{ phone: bridge.destination_phone }];
  return all.map((person) => ({ name: "name" in person ? (person.name ?? "") : "", phone: person.phone }));
};
