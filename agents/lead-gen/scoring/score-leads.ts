import { chunked } from "../../../core/chunked.ts";
import { iso } from "../../../core/clock.ts";
import { logger } from "../../../core/log.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { ScorableLead } from "../../../core/memory/lead-scores.store.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { currentRequestId } from "../../../core/observe/activity.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { judge } from "./ask.ts";
import { LEADS_A_QUESTION, PROMPT_VERSION } from "./question.ts";
import type { LeadToScore, Rule, ScoringRecord } from "./scoring.types.ts";
import { sortOut } from "./sort-out.ts";
import { bandOf, totalOf } from "./total.ts";

const log = logger("scoring");

export interface ScoreTools {
  memory: Pick<TenantMemory, "leadScores">;
  gateway: Pick<GeminiGateway, "generate">;
  clock: { now: () => number };
  runId: string;
}

export interface ScoredCounts {
  scored: number;
  /** By whom: a rule, a model now, or a model before. */
  by_rules: number;
  by_model: number;
  reused: number;
  /** Whom a model was asked about in vain. */
  unanswered: number;
}

/**
 * Scores leads and writes each score down as soon as it is known, so that what is done is neither done nor paid for again: first what rules
 * settle, then what is known of the very same words by the same model, and ten a question the rest.
 * @throws AppError of the model's gateway; what was scored until then stays scored
 */
export const scoreLeads = async ({ memory, gateway, clock, runId }: ScoreTools, leads: readonly ScorableLead[], dna: Dna): Promise<ScoredCounts> => {
  const { scoring } = dna.modules.lead_gen;
  const counts: ScoredCounts = { scored: 0, by_rules: 0, by_model: 0, reused: 0, unanswered: 0 };

  const write = async (lead: LeadToScore, found: Pick<ScoringRecord, "judgement" | "digest" | "model" | "unanswered"> & { rules?: Rule[] }, by: "rules" | "model" | "known"): Promise<void> => {
    const rules = found.rules ?? [];
    const score = rules.length > 0 ? 0 : found.judgement === null ? null : totalOf(found.judgement, scoring.weights);
    const record: ScoringRecord = {
      ...found, rules,
      band: score === null ? null : bandOf(score, scoring),
      prompt_version: found.digest === null ? null : PROMPT_VERSION,
      at: iso(clock.now()),
      run_id: runId,
    };
    await memory.leadScores.setScore(lead.id, score, record, by);
    if (score !== null) counts.scored += 1;
    // A part scores many: each has a line that a search for it finds.
    log.info("lead scored", { request_id: currentRequestId(), run_id: runId, lead_id: lead.id, by, score });
  };

  const { byRules, known, toAsk } = sortOut(leads, dna);
  for (const { lead, rules, kept } of byRules) {
    await write(lead, { ...kept, rules, unanswered: 0 }, "rules");
    counts.by_rules += 1;
  }
  for (const { lead, kept } of known) {
    await write(lead, { ...kept, unanswered: 0 }, "known");
    counts.reused += 1;
  }

  for (const some of chunked(toAsk, LEADS_A_QUESTION)) {
    const { judgements, model } = await judge(some.map(({ lead }) => lead), dna, gateway);
    for (const { lead, digest, unanswered } of some) {
      const judgement = judgements.get(lead.id) ?? null;
      await write(lead, { judgement, digest: judgement === null ? null : digest, model, unanswered: judgement === null ? unanswered + 1 : 0 }, "model");
      counts[judgement === null ? "unanswered" : "by_model"] += 1;
    }
  }
  return counts;
};
