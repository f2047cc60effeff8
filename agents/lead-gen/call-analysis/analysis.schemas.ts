import { z } from "zod";

export const SUMMARY_CHARACTERS = 1200;
export const LINE_CHARACTERS = 300;
export const MOST_LINES = 10;

const sentiment = z.enum(["positive", "neutral", "negative"]);
const urgency = z.enum(["low", "medium", "high"]);
const line = z.string().max(LINE_CHARACTERS);

/** `call_analysis` of a lead's metadata (API.md). */
export const callAnalysisSchema = z.strictObject({
  summary: z.string().max(SUMMARY_CHARACTERS),
  key_points: z.array(line).max(MOST_LINES),
  customer_intent: line,
  next_steps: z.array(line).max(MOST_LINES),
  sentiment,
  urgency,
});
export type CallAnalysis = z.infer<typeof callAnalysisSchema>;

/** The same as a model is asked for it: without the lengths, since too long an answer is cut, not refused. */
export const analysisAnswerSchema = z.object({
  summary: z.string().describe("Two to four sentences: who called about what, and how it ended"),
  key_points: z.array(z.string()).describe("Facts that the business needs: what is broken, where, since when, prices and times agreed. At most ten"),
  customer_intent: z.string().describe("What the customer wants, in one sentence"),
  next_steps: z.array(z.string()).describe("What the business has to do now, most urgent first. Empty if nothing"),
  sentiment: sentiment.describe("How the customer feels at the end of the call"),
  urgency: urgency.describe("high: damage or danger now, or wanted today; medium: within days; low: later, or only asking"),
});
