import { z } from "zod";
import { e164 } from "./phone.schema.ts";
import { brandBrainSchema, formMappingSchema, identitySchema, localSeoSchema, reactivationSchema, retentionSchema, scoringSchema, servicesSchema, sniperSchema } from "./schema/index.ts";

export * from "./schema/index.ts";

/*
 * The DNA: what makes one business different from the next, as data. Unknown keys are kept, so that a document
 * written for a newer Apex survives an older one; known keys are checked.
 */

const text = (max: number) => z.string().trim().max(max);
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

export const dnaSchema = z.looseObject({
  identity: identitySchema,
  brand_brain: brandBrainSchema,
  services: servicesSchema,
  consent: z.looseObject({
    allowed_countries: z.array(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code")).max(250),
  }),
  retention: retentionSchema,
  modules: z.looseObject({
    local_seo: localSeoSchema,
    lead_gen: z.looseObject({
      enabled: z.boolean(),
      form_mapping: formMappingSchema,
      sniper: sniperSchema,
      reactivation: reactivationSchema,
      scoring: scoringSchema,
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
