import { z } from "zod";

/* What the API leaves open, as far as these screens show it. */

const fieldSchema = z.object({ path: z.string(), value: z.unknown(), origin: z.string(), source_url: z.string().nullable(), confidence: z.number() });
export type FoundField = z.infer<typeof fieldSchema>;

const simulationSchema = z.object({ passed: z.boolean(), rings: z.string().nullable(), checks: z.array(z.object({ what: z.string(), passed: z.boolean(), detail: z.string() })) });

/** The result of a run that has set a business up, or read its website again. */
export const readingSchema = z.object({
  fields: z.array(fieldSchema),
  questions: z.array(z.string()),
  pages: z.array(z.object({ url: z.string(), title: z.string() })),
  problems: z.array(z.object({ url: z.string(), problem: z.string() })),
  dropped: z.number(),
  simulation: simulationSchema.optional(),
});

export const goLiveSchema = z.object({ live: z.boolean(), simulation: simulationSchema });

const serviceSchema = z.looseObject({ name: z.string(), price_from: z.number().optional() });
export type Service = z.infer<typeof serviceSchema>;

const texts = z.array(z.string()).default([]);
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const hoursSchema = z.partialRecord(z.enum(DAYS), z.array(z.string()));
export type Hours = z.infer<typeof hoursSchema>;

/** The parts of the effective DNA that are checked here. */
export const dnaPartsSchema = z.object({
  identity: z.object({
    business_name: z.string().default(""),
    niche: z.string().default(""),
    website: z.string().optional(),
    contact: z.object({ phone: z.string().optional(), email: z.string().optional(), address: z.unknown().optional() }).optional(),
    opening_hours: hoursSchema.optional(),
  }),
  services: z.array(serviceSchema).default([]),
  brand_brain: z.object({ key_differentiators: texts }),
  modules: z.object({
    local_seo: z.object({ scout_settings: z.object({ geo_scope: z.object({ cities: texts, suburbs: texts }).partial().optional() }).partial().optional() }),
    lead_gen: z.object({
      live: z.boolean(),
      sales_bridge: z.object({ destination_phone: z.string().optional(), destinations: z.array(z.object({ name: z.string().optional(), phone: z.string() })).optional() }),
    }),
  }),
});
export type DnaParts = z.infer<typeof dnaPartsSchema>;

/** Whom leads ring first. */
export const ownerOf = ({ modules }: DnaParts): string => modules.lead_gen.sales_bridge.destinations?.[0]?.phone ?? modules.lead_gen.sales_bridge.destination_phone ?? "";
