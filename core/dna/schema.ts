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

const scheduleFields = {
  hours: hoursSchema.optional().describe("When they may be rung: windows by weekday; a day that is not named is closed. Left out: at any time"),
  holidays: holidaysSchema.optional().describe("Dates on which nobody is rung, or only in the hours that are given"),
  time_zone: timeZoneSchema.optional().describe("IANA name; left out: the business's own"),
};

const destinationSchema = z.looseObject({ name: text(80).optional(), phone: e164, ...scheduleFields });

const recordingSchema = z.looseObject({
  enabled: z.boolean(),
  strict: z.boolean().describe("true: recording starts only after both sides have heard the notice"),
  owner_notice: text(300).min(1).describe("Said to whoever takes the call"),
  customer_notice: text(300).min(1).describe("Said to the customer"),
});

const salesBridgeSchema = z.looseObject({
  destination_phone: e164.optional().describe("The older form: one phone. `destinations` wins where both are given"),
  destinations: z.array(destinationSchema).max(20).optional().describe("The people whom leads ring, in this order"),
  /** For everybody in `destinations` who has no hours of their own. */
  ...scheduleFields,
  fallback_contact: z.looseObject({ name: text(80).optional(), phone: e164 }).optional().describe("Who is told when a lead reached nobody"),
  ring_strategy: z.enum(["sequential", "simultaneous", "round_robin"]).describe("sequential: one after another; simultaneous: all at once, the first to press 1 has the lead; round_robin: in turn"),
  attempts: z
    .looseObject({
      rounds: z.number().int().min(1).max(5).describe("How often everybody is tried"),
      pause_s: seconds(10, 7200).describe("Seconds between two rounds"),
      jitter: z.number().min(0).max(0.9).describe("Give or take this share of the pause"),
    })
    .describe("How often everybody is tried, and how long we wait in between"),
  customer_attempts: z.number().int().min(1).max(5).describe("How often the customer is rung at most, the owner choosing each time"),
  customer_retry_minutes: z.number().int().min(1).max(240).describe("Minutes between two of those"),
  spread_s: seconds(0, 3600).describe("Leads that came while everybody was closed are rung this many seconds apart, newest first"),
  detect_machines: z.object({ owner: z.boolean(), customer: z.boolean() }).describe("Listens for voicemail machines: on the owner's leg to hang up sooner, on the customer's to offer the menu. Twilio charges for it"),
  decline_reasons: z.array(text(80).min(1)).max(8).describe("What key 0 asks for, in the order of the keys 1, 2, …; none: it declines at once"),
  voicemail_message: z
    .looseObject({ text: text(600).min(1).optional(), audio_url: z.url({ protocol: /^https$/ }).optional() })
    .optional()
    .describe("Left on the customer's machine when the owner presses 2: words, or the address of a recording that is played"),
  customer_texts: z
    .looseObject({ before_ring: text(300).describe("Just before they are rung. Places: {person}, {business}"), missed: text(480).describe("When nobody could be reached. Places: {name}, {business}") })
    .describe("Texts to the customer; an empty one is not sent"),
  feedback: z.looseObject({ enabled: z.boolean(), text: text(480).min(1).describe("Places: {business}, {name}") }).describe("The text that asks the owner how it went"),
  whisper_text: text(600).min(1).describe("What the owner hears first. Places: {business}, {name}, {service}, {place}, {message}"),
  found_whisper_text: text(600).min(1).describe("… for a lead that asked nobody for a call: it was found in public. Also: {platform}"),
  sms_alert_template: text(600).min(1).describe("The lead as a text to the owner. Places: {business}, {name}, {phone}, {service}, {place}, {message}, {link}"),
  ring_timeout_s: seconds(5, 600).describe("Seconds that the owner's phone rings"),
  customer_ring_timeout_s: seconds(5, 600).describe("Seconds that the customer's phone rings"),
  keypress_timeout_s: seconds(2, 30).describe("Seconds that the owner has to press a key once the whisper is spoken"),
  max_call_minutes: z.number().int().min(1).max(240).describe("Minutes after which a conversation is ended"),
  max_age_minutes: z.number().int().min(1).max(1440).describe("A call that could not be placed by then is not placed any more; the owner gets the lead as a text"),
  language: text(12).min(2).describe("A BCP 47 tag that Twilio's <Say> knows, e.g. en-NZ"),
  recording: recordingSchema,
});

const spokenSchema = {
  greeting: text(400).describe("Said to whoever rings the business's number"),
  notice: text(300).describe("That the call is recorded"),
  voicemail_prompt: text(400).min(1).describe("Said when nobody can take the call"),
};

const inboundSchema = z.looseObject({
  ...spokenSchema,
  whisper_text: text(600).min(1).describe("What the owner hears first. Places: {business}, {name}"),
  closed_greeting: text(400).describe("Said in place of greeting while nobody works"),
  languages: z
    .array(z.looseObject({ key: z.string().regex(/^[1-9]$/, "must be one key, 1 to 9"), language: text(12).min(2), offer: text(200).min(1), ...spokenSchema }))
    .max(5)
    .describe("Other languages that the caller may choose by a key; who waits has the bridge's own"),
  voicemail: z.looseObject({ max_s: seconds(10, 600).describe("The longest message, in seconds") }),
  text_back: text(480).describe("The text to somebody whose call was missed; an empty one is not sent"),
  text_back_cooldown_minutes: z.number().int().min(0).max(10_080).describe("Least minutes between two of those to the same person"),
  emergency_offer: text(300).describe("Offered to callers outside of hours where a service is an emergency; empty: not offered"),
});

const cap = z.number().int().min(0).optional();

const contactCapsSchema = z.looseObject({
  calls_per_hour: cap,
  calls_per_day: cap,
  sms_per_hour: cap,
  sms_per_day: cap,
  money_per_month_usd: z.number().min(0).max(1_000_000).optional().describe("US dollars a calendar month (UTC), by estimated list prices until the true ones are known"),
});

export const dnaSchema = z.looseObject({
  identity: identitySchema,
  brand_brain: brandBrainSchema,
  services: servicesSchema,
  consent: z.looseObject({
    allowed_countries: z.array(z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code")).max(250).describe("Countries that may be rung and texted, besides the business's own, e.g. NZ"),
    // The limiter remembers 30 days.
    cooldown_minutes: z.number().int().min(0).max(43_200).default(0).describe("Least minutes between two contacts that a customer did not ask for, by one channel; 0: none"),
    caps: contactCapsSchema.default({}).describe("Of the account as a whole; what is not named has no cap but the plan's"),
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
