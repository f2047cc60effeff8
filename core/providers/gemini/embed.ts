import type { Usage } from "./client.ts";
import type { Admit } from "../pace.ts";
import { geminiError } from "./gemini.errors.ts";
import type { GeminiHttp } from "./http.ts";
import type { EmbeddingModel } from "./models.ts";
import { type RetryTools, retrying } from "./retrying.ts";
import { batchEmbedResponse } from "./wire.ts";

/** "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch", says Google's 400. */
const TEXTS_A_REQUEST = 100;
/** Where the vendor does not count for us: what its documentation takes for a token of English text. */
const CHARACTERS_PER_TOKEN = 4;
const UNIT_TOLERANCE = 1e-6;

/** A document is what is searched in, a query what is searched for: models place them so that they meet. */
export type EmbeddingTask = "document" | "query";

export interface Embed {
  model: EmbeddingModel;
  task: EmbeddingTask;
  /** None of them empty. */
  texts: readonly string[];
  signal?: AbortSignal | undefined;
}

export interface Embedded {
  vectors: number[][];
  /** Of all requests together; what the vendor did not count is estimated by length. */
  usage: Usage;
}

const TASK_TYPE: Record<EmbeddingTask, string> = { document: "RETRIEVAL_DOCUMENT", query: "RETRIEVAL_QUERY" };
const TASK_WORDS: Record<EmbeddingTask, string> = { document: "title: none | text: ", query: "task: search result | query: " };

const requestOf = ({ id, dimensions, taskIn }: EmbeddingModel, task: EmbeddingTask, text: string) => ({
  model: `models/${id}`,
  content: { parts: [{ text: taskIn === "text" ? `${TASK_WORDS[task]}${text}` : text }] },
  ...(taskIn === "field" ? { taskType: TASK_TYPE[task] } : {}),
  outputDimensionality: dimensions,
});

/** Vectors that were shortened are not of unit length by themselves (Google's documentation). @returns null for one without a direction */
const toUnitLength = (values: number[]): number[] | null => {
  const length = Math.hypot(...values);
  if (!Number.isFinite(length) || length === 0) return null;
  return Math.abs(length - 1) < UNIT_TOLERANCE ? values : values.map((value) => value / length);
};

interface EmbedderTools extends RetryTools {
  http: GeminiHttp;
  admit: Admit;
  now: () => number;
  /** @param durationMs how long the vendor took */
  onUsage: (usage: Usage, durationMs: number) => Promise<void>;
}

export const createEmbedder = ({ http, admit, wait, random, now, onUsage }: EmbedderTools) => {
  const embedBatch = async ({ model, task, texts, signal }: Embed): Promise<Embedded> => {
    const body = JSON.stringify({ requests: texts.map((text) => requestOf(model, task, text)) });
    const request = {
      method: "POST",
      url: `/v1beta/models/${model.id}:batchEmbedContents`,
      headers: { "Content-Type": "application/json" },
      body,
      timeoutMs: model.timeoutMs,
      signal,
      read: async (response: Response): Promise<unknown> => response.json(),
    } as const;
    const { raw, durationMs } = await admit(async () => {
      const began = now();
      const raw = await http(request);
      return { raw, durationMs: now() - began };
    }, { lastsMs: model.timeoutMs, signal });
    const parsed = batchEmbedResponse.safeParse(raw);
    if (!parsed.success) throw geminiError("gemini_unavailable", "Gemini's embeddings had an unknown shape.", { retryable: true, cause: parsed.error });
    const estimate = Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARACTERS_PER_TOKEN);
    const usage = { input_tokens: parsed.data.usageMetadata?.promptTokenCount ?? estimate, output_tokens: 0, model: model.id };
    await onUsage(usage, durationMs);
    const vectors = parsed.data.embeddings.flatMap(({ values }) => (values.length === model.dimensions ? [toUnitLength(values)] : []));
    const usable = vectors.filter((vector) => vector !== null);
    if (usable.length !== texts.length) throw geminiError("gemini_invalid_output", `Gemini gave ${usable.length} usable embeddings for ${texts.length} texts.`, { retryable: true });
    return { vectors: usable, usage };
  };

  return async ({ model, task, texts, signal }: Embed): Promise<Embedded> => {
    const all: Embedded = { vectors: [], usage: { input_tokens: 0, output_tokens: 0, model: model.id } };
    for (let first = 0; first < texts.length; first += TEXTS_A_REQUEST) {
      const batch = texts.slice(first, first + TEXTS_A_REQUEST);
      const { vectors, usage } = await retrying({ wait, random, signal }, async () => embedBatch({ model, task, texts: batch, signal }));
      all.vectors.push(...vectors);
      all.usage.input_tokens += usage.input_tokens;
    }
    return all;
  };
};
