import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import { analysisAnswerSchema, type CallAnalysis, callAnalysisSchema, LINE_CHARACTERS, MOST_LINES, SUMMARY_CHARACTERS } from "./analysis.schemas.ts";
import { createLinkGuard } from "./links.ts";
import type { Transcript } from "./transcript.schemas.ts";
import { clip, oneLine } from "./words.ts";

const MOST_OUTPUT_TOKENS = 4096;
/** Of the words that the model is asked with; a change of them asks anew. */
const PROMPT = 1;
/** A call's matter is at its beginning, and what was agreed at its end. */
const HEAD_CHARACTERS = 120_000;
const TAIL_CHARACTERS = 30_000;

export interface AnalyseOptions {
  transcript: Pick<Transcript, "text">;
  dna: { business_name: string; services: readonly string[] };
  /** What was known before the call. Written by strangers. */
  lead: { name?: string | null; service?: string | null; message?: string | null; source?: string | null };
  gateway: Pick<GeminiGateway, "generate">;
  signal?: AbortSignal;
  /** Marks where data begins and ends; nobody who wrote the data can have known it. */
  fence?: (() => string) | undefined;
}

const NO_CONVERSATION: CallAnalysis = {
  summary: "There was no conversation on this call.",
  key_points: [],
  customer_intent: "Unknown: nothing was said.",
  next_steps: [],
  sentiment: "neutral",
  urgency: "low",
};

const systemFor = (dna: AnalyseOptions["dna"], token: string): string => {
  const services = dna.services.slice(0, 50).map((service) => clip(oneLine(service), 100));
  return [
    `You read transcripts of telephone calls for ${clip(oneLine(dna.business_name), 200)}, a business whose services are: ${services.join(", ") || "not listed"}.`,
    "Say for its owner what the customer wanted, what was agreed and what is to be done, in the language of the transcript. Keep to what was said; invent nothing, and give no web or e-mail addresses.",
    fenceRule(token, "written or spoken"),
  ].join("\n");
};

const shortened = (text: string): string =>
  text.length <= HEAD_CHARACTERS + TAIL_CHARACTERS ? text : `${text.slice(0, HEAD_CHARACTERS)}\n[…]\n${text.slice(-TAIL_CHARACTERS)}`;

/**
 * Turns a call's transcript into `call_analysis`. Lengths are bounded, and it holds no link that the transcript does not
 * hold. Without a conversation no model is asked.
 * @throws AppError of `gemini.errors.ts`
 */
export const analyse = async ({ transcript, dna, lead, gateway, signal, fence = newMark }: AnalyseOptions): Promise<CallAnalysis> => {
  if (transcript.text.trim() === "") return NO_CONVERSATION;
  const token = fence();
  const part = (title: string, data: string): { text: string } => ({ text: `${title}\n${fenced(token, data)}` });
  const known = Object.fromEntries(
    Object.entries(lead).flatMap(([name, value]) => (typeof value === "string" && value.trim() !== "" ? [[name, clip(oneLine(value), 1000)]] : [])),
  );
  const { value } = await gateway.generate({
    purpose: "analysis",
    system: systemFor(dna, token),
    parts: [part("What was known of the customer before the call:", JSON.stringify(known)), part("Transcript of the call:", shortened(transcript.text))],
    schema: analysisAnswerSchema,
    maxOutputTokens: MOST_OUTPUT_TOKENS,
    // All that the question is made of but the fence's mark, which is another each time.
    cacheKey: JSON.stringify(["analysis", PROMPT, dna, known, transcript.text]),
    ...(signal === undefined ? {} : { signal }),
  });

  const guard = createLinkGuard(transcript.text);
  // Cut before it is guarded: what is left of a link that was cut is another link.
  const line = (text: string, most = LINE_CHARACTERS): string => guard(clip(oneLine(text), most));
  const lines = (texts: string[]): string[] =>
    texts
      .map((text) => line(text))
      .filter((text) => text !== "")
      .slice(0, MOST_LINES);
  return callAnalysisSchema.parse({
    summary: line(value.summary, SUMMARY_CHARACTERS),
    key_points: lines(value.key_points),
    customer_intent: line(value.customer_intent),
    next_steps: lines(value.next_steps),
    sentiment: value.sentiment,
    urgency: value.urgency,
  });
};
