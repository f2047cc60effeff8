import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { dnaPassages } from "../../core/memory/context/dna-passages.ts";
import { serviceSchema } from "../../core/dna/schema/index.ts";
import { ROOT } from "../../scripts/lib/wrangler.ts";

const texts = z.array(z.string().min(1));
const businessSchema = z.strictObject({
  business: z.string(),
  niche: z.string(),
  differentiators: texts,
  questions: z.array(z.strictObject({ q: z.string().min(5), expect: texts.min(1) })),
});
export type Business = z.infer<typeof businessSchema>;

const verticalSchema = z.object({ brand_brain: z.object({ insider_tips: texts, common_objections: texts }), services: z.array(serviceSchema) });

/** The labelled set, from questions.yaml. */
export const loadBusinesses = (): Business[] => z.array(businessSchema).parse(parse(readFileSync(path.join(import.meta.dirname, "questions.yaml"), "utf8")));

/** What the business's owner writes: the rest of its DNA is the trade's. */
export const customDna = ({ niche, differentiators }: Business): string => JSON.stringify({ identity: { niche }, brand_brain: { key_differentiators: differentiators } });

/** The texts that its brand brain then holds. */
export const passagesOf = ({ niche, differentiators }: Business): string[] => {
  const { brand_brain, services } = verticalSchema.parse(parse(readFileSync(path.join(ROOT, `profiles/verticals/${niche}.yaml`), "utf8")));
  const brain = { voice_tone: "", forbidden_topics: [], ...brand_brain, key_differentiators: differentiators };
  return dnaPassages({ brand_brain: brain, services }).flatMap(({ passages }) => passages.map(({ text }) => text));
};

/** How many of the passages that answer a question are among those that were found. 0 to 1. */
export const recallOf = (expected: readonly string[], found: readonly string[]): number => expected.filter((words) => found.some((text) => text.includes(words))).length / expected.length;
