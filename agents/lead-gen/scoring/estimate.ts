import { chunked } from "../../../core/chunked.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { ScorableLead } from "../../../core/memory/lead-scores.store.ts";
import { estimateModelMicros, estimateTokens } from "../../../core/usage/prices.ts";
import { TOKENS_A_POST } from "./ask.ts";
import { LEADS_A_QUESTION, questionOf } from "./question.ts";
import { type SortedOut, sortOut } from "./sort-out.ts";
import { MICROS } from "../../../core/money.ts";

/** What scoring would come to, before it starts. */
export interface ScoringEstimate {
  leads: number;
  /** Settled without a model: by a rule, by what is known of the same words. */
  by_rules: number;
  reused: number;
  to_ask: number;
  /** In models, by list prices and the longest answers: everybody asked about once; and twice, as those are whom an answer leaves out. */
  usd_from: number;
  usd_to: number;
}

/** What asking about these would cost, once each, in micro-dollars. */
const microsOf = (toAsk: SortedOut["toAsk"], dna: Dna, at: number): number =>
  chunked(toAsk, LEADS_A_QUESTION).reduce((sum, some) => {
    const { system, parts } = questionOf(some.map(({ lead }) => lead), dna);
    const characters = system.length + parts.reduce((length, { text }) => length + text.length, 0);
    return sum + estimateModelMicros({ purpose: "scoring", inputTokens: estimateTokens(characters), outputTokens: TOKENS_A_POST * some.length, at });
  }, 0);

/** Asks nobody anything. @param at when it would be, ms */
export const estimateScoring = (leads: readonly ScorableLead[], dna: Dna, at: number): ScoringEstimate => {
  const { byRules, known, toAsk } = sortOut(leads, dna);
  const micros = microsOf(toAsk, dna, at);
  return { leads: leads.length, by_rules: byRules.length, reused: known.length, to_ask: toAsk.length, usd_from: micros / MICROS, usd_to: (2 * micros) / MICROS };
};
