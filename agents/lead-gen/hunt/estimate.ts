import type { AgentContext } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { LONGEST_QUESTION, MOST_QUESTIONS } from "./extract/model.ts";
import { type HuntParams, platformsOf } from "./hunt.ts";
import { estimatedMicros } from "./money.ts";
import { MICROS } from "../../../core/money.ts";

/** What a hunt would come to, before it starts. */
export interface HuntEstimate {
  platforms: string[];
  /** Requests to the sites: lists and posts' own pages. */
  pages_to: number;
  /** In models, by list prices: nothing where every page says to machines what is on it; else so much at most, and never more than the DNA's `max_usd`. */
  usd_from: number;
  usd_to: number;
  /** Until when it is over at the latest, in minutes. */
  minutes_to: number;
}

/**
 * Asks nobody anything.
 * @throws AppError 422 where there is nowhere to look
 */
export const estimateHunt = (context: AgentContext<AgentTools>, params: HuntParams): HuntEstimate => {
  const { sniper } = context.dna.modules.lead_gen;
  const platforms = platformsOf(context, params);
  const pages = platforms.length * ((params.max_pages ?? sniper.max_pages) + sniper.max_details);
  const usd = (pages * MOST_QUESTIONS * estimatedMicros(LONGEST_QUESTION, context.tools.clock.now())) / MICROS;
  return { platforms, pages_to: pages, usd_from: 0, usd_to: Math.min(usd, sniper.max_usd), minutes_to: sniper.max_minutes };
};
