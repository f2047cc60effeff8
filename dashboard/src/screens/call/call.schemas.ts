import { z } from "zod";

/* The API leaves these open (`unknown`), since they grow; what is shown of them is parsed here, and what is strange is not shown. */

export const transcriptSchema = z.object({ segments: z.array(z.object({ speaker: z.enum(["owner", "customer", "unknown"]), start_s: z.number(), end_s: z.number(), text: z.string() })) });
export type Segment = z.infer<typeof transcriptSchema>["segments"][number];

export const analysisSchema = z.object({
  summary: z.string(),
  key_points: z.array(z.string()),
  customer_intent: z.string(),
  next_steps: z.array(z.string()),
  sentiment: z.enum(["positive", "neutral", "negative"]),
  urgency: z.enum(["low", "medium", "high"]),
});

export const eventsSchema = z.array(z.object({ at: z.string(), event: z.string(), detail: z.record(z.string(), z.unknown()).default({}) }));
