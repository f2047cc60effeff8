import { z } from "zod";
import type { Dna } from "../../../core/dna/schema.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import type { Finding, PageContent, PageMetadata } from "../page.schemas.ts";

/** Changes what the model says of the same page: raise it with the words below. */
const PROMPT_VERSION = 1;
const MOST_OUTPUT_TOKENS = 4096;
const MOST_FINDINGS = 20;

export const modelReviewSchema = z.object({
  score: z.number().min(0).max(100).describe("100: a customer would thank you for it; 0: a waste of their time"),
  findings: z
    .array(
      z.object({
        severity: z.enum(["error", "warning"]).describe("error only for what must not go out: a claim that no source supports, a forbidden topic, advice that could harm"),
        line: z.number().int().nullable().describe("The line of the page, as it is numbered; null: the page as a whole"),
        message: z.string().max(2000),
        suggestion: z.string().max(2000).nullable(),
      }),
    )
    .max(50),
});
export type ModelReview = z.infer<typeof modelReviewSchema>;

export interface ModelReviewInput {
  metadata: Pick<PageMetadata, "service" | "place" | "primary_keyword">;
  content: PageContent;
  dna: Dna;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const systemFor = ({ metadata, dna }: ModelReviewInput, mark: string): string =>
  [
    `You are the critic of pages that ${JSON.stringify(oneLine(dna.identity.business_name))} publishes. This one is about ${JSON.stringify(metadata.service.name)}${metadata.place === null ? "" : ` in ${JSON.stringify(metadata.place.name)}`}. Code has already checked numbers, names, lengths and HTML.`,
    "Say what code cannot see: a sentence that says more than its sources; a forbidden topic in other words; advice that could harm; text that helps nobody; a voice that is not the one asked for. Do not praise, do not rewrite, and find nothing rather than something small.",
    `Voice: ${oneLine(dna.brand_brain.voice_tone)}.`,
    ...(dna.brand_brain.forbidden_topics.length === 0 ? [] : [`Forbidden: ${dna.brand_brain.forbidden_topics.map((topic) => JSON.stringify(oneLine(topic))).join("; ")}.`]),
    fenceRule(mark, "written or spoken"),
  ].join("\n");

const questionFor = ({ content }: ModelReviewInput, mark: string): string =>
  [
    "The page, each line of its body with its number:",
    fenced(mark, [`title: ${content.title}`, `h1: ${content.h1}`, ...content.body_html.split("\n").map((line, index) => `${index + 1}| ${line}`), ...content.faq.map(({ question, answer, source }) => `question: ${question} answer (${source ?? "no source"}): ${answer}`)].join("\n")),
    "Its sources:",
    fenced(mark, content.sources.map(({ ref, kind, text }) => `[${ref}] (${kind}) ${text}`).join("\n")),
  ].join("\n");

/** Names a review by all that it was made from. */
export const modelReviewName = ({ metadata, content, dna }: ModelReviewInput): string =>
  `review-${sha256Hex(JSON.stringify([PROMPT_VERSION, metadata.service, metadata.place, content, dna.identity.business_name, dna.brand_brain.voice_tone, dna.brand_brain.forbidden_topics]))}`;

/** @throws AppError of `gemini.errors.ts` */
export const askModel = async (gateway: Pick<GeminiGateway, "generate">, input: ModelReviewInput): Promise<ModelReview> => {
  const mark = newMark();
  const { value } = await gateway.generate({ purpose: "analysis", system: systemFor(input, mark), parts: [{ text: questionFor(input, mark) }], schema: modelReviewSchema, maxOutputTokens: MOST_OUTPUT_TOKENS });
  return value;
};

/** The model's findings as the critic's own: bounded, and about lines that are there. */
export const modelFindings = ({ findings }: ModelReview, { content }: Pick<ModelReviewInput, "content">): Finding[] => {
  const lines = content.body_html.split("\n").length;
  return findings.slice(0, MOST_FINDINGS).flatMap(({ severity, line, message, suggestion }): Finding[] => {
    const text = oneLine(message).slice(0, 500);
    return text === "" ? [] : [{ rule: "model", severity, line: line !== null && line >= 1 && line <= lines ? line : null, message: text, suggestion: suggestion === null ? null : oneLine(suggestion).slice(0, 500) }];
  });
};
