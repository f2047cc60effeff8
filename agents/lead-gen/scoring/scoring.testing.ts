import type { Dna } from "../../../core/dna/schema.ts";
import type { ScoringAnswer } from "./question.ts";
import type { LeadToScore } from "./scoring.types.ts";

export const leadToScoreOf = (over: Partial<LeadToScore> = {}): LeadToScore => ({ id: "ent_1", title: "Tap leaks", message: "Tap leaks\nThe kitchen tap has leaked since last night.", place: "Ponsonby, Auckland", urgency: null, posted_at: null, ...over });

/** A plumber of Auckland. */
export const plumberDna = (dna: Dna, scoring: Partial<Dna["modules"]["lead_gen"]["scoring"]> = {}): Dna => ({
  ...dna,
  services: [
    { name: "Leaks and taps", primary_keywords: ["leaking tap", "burst pipe", "leaking pipe", "mixer"], context_keywords: ["water", "valve", "cylinder", "toilet", "shower"] },
    { name: "Blocked drains", primary_keywords: ["blocked drain", "blocked toilet", "sewer"], context_keywords: ["gully", "roots", "camera", "plumber"], price_from: 180 },
  ],
  modules: {
    ...dna.modules,
    local_seo: { ...dna.modules.local_seo, scout_settings: { ...dna.modules.local_seo.scout_settings, geo_scope: { cities: ["Auckland"], suburbs: ["Ponsonby", "Grey Lynn"] } } },
    lead_gen: { ...dna.modules.lead_gen, scoring: { ...dna.modules.lead_gen.scoring, ...scoring } },
  },
});

/** The posts of a question, as a model sees them: by name, with what stands in each one's fence. */
export const postsIn = (question: string): { name: string; words: string }[] =>
  [...question.matchAll(/<data-\S+ post="([^"]+)">\n([\s\S]*?)\n<\/data-/g)].map(([, name = "", words = ""]) => ({ name, words }));

export const answered = (post: string, [urgency, budget, fit]: [number, number, number], evidence = "Nothing is said of it."): ScoringAnswer["posts"][number] => ({
  post,
  urgency: { score: urgency, evidence },
  budget: { score: budget, evidence },
  fit: { score: fit, evidence },
});
