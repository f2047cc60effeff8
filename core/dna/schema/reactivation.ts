import { z } from "zod";
import { count, repetitionSchema, text } from "./primitives.ts";

/** Writing to customers of old, by SMS, within what the consent gate lets through. */
export const reactivationSchema = z.looseObject({
  enabled: z.boolean(),
  inactive_months: count(1, 120).describe("Who was in touch since is left alone"),
  cooldown_months: count(1, 120).describe("Between two messages to the same person"),
  daily_limit: count(1, 500),
  message_template: text(480).min(1).describe("Places: {name}, {business}, {service}"),
  schedule: repetitionSchema,
});
