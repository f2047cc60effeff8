import { estimateModelMicros, estimateTokens } from "../../../core/usage/prices.ts";

/** What an answer with posts in it is expected to have, for a token of the question. */
const ANSWER_SHARE = 0.4;
/** The question's own words around the page's. */
const OVERHEAD_TOKENS = 700;

/** What asking about so many characters of a page will cost, in micro-dollars. */
export const estimatedMicros = (characters: number, now: number): number => {
  const tokens = estimateTokens(characters);
  return estimateModelMicros({ purpose: "analysis", inputTokens: tokens + OVERHEAD_TOKENS, outputTokens: Math.ceil(tokens * ANSWER_SHARE), at: now });
};
