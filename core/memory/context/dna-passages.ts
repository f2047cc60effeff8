import type { Dna } from "../../dna/schema.ts";
import { MAX_PASSAGE_CHARACTERS, type Passage, type SourcePassages } from "./context.types.ts";

/** A service in one text: its name, what customers call it, and what belongs to the matter. */
const serviceText = ({ name, primary_keywords = [], context_keywords = [] }: Dna["services"][number]): string =>
  [name, primary_keywords.join(", "), context_keywords.join(", ")]
    .filter((part) => part !== "")
    .join(". ")
    .slice(0, MAX_PASSAGE_CHARACTERS);

const passagesOf = (type: Passage["type"], texts: readonly string[]): Passage[] =>
  texts.flatMap((text) => (text.trim() === "" ? [] : [{ type, text }]));

/**
 * What of a DNA can be found by meaning. The sources are places in the DNA, not positions in its lists, so that another order
 * is no change; a place without texts is listed too, since what was there must go. What holds for every text (tone, forbidden
 * topics) is no knowledge to be found: writers read it from the DNA itself.
 */
export const dnaPassages = ({ brand_brain, services }: Pick<Dna, "brand_brain" | "services">): Pick<SourcePassages, "source" | "passages">[] => [
  { source: "dna:brand_brain.insider_tips", passages: passagesOf("insider_tip", brand_brain.insider_tips) },
  { source: "dna:brand_brain.key_differentiators", passages: passagesOf("differentiator", brand_brain.key_differentiators) },
  { source: "dna:brand_brain.common_objections", passages: passagesOf("objection", brand_brain.common_objections) },
  { source: "dna:services", passages: passagesOf("service", services.map(serviceText)) },
];
