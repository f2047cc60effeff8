import { z } from "zod";
import { holidaysSchema, hoursSchema, type Schedule, timeZoneSchema } from "./hours.ts";
import { canaryRingsNobody, canarySchema, targetsSchema } from "./canary.schema.ts";
import { e164 } from "./phone.schema.ts";
import { brandBrainSchema, formMappingSchema, identitySchema, localSeoSchema, reactivationSchema, retentionSchema, scoringSchema, servicesSchema, sniperSchema } from "./schema/index.ts";

export * from "./schema/index.ts";

/*
 * The DNA: what makes one business different from the next, as data. Unknown keys are kept, so that a document
 * written for a newer Apex survives an older one; known keys are checked.
 */

const text = (max: number) => z.string().trim().max(max);
const seconds = (min: number, max: number) => z.number().int().min(min).max(max);

/** When somebody may be rung; without `hours`, at any time. */
const scheduleFields = { hours: hoursSchema.optional(), holidays: holidaysSchema.optional(), time_zone: timeZoneSchema.optional() };

export const destinationSchema = z.looseObject({ name: text(80).optional(), phone: e164, ...scheduleFields });

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
  /** For everybody in `destinations` who has no hours of their own. */
  ...scheduleFields,
  /** Who is told when a lead reached nobody. */
  fallback_contact: z.looseObject({ name: text(80).optional(), phone: e164 }).optional(),
  ring_strategy: z.enum(["sequential", "simultaneous", "round_robin"]),
  /** How often everybody is tried, and how long we wait in between: `pause_s`, give or take `jitter` of it. */
  attempts: z.looseObject({ rounds: z.number().int().min(1).max(5), pause_s: seconds(10, 7200), jitter: z.number().min(0).max(0.9) }),
  /** How often the customer is rung at most, the owner choosing each time. */
  customer_attempts: z.number().int().min(1).max(5),
  customer_retry_minutes: z.number().int().min(1).max(240),
  /** Leads that came while everybody was closed are rung this far apart, newest first. */
  spread_s: seconds(0, 3600),
  /** Listens for voicemail machines: on the owner's leg to hang up sooner, on the customer's to offer the menu. Twilio charges for it. */
  detect_machines: z.object({ owner: z.boolean(), customer: z.boolean() }),
  /** What key 0 asks for, in the order of the keys 1, 2, …; none: it declines at once. */
  decline_reasons: z.array(text(80).min(1)).max(8),
  /** Left on the customer's machine when the owner presses 2: words, or the address of a recording that is played. */
  voicemail_message: z.looseObject({ text: text(600).min(1).optional(), audio_url: z.url({ protocol: /^https$/ }).optional() }).optional(),
  /** Texts to the customer; an empty one is not sent. */
  customer_texts: z.looseObject({ before_ring: text(300), missed: text(480) }),
  feedback: z.looseObject({ enabled: z.boolean(), text: text(480).min(1) }),
  whisper_text: text(600).min(1),
  found_whisper_text: text(600).min(1),
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

const spokenSchema = { greeting: text(400), notice: text(300), voicemail_prompt: text(400).min(1) };

export const inboundSchema = z.looseObject({
  ...spokenSchema,
  whisper_text: text(600).min(1),
  /** Said in place of `greeting` while nobody works. */
  closed_greeting: text(400),
  /** Other languages that the caller may choose by a key; the first choice is the bridge's own, by waiting. */
  languages: z.array(z.looseObject({ key: z.string().regex(/^[1-9]$/, "must be one key, 1 to 9"), language: text(12).min(2), offer: text(200).min(1), ...spokenSchema })).max(5),
  voicemail: z.looseObject({ max_s: seconds(10, 600) }),
  /** The text to somebody whose call was missed; an empty one is not sent. */
  text_back: text(480),
  text_back_cooldown_minutes: z.number().int().min(0).max(10_080),
  /** Offered to callers outside of hours where the DNA has an emergency service; empty: not offered. */
  emergency_offer: text(300),
});

const cap = z.number().int().min(0).optional();

export const contactCapsSchema = z.looseObject({
  calls_per_hour: cap,
  calls_per_day: cap,
  sms_per_hour: cap,
  sms_per_day: cap,
  /** US dollars a calendar month (UTC), by estimated list prices until the true ones are known. */
  money_per_month_usd: z.number().min(0).max(1_000_000).optional(),
});

export const dnaSchema = z.looseObject({
  identity: identitySchema,
  brand_brain: brandBrainSchema,
  services: servicesSchema,
  consent: z.looseObject({
    allowed_countries: z.array(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code")).max(250),
    /** Least minutes between two contacts that a customer did not ask for, by one channel; 0: none. The limiter remembers 30 days. */
    cooldown_minutes: z.number().int().min(0).max(43_200).default(0),
    /** Of the tenant as a whole; what is not named (or null in a layer) has no cap. */
    caps: contactCapsSchema.default({}),
  }),
  retention: retentionSchema,
  modules: z.looseObject({
    local_seo: localSeoSchema,
    lead_gen: z.looseObject({
      enabled: z.boolean(),
      live: z.boolean().describe("false: leads are stored and texted to the owner, and rung once the project goes live"),
      form_mapping: formMappingSchema,
      sniper: sniperSchema,
      reactivation: reactivationSchema,
      scoring: scoringSchema,
      sales_bridge: salesBridgeSchema,
      inbound: inboundSchema,
      targets: targetsSchema,
      canary: canarySchema,
    }).superRefine(canaryRingsNobody),
  }),
});

export type Dna = z.infer<typeof dnaSchema>;
export type SalesBridge = z.infer<typeof salesBridgeSchema>;

/** Somebody on the business's side, and when they may be rung. */
export interface Destination {
  name: string;
  phone: string;
  schedule: Schedule;
}

/** Their phones and names, in the DNA's order. */
export const peopleOf = (bridge: SalesBridge): { name: string; phone: string }[] => destinationsOf(bridge, "UTC").map(({ name, phone }) => ({ name, phone }));

/** The people to ring, in the DNA's order; `zone` is the business's. */
export const destinationsOf = (bridge: SalesBridge, zone: string): Destination[] => {
  const listed = bridge.destinations ?? [];
  const all: z.infer<typeof destinationSchema>[] = listed.length > 0 ? listed : bridge.destination_phone === undefined ? [] : [{ phone: bridge.destination_phone }];
  return all.map((person) => ({
    name: person.name ?? "",
    phone: person.phone,
    schedule: {
      hours: person.hours ?? bridge.hours,
      holidays: person.holidays ?? bridge.holidays,
      time_zone: person.time_zone ?? bridge.time_zone ?? zone,
    },
  }));
};
