import { z } from "zod";
import { slugSchema, text, words } from "./primitives.ts";

export const serviceSchema = z.looseObject({
  name: text(120).min(1),
  slug: slugSchema.optional(),
  primary_keywords: words(50).optional().describe("What a customer types who wants exactly this"),
  context_keywords: words(50).optional().describe("Words that belong to the matter and make a text about it credible"),
  price_from: z.number().min(0).max(10_000_000).optional().describe("In the country's currency; shown as “from”"),
  emergency: z.boolean().optional().describe("Leads for it do not wait for opening hours"),
});

export const servicesSchema = z.array(serviceSchema).max(200);
