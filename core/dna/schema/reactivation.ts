import { z } from "zod";
import { count, repetitionSchema, text } from "./primitives.ts";

/** Writing to customers of old, by SMS, within what the consent gate lets through. */
export const reactivationSchema = z.looseObject({
  enabled: z.boolean().describe("true: sent by the schedule, without a hand. By hand it works either way"),
  inactive_months: count(1, 120).describe("Who was in touch since is left alone"),
  cooldown_months: count(1, 120).describe("Between two messages to the same person"),
  daily_limit: count(1, 500).describe("Texts a day, by the business's calendar"),
  per_minute: count(1, 60).describe("Texts a minute"),
  message_template: text(480).min(1).describe("Places: {name}, {business}, {service}. The business's name and how to stop are added where they are missing"),
  personalised: z.boolean().describe("true: a model writes each text from the template and the person's history, within limits; false: the template as it is"),
  max_opt_out_percent: z.number().min(0).max(100).describe("A campaign pauses itself above this share of opt-outs"),
  opt_out_after: count(1, 500).describe("… once so many texts were sent"),
  schedule: repetitionSchema,
});
