import { z } from "zod";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import { clip, oneLine } from "../../lead-gen/call-analysis/words.ts";
import type { Transcript } from "../../lead-gen/call-analysis/transcript.schemas.ts";
import { MASK, redact, type RedactOptions, wordsOf } from "./redact.ts";

/** What a call teaches at most: more is a model that repeats itself. */
const MOST_EXCHANGES = 5;
const MOST_CHARACTERS = 600;
const MOST_PERSONAL = 60;
const MOST_TRANSCRIPT_CHARACTERS = 60_000;
const MOST_OUTPUT_TOKENS = 2048;
/** So much of a proposed sentence must have been spoken by whom it is put into the mouth of. */
const LEAST_SPOKEN = 0.7;
const LEAST_WORDS = 3;
const MOST_MASKS = 2;

/** A question that a customer asked, and what the business answered. */
export interface Exchange {
  question: string;
  answer: string;
}

const answerSchema = z.object({
  exchanges: z
    .array(z.object({ question: z.string().describe("The customer's question in the customer's own words"), answer: z.string().describe("The business's answer in its own words") }))
    .describe("Questions that another customer may ask too, with the answer that was given: about services, prices, times, areas, guarantees. None about this customer only. Empty if there are none"),
  personal: z.array(z.string()).describe("Every name, address, place, company or other words in the call that could tell who somebody is, as they were spoken"),
});

const systemFor = (business: string, token: string): string =>
  [
    `You read transcripts of telephone calls for ${clip(oneLine(business), 200)} and collect what customers ask and what the business answers.`,
    "Keep to the words that were spoken, in their language; join or shorten sentences but add nothing. Leave out names, phone numbers, addresses and appointments.",
    fenceRule(token, "spoken"),
  ].join("\n");

const spokenBy = (transcript: Transcript, speaker: "owner" | "customer"): string[] => transcript.segments.filter((segment) => segment.speaker === speaker).flatMap(({ text }) => wordsOf(text));

/** Short words are in every call, so they prove nothing. */
const isSpoken = (text: string, spoken: ReadonlySet<string>): boolean => {
  const telling = wordsOf(text).filter((word) => word.length > 2);
  return telling.length > 0 && telling.filter((word) => spoken.has(word)).length / telling.length >= LEAST_SPOKEN;
};

const masksIn = (text: string): number => text.split(MASK).length - 1;
const isOfUse = ({ question, answer }: Exchange): boolean =>
  [question, answer].every((text) => wordsOf(text).length >= LEAST_WORDS) && masksIn(question) + masksIn(answer) <= MOST_MASKS;

export interface FindExchanges {
  transcript: Transcript;
  business_name: string;
  redaction: Pick<RedactOptions, "names" | "vocabulary" | "language">;
  gateway: Pick<GeminiGateway, "generate">;
  /** Marks where data begins and ends; nobody who spoke can have known it. */
  fence?: () => string;
}

/**
 * What a call teaches: the model proposes, code decides. A question must have been spoken by the customer, and the answer by the
 * business, so that nobody can talk the model into an answer that was never given; then all that tells who somebody is goes.
 * @throws AppError of `gemini.errors.ts`
 */
export const findExchanges = async ({ transcript, business_name, redaction, gateway, fence = newMark }: FindExchanges): Promise<Exchange[]> => {
  const [customer, owner] = [spokenBy(transcript, "customer"), spokenBy(transcript, "owner")];
  if (customer.length === 0 || owner.length === 0) return [];
  const token = fence();
  const { value } = await gateway.generate({
    purpose: "analysis",
    system: systemFor(business_name, token),
    parts: [{ text: `Transcript of the call:\n${fenced(token, clip(transcript.text, MOST_TRANSCRIPT_CHARACTERS))}` }],
    schema: answerSchema,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
  });
  const [asked, answered] = [new Set(customer), new Set(owner)];
  const small = transcript.segments.flatMap(({ text }) => text.match(/(?<![\p{L}\d])\p{Ll}[\p{L}'’]*/gu) ?? []);
  const options: RedactOptions = {
    ...redaction,
    ordinary: new Set(small.flatMap(wordsOf)),
    personal: value.personal.map((found) => oneLine(found)).filter((found) => found.length > 1 && found.length <= 100).slice(0, MOST_PERSONAL),
  };
  return value.exchanges
    .filter(({ question, answer }) => isSpoken(question, asked) && isSpoken(answer, answered))
    .map(({ question, answer }) => ({ question: redact(clip(oneLine(question), MOST_CHARACTERS), options), answer: redact(clip(oneLine(answer), MOST_CHARACTERS), options) }))
    .filter(isOfUse)
    .slice(0, MOST_EXCHANGES);
};
