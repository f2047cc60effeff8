import type { z } from "zod";
import { AppError } from "../../errors.ts";
import { logger } from "../../log.ts";
import { createGeminiClient, type ModelAnswer, type Usage } from "./client.ts";
import type { Admit } from "../pace.ts";
import { sleep, type Wait } from "../../wait.ts";
import { createEmbedder, type Embed, type Embedded } from "./embed.ts";
import { type Upload, withUploadedFile } from "./files.ts";
import { geminiError } from "./gemini.errors.ts";
import { createGeminiHttp, type Fetch } from "./http.ts";
import { responseJsonSchema } from "./json-schema.ts";
import { type GenerationModel, type GenerationPurpose, type ModelTable, MODELS, type Purpose } from "./models.ts";
import { readAnswer } from "./output.ts";
import { retrying } from "./retrying.ts";
import type { GeminiPart } from "./wire.ts";

const log = logger("gemini");

/** How much further a truncated answer may go on its second try. */
const ENLARGED = 4;

export interface Generate<T> {
  purpose: GenerationPurpose;
  system: string;
  parts: GeminiPart[];
  /** What the answer must satisfy. It is also sent to the model, reduced to what Google understands. */
  schema: z.ZodType<T>;
  /** Tokens, thoughts included; capped by the model's own limit. */
  maxOutputTokens: number;
  signal?: AbortSignal;
  /**
   * Makes a value of a finished answer that does not satisfy the schema, or returns undefined to have the model try
   * again. For answers that are of use in other shapes too.
   */
  acceptText?: (text: string) => T | undefined;
  /**
   * Whatever the answer depends on, e.g. a recording's hash and the prompt's version: the same again may be answered from what the
   * tenant was answered before, by a gateway that keeps answers (core/usage). The schema must take what it has made itself. Absent:
   * always asked.
   */
  cacheKey?: string;
}

export interface Generated<T> {
  value: T;
  /** Of all tries together; nothing for an answer that was kept. */
  usage: Usage;
}

export interface GeminiGateway {
  /**
   * Asks the model of a purpose for a value. Up to three tries, and as many of its fall-back where the first is gone, over its quota, overloaded or does not answer in time.
   * @throws AppError of `gemini.errors.ts`, or `vendor_busy`; the signal's reason when it was aborted
   */
  generate<T>(request: Generate<T>): Promise<Generated<T>>;
  /**
   * Places texts in a model's space, so that what is near in meaning is near there: one vector of unit length a text, in
   * their order. Any number of texts, 100 a request, each with up to three tries.
   * @throws AppError of `gemini.errors.ts`; the signal's reason when it was aborted
   */
  embed(request: Embed): Promise<Embedded>;
  /** Lends bytes that are too many to send inline; see `withUploadedFile`. */
  withFile<T>(upload: Upload, use: (file: GeminiPart) => Promise<T>): Promise<T>;
}

/** Told of every try that the vendor counted, failed ones too: they are paid for. Do not add `Generated.usage` to it. */
export type UsageNote = (usage: Usage & { purpose: Purpose; duration_ms: number }) => void | Promise<void>;

export interface GeminiGatewayTools {
  apiKey: string;
  /** Without a path, e.g. `https://generativelanguage.googleapis.com`. */
  baseUrl: string;
  /** For files; content is generated through the SDK, which uses the global one. */
  fetch?: Fetch;
  wait?: Wait;
  /** 0 ≤ x < 1 */
  random?: () => number;
  models?: ModelTable;
  /** Absent: there always is room. */
  admit?: Admit;
  onUsage?: UsageNote;
  /** Real time, ms: how long an answer took. */
  now?: () => number;
}

/** What an answer's end means. Anything but STOP (or nothing at all, as some stand-ins leave it) is a failure. */
const refusalOf = ({ answered, blockReason, finishReason }: ModelAnswer): AppError | null => {
  if (!answered && blockReason !== null) return geminiError("gemini_blocked", `Gemini refused the prompt: ${blockReason}.`, { retryable: false });
  if (!answered) return geminiError("gemini_empty", "Gemini gave no answer and no reason.", { retryable: true });
  if (finishReason === null || finishReason === "STOP") return null;
  if (finishReason === "MAX_TOKENS") return geminiError("gemini_truncated", "Gemini's answer was cut off at its limit.", { retryable: true });
  return geminiError("gemini_stopped", `Gemini stopped its answer: ${finishReason}.`, { retryable: false });
};

/** Failures of a model that another model does not share: it was retired, its quota is used up, or it is overloaded (503, or no answer), which is a model's own trouble. */
const ANOTHER_MAY_HELP = new Set(["gemini_model_gone", "gemini_quota_exhausted", "gemini_rate_limited", "gemini_unavailable", "gemini_timeout"]);

const permanent = (error: AppError): AppError => geminiError("gemini_truncated", error.message, { retryable: false, cause: error });

const always: Admit = async (request) => request();

export const createGeminiGateway = (tools: GeminiGatewayTools): GeminiGateway => {
  const { apiKey, wait = sleep, random = Math.random, models = MODELS, admit = always, now = Date.now, onUsage } = tools;
  const baseUrl = tools.baseUrl.replace(/\/+$/, "");
  const client = createGeminiClient({ apiKey, baseUrl });
  const http = createGeminiHttp({ apiKey, baseUrl, fetch: tools.fetch ?? (async (input, init) => fetch(input, init)) });

  const record = async (usage: Usage, purpose: Purpose, duration_ms: number): Promise<void> => {
    try {
      await onUsage?.({ ...usage, purpose, duration_ms });
    } catch (error) {
      // An answer that was paid for is not thrown away because it could not be counted.
      // Not by their usual names, since the log takes "token" for the name of a secret.
      log.error("usage_not_recorded", { purpose, model: usage.model, read: usage.input_tokens, written: usage.output_tokens, error });
    }
  };

  const ask = async <T>(model: GenerationModel, { purpose, system, parts, schema, maxOutputTokens, signal, acceptText }: Generate<T>, hasAnother = false): Promise<Generated<T>> => {
    const jsonSchema = responseJsonSchema(schema);
    const total: Usage = { input_tokens: 0, output_tokens: 0, model: model.id };
    let limit = Math.min(maxOutputTokens, model.maxOutputTokens);
    let enlarged = false;

    // One that takes minutes to say nothing is not waited for three times where another may be asked.
    const isLeft = (error: AppError): boolean => hasAnother && error.code === "gemini_timeout";
    const value = await retrying({ wait, random, signal, isLeft }, async () => {
      const { answer, duration_ms } = await admit(async () => {
        const began = now();
        const answer = await client.generateContent({ model, system, parts, jsonSchema, maxOutputTokens: limit, signal });
        return { answer, duration_ms: now() - began };
      }, { lastsMs: model.timeoutMs, signal });
      await record(answer.usage, purpose, duration_ms);
      total.input_tokens += answer.usage.input_tokens;
      total.output_tokens += answer.usage.output_tokens;
      total.model = answer.usage.model;
      const refusal = refusalOf(answer);
      if (refusal?.code === "gemini_truncated") {
        // The same limit cuts at the same place. Once more with a larger one, and then it is the task that is too large.
        if (enlarged || limit === model.maxOutputTokens) throw permanent(refusal);
        limit = Math.min(limit * ENLARGED, model.maxOutputTokens);
        enlarged = true;
      }
      if (refusal !== null) throw refusal;
      return readAnswer(answer.text, schema, acceptText);
    });
    return { value, usage: total };
  };

  return {
    embed: createEmbedder({ http, admit, wait, random, now, onUsage: async (usage, duration_ms) => record(usage, "embedding", duration_ms) }),

    async generate(request) {
      const { fallback, ...model } = models[request.purpose];
      try {
        return await ask(model, request, fallback !== undefined);
      } catch (error) {
        if (fallback === undefined || !(error instanceof AppError) || !ANOTHER_MAY_HELP.has(error.code)) throw error;
        log.warn("model_fell_back", { purpose: request.purpose, model: model.id, fallback, code: error.code });
        return ask({ ...model, id: fallback }, request);
      }
    },

    async withFile(upload, use) {
      return withUploadedFile({ http, wait, random }, upload, use);
    },
  };
};
