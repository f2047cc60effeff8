import { z } from "zod";

/** The three things that a lead is judged by. */
export const parts = ["urgency", "budget", "fit"] as const;

/** A part as it was judged: 0 to 100, with the sentence that says why, and whether that rests on the lead's own words. */
const judgedPartSchema = z.object({ score: z.number().int().min(0).max(100), evidence: z.string(), supported: z.boolean() });
export type JudgedPart = z.infer<typeof judgedPartSchema>;
const judgementSchema = z.object({ urgency: judgedPartSchema, budget: judgedPartSchema, fit: judgedPartSchema });
export type Judgement = z.infer<typeof judgementSchema>;

export const rules = ["outside_area", "forbidden_topic", "spam", "no_service"] as const;
export type Rule = (typeof rules)[number];

/** What is kept of a score in a lead's `metadata.scoring`; `metadata.score` is the total. */
export const scoringRecordSchema = z.object({
  /** What a model found; null where no model was asked. */
  judgement: judgementSchema.nullable(),
  rules: z.array(z.enum(rules)),
  band: z.enum(["hot", "warm", "cold"]).nullable(),
  /** Of everything that the judgement rests on: the same again is not paid for again. */
  digest: z.string().nullable(),
  /** Null where no model was asked. */
  model: z.string().nullable(),
  prompt_version: z.number().int().nullable(),
  /** How often a model was asked in vain. */
  unanswered: z.number().int(),
  /** ISO 8601. */
  at: z.string(),
  run_id: z.string(),
});
export type ScoringRecord = z.infer<typeof scoringRecordSchema>;

/** What a lead is judged by. Strangers' words. */
export interface LeadToScore {
  id: string;
  title: string;
  message: string;
  place: string | null;
  urgency: string | null;
  /** ISO 8601. */
  posted_at: string | null;
}
