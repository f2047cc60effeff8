import { z } from "zod";

/** What the model returns: sentences with what they rest on. Code makes a page of it. */

const sentenceSchema = z.object({
  text: z.string().min(1).max(600).describe("One sentence, plain text"),
  sources: z.array(z.string().max(8)).max(6).describe("The marks of the sources that say so, e.g. s3. Empty only for a sentence without any fact"),
});
export type Sentence = z.infer<typeof sentenceSchema>;

const layouts = ["paragraph", "list", "steps"] as const;

export const draftSchema = z.object({
  title: z.string().min(1).max(120).describe("For search results, 30 to 60 characters, with the keyword"),
  meta_description: z.string().min(1).max(320).describe("80 to 155 characters: what the reader finds here"),
  h1: z.string().min(1).max(120).describe("With the keyword; not the same as the title"),
  intro: z.array(sentenceSchema).min(1).max(6).describe("The first paragraph; its first sentence holds the keyword"),
  sections: z
    .array(
      z.object({
        heading: z.string().min(1).max(120),
        layout: z.enum(layouts).describe("paragraph, list (of points in any order) or steps (in this order)"),
        sentences: z.array(sentenceSchema).min(1).max(15),
      }),
    )
    .min(1)
    .max(12),
  faq: z.array(z.object({ question: z.string().min(1).max(300), answer: z.array(sentenceSchema).min(1).max(5) })).max(8).describe("Questions that callers have really asked come first"),
});

export type Draft = z.infer<typeof draftSchema>;
