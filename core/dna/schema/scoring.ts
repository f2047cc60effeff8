import { z } from "zod";
import { count, text, words } from "./primitives.ts";

const weight = z.number().min(0).max(100);

/** Which leads that were found in public are worth a call, and what is done about them. */
export const scoringSchema = z.looseObject({
  weights: z
    .looseObject({
      urgency: weight.describe("how soon it is needed"),
      budget: weight.describe("what it can be worth, against the services' prices and price_floor"),
      fit: weight.describe("how well it is what the business does, where it does it"),
    })
    .refine(({ urgency, budget, fit }) => urgency + budget + fit > 0, "one of urgency, budget and fit must weigh something")
    .describe("Shares of the three parts in the score; only their proportion matters"),
  score_threshold: count(0, 100).describe("Leads that score more than this are rung, or texted to the owner"),
  hot_from: count(0, 100).describe("Scores from here on are called hot"),
  warm_from: count(0, 100).describe("Scores from here on, below hot_from, are called warm"),
  price_floor: z.number().min(0).max(10_000_000).optional().describe("Jobs worth less are not worth the way; in the country's currency"),
  rules: z
    .looseObject({
      outside_area: z.boolean().describe("posts that name a place outside of geo_scope and geo_filter"),
      no_service: z.boolean().describe("posts in which no word of the services and keywords occurs"),
      spam: z.boolean().describe("advertisements and the like"),
      spam_words: words(100).describe("Words that only such posts hold, besides those that Apex knows"),
      forbidden_topics: words(100).describe("Matters that the business does not take on, as posts would name them"),
    })
    .describe("What is told without a model: a post that one of these is true of scores 0"),
  contact_basis: z
    .record(text(60).min(1), text(500).min(10))
    .describe("By a platform's name: why people who post there may be rung by a business (its terms, your agreement). Nobody is rung from a platform that is not named here; you get a text with the link instead"),
  reply: z.looseObject({
    drafted_by: z.enum(["model", "template"]).describe("Who writes the answer that you may post yourself"),
    template: text(300).min(1).describe("Places: {business}, {title}, {place}"),
  }),
});
