import type { Dna } from "../../../core/dna/schema.ts";
import { type Judgement, type JudgedPart, parts, type ScoringRecord } from "./scoring.types.ts";

/** What a part that nothing in the lead's own words speaks for can count at most. */
export const UNSUPPORTED_AT_MOST = 50;

const worthOf = ({ score, supported }: JudgedPart): number => (supported ? score : Math.min(score, UNSUPPORTED_AT_MOST));

/** The mean of the parts by their weights, a whole number from 0 to 100. */
export const totalOf = (judgement: Judgement, weights: Dna["modules"]["lead_gen"]["scoring"]["weights"]): number => {
  const whole = parts.reduce((sum, part) => sum + weights[part], 0);
  return Math.round(parts.reduce((sum, part) => sum + worthOf(judgement[part]) * weights[part], 0) / whole);
};

export const bandOf = (score: number, { hot_from, warm_from }: Pick<Dna["modules"]["lead_gen"]["scoring"], "hot_from" | "warm_from">): ScoringRecord["band"] =>
  score >= hot_from ? "hot" : score >= warm_from ? "warm" : "cold";
