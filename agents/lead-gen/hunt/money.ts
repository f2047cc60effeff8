import type { Usage } from "../../../core/providers/gemini/client.ts";
import { estimateModelMicros, estimateTokens, costOfTokens, priceOf } from "../../../core/usage/prices.ts";
import { dayOf } from "../../../core/usage/usage.types.ts";

/** What an answer with posts in it is expected to have, for a token of the question. */
const ANSWER_SHARE = 0.4;
/** The question's own words around the page's. */
const OVERHEAD_TOKENS = 700;

/** Micro-dollars by list prices. */
export const microsOf = ({ model, input_tokens, output_tokens }: Usage, now: number): number => {
  const price = priceOf(model, dayOf(now));
  return costOfTokens(input_tokens, price.input) + costOfTokens(output_tokens, price.output);
};

/** What asking about so many characters of a page will cost, in micro-dollars. */
export const estimatedMicros = (characters: number, now: number): number => {
  const tokens = estimateTokens("x".repeat(characters));
  return estimateModelMicros({ purpose: "analysis", inputTokens: tokens + OVERHEAD_TOKENS, outputTokens: Math.ceil(tokens * ANSWER_SHARE), at: now });
};
