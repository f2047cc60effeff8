import type { Dna } from "../../../core/dna/schema.ts";
import { AppError } from "../../../core/errors.ts";
import { estimateModelMicros } from "../../../core/usage/prices.ts";
import { MICROS } from "../../../core/money.ts";

/** Sources, rules and findings that a page's question holds, in tokens; a word of HTML in JSON is some two of them (writer/prompt.ts). */
const QUESTION_TOKENS = 3500;
const TOKENS_A_WORD = 2;
const REVIEW_TOKENS = 600;

export interface Estimate {
  pages: number;
  /** Of one page that the critic passes at its first draft. */
  page_micros: number;
  /** Of all, where each takes as many drafts as may be. */
  most_micros: number;
}

/** What a run may cost in models, by list prices: from a pipeline where every first draft passes to one where none does. Micro-dollars. */
export const estimateRun = ({ modules }: Pick<Dna, "modules">, pages: number, at: number): Estimate => {
  const { min_words, max_drafts } = modules.local_seo.pages;
  const text = Math.ceil(min_words * 1.3 * TOKENS_A_WORD);
  const page_micros =
    estimateModelMicros({ purpose: "prose", inputTokens: QUESTION_TOKENS, outputTokens: text, at }) + estimateModelMicros({ purpose: "analysis", inputTokens: QUESTION_TOKENS + text, outputTokens: REVIEW_TOKENS, at });
  return { pages, page_micros, most_micros: pages * page_micros * max_drafts };
};

export const microsOf = (usd: number): number => Math.round(usd * MICROS);

/** @throws AppError 422 `budget_too_small` when the money cannot be enough for a single page: nothing has been spent on one then */
export const checkBudgetIsEnough = ({ page_micros, pages }: Estimate, maxUsd: number | undefined): void => {
  if (maxUsd === undefined || pages === 0 || microsOf(maxUsd) >= page_micros) return;
  throw new AppError({ code: "budget_too_small", status: 422, message: `A page costs some ${(page_micros / MICROS).toFixed(4)} US dollars in models; max_usd is ${maxUsd}.` });
};
