import { z } from "zod";
import { holidaysSchema, hoursSchema } from "../../core/dna/hours.ts";

const personSchema = z.object({
  name: z.string(),
  phone: z.string(),
  schedule: z.object({ hours: hoursSchema.optional(), holidays: holidaysSchema.optional(), time_zone: z.string() }),
});
export type Person = z.infer<typeof personSchema>;

/** What a caller hears in one language. */
const spokenSchema = z.object({ language: z.string(), greeting: z.string(), closed_greeting: z.string(), notice: z.string(), voicemail_prompt: z.string() });

const cap = z.number().nullable();
const policySchema = z.object({
  allowed_countries: z.array(z.string()).readonly(),
  country: z.string(),
  time_zone: z.string().nullable(),
  cooldown_minutes: z.number(),
  caps: z.object({ calls_per_hour: cap, calls_per_day: cap, sms_per_hour: cap, sms_per_day: cap, money_per_month_micros: cap }),
});

/** All that a call needs to know, taken from lead and DNA when it was accepted: later edits do not change a call in flight. */
export const planSchema = z.object({
  call_id: z.string(),
  lead_id: z.string(),
  project_id: z.string(),
  tenant_id: z.string(),
  direction: z.enum(["outbound", "inbound"]),
  /** The request that asked for it: what the call writes and logs bears its name. */
  request_id: z.string().optional(),
  /** ms: when the form came in, or the caller called; every latency counts from here. */
  received_at: z.number(),
  /** When the customer asked for this call, ms; null when they did not. */
  asked_at: z.number().nullable(),
  /** The number that both people see. */
  from: z.string(),
  /** The Twilio account of that number, which everything of this call is asked of; null: the service's own. */
  account_sid: z.string().nullable(),
  /** Null: a caller who hides their number. */
  customer: z.object({ name: z.string(), phone: z.string().nullable() }),
  /** Where the customer is, as far as their address tells. */
  place: z.object({ state: z.string().nullable(), time_zone: z.string().nullable() }).nullable(),
  destinations: z.array(personSchema),
  strategy: z.enum(["sequential", "simultaneous", "round_robin"]),
  rounds: z.number(),
  pause_s: z.number(),
  /** 0 … 0.9: the part of the pause that chance may add or take. */
  jitter: z.number(),
  customer_attempts: z.number(),
  customer_retry_s: z.number(),
  spread_s: z.number(),
  /** Hours do not matter. */
  emergency: z.boolean(),
  detect_machines: z.object({ owner: z.boolean(), customer: z.boolean() }),
  /** What the owner hears before the keys are explained. */
  whisper: z.string(),
  decline_reasons: z.array(z.string()),
  voicemail_message: z.object({ text: z.string().optional(), audio_url: z.string().optional() }).nullable(),
  texts: z.object({
    card: z.string(),
    voicemail_card: z.string(),
    alert: z.string(),
    before_ring: z.string().nullable(),
    missed: z.string().nullable(),
    feedback: z.string().nullable(),
    text_back: z.string().nullable(),
  }),
  fallback_phone: z.string().nullable(),
  language: z.string(),
  ring_timeout_s: z.number(),
  customer_ring_timeout_s: z.number(),
  keypress_timeout_s: z.number(),
  max_call_s: z.number(),
  max_age_ms: z.number(),
  recording: z.object({ enabled: z.boolean(), strict: z.boolean(), owner_notice: z.string(), customer_notice: z.string() }),
  /** Null for calls that we place. The first language is the business's own. */
  inbound: z
    .object({
      languages: z.array(spokenSchema.extend({ key: z.string(), offer: z.string() })).min(1),
      message_max_s: z.number(),
      /** Nobody is rung: the tenant is suspended. */
      message_only: z.boolean().default(false),
      emergency_offer: z.string().nullable(),
      /** Names the text-back; the same within the cooldown, so that there is one. */
      text_back_key: z.string(),
    })
    .nullable(),
  policy: policySchema,
});
export type Plan = z.infer<typeof planSchema>;
