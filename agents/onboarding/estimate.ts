import { estimateEmbeddingMicros, estimateModelMicros, estimateTokens } from "../../core/usage/prices.ts";
import { LONGEST_QUESTION } from "./ask.ts";
import type { Business } from "./onboarding.schemas.ts";
import { MOST_CHARACTERS_OF_PAGE } from "./passages.ts";
import { BUDGET } from "./read-site.ts";
import { MICROS } from "../../core/money.ts";

/** What reading a business's site would come to, before it starts. */
export interface OnboardingEstimate {
  /** Of the website, and its map listing. */
  pages_to: number;
  /** In models, by list prices: nothing where no page can be read; else so much at most, the one question and the passages' embeddings together. */
  usd_from: number;
  usd_to: number;
}

/** Asks nobody anything. @param at when it would be, ms */
export const estimateOnboarding = ({ website, map_listing_url }: Pick<Business, "website" | "map_listing_url">, at: number): OnboardingEstimate => {
  const pages = (website === undefined ? 0 : BUDGET.pages) + (map_listing_url === undefined ? 0 : 1);
  const question = estimateModelMicros({ purpose: "analysis", inputTokens: estimateTokens(LONGEST_QUESTION.characters), outputTokens: LONGEST_QUESTION.answerTokens, at });
  const micros = pages === 0 ? 0 : question + estimateEmbeddingMicros(pages * MOST_CHARACTERS_OF_PAGE, at);
  return { pages_to: pages, usd_from: 0, usd_to: micros / MICROS };
};
