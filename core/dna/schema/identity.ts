import { z } from "zod";
import { hoursSchema, timeZoneSchema } from "../hours.ts";
import { e164 } from "../phone.schema.ts";
import { text } from "./primitives.ts";

const contactSchema = z
  .looseObject({
    phone: e164.optional(),
    email: z.email("must be an e-mail address").max(254).optional(),
    address: text(300).optional(),
  })
  .describe("What customers may be told; whom leads ring is in modules.lead_gen.sales_bridge");

export const identitySchema = z.looseObject({
  project_id: z.string().describe("The project's own; what is written here has no effect"),
  business_name: text(120).min(1),
  niche: text(60).optional().describe("The trade. One that Apex knows (plumber, lawyer, locksmith, electrician, roofer, dentist) brings its vertical's services and words"),
  contact: contactSchema.optional(),
  website: z.url({ protocol: /^https?$/ }).max(2048).optional().describe("Where customers read about it; what a re-scan reads"),
  country: z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 country code, e.g. NZ"),
  language: text(12).optional().describe("BCP 47, e.g. en-NZ"),
  opening_hours: hoursSchema.optional().describe("What customers may be told; when leads ring is in modules.lead_gen.sales_bridge.hours"),
  time_zone: timeZoneSchema.optional().describe("IANA name, e.g. Pacific/Auckland"),
});
