import type { Dna } from "../../../core/dna/schema.ts";
import type { ScorableLead } from "../../../core/memory/lead-scores.store.ts";
import { leadToScore } from "./lead-to-score.ts";
import { digestOf } from "./question.ts";
import { ruleHits } from "./rules.ts";
import { type LeadToScore, type Rule, type ScoringRecord, scoringRecordSchema } from "./scoring.types.ts";

/** What is known of the very same words and business by the same model; null: nothing. */
type Kept = Pick<ScoringRecord, "judgement" | "digest" | "model">;

export interface SortedOut {
  /** Settled by rules, whatever a model would say. */
  byRules: { lead: LeadToScore; rules: Rule[]; kept: Kept }[];
  known: { lead: LeadToScore; kept: Kept }[];
  /** Whom a model must be asked about; `unanswered`: how often one was in vain. */
  toAsk: { lead: LeadToScore; digest: string; unanswered: number }[];
}

/** Tells what a model must be asked from what is settled without. Pure. */
export const sortOut = (leads: readonly ScorableLead[], dna: Dna): SortedOut => {
  const sorted: SortedOut = { byRules: [], known: [], toAsk: [] };
  for (const entity of leads) {
    const lead = leadToScore(entity);
    const digest = digestOf(lead, dna);
    const before = scoringRecordSchema.safeParse(entity.metadata.scoring).data;
    const isKnown = before?.digest === digest && before.judgement !== null;
    const kept: Kept = isKnown ? { judgement: before.judgement, digest, model: before.model } : { judgement: null, digest: null, model: null };
    const rules = ruleHits(lead, dna);
    if (rules.length > 0) sorted.byRules.push({ lead, rules, kept });
    else if (isKnown) sorted.known.push({ lead, kept });
    else sorted.toAsk.push({ lead, digest, unanswered: before?.unanswered ?? 0 });
  }
  return sorted;
};
