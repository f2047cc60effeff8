import { type GenerateContentRequest, GoogleGenerativeAI, GoogleGenerativeAIError, GoogleGenerativeAIFetchError } from "@google/generative-ai";
import { describeError } from "../../errors.ts";
import { withDeadline } from "./deadline.ts";
import { geminiError, httpFailure } from "./gemini.errors.ts";
import type { GenerationModel } from "./models.ts";
import { generateContentResponse, type GeminiPart } from "./wire.ts";

export interface Usage {
  input_tokens: number;
  /** Thoughts included: they are paid for as output. */
  output_tokens: number;
  /** The version that answered where the vendor said so, else the one that was asked. */
  model: string;
}

export interface ModelAnswer {
  /** False when the vendor gave no candidate at all. */
  answered: boolean;
  /** All text of the first candidate without its thoughts. */
  text: string;
  /** Null where the vendor gave none. */
  finishReason: string | null;
  /** Why the prompt was refused, else null. */
  blockReason: string | null;
  usage: Usage;
}

export interface GenerateContent {
  model: GenerationModel;
  system: string;
  parts: GeminiPart[];
  /** See `responseJsonSchema`. */
  jsonSchema: object;
  maxOutputTokens: number;
  signal?: AbortSignal | undefined;
}

/** Fields of the wire that the SDK of 0.24 passes through but does not know. */
type Request = GenerateContentRequest & {
  store: false;
  generationConfig: { responseJsonSchema: object; thinkingConfig?: { thinkingLevel: string } };
};

const asFailure = (error: unknown): Error => {
  if (error instanceof GoogleGenerativeAIFetchError && error.status !== undefined) {
    return httpFailure({ status: error.status, message: error.message, details: error.errorDetails, cause: error });
  }
  // An answer that is no JSON comes from something between us and the model.
  if (error instanceof SyntaxError) return geminiError("gemini_unavailable", "Gemini's answer was not JSON.", { retryable: true, cause: error });
  if (error instanceof GoogleGenerativeAIError) return geminiError("gemini_unreachable", error.message, { retryable: true, cause: error });
  // While the body is being read, failures of the line come as the platform's own errors.
  return geminiError("gemini_unreachable", describeError(error), { retryable: true, cause: error });
};

/**
 * The only place that knows Google's SDK. It is used for the wire alone: its `text()` joins thoughts into the answer
 * and throws for some finish reasons but not others, its timer is never cleared, and it ignores a signal that was
 * aborted before (CONTRACTS 5.5). It always uses the global `fetch`.
 */
export const createGeminiClient = ({ apiKey, baseUrl }: { apiKey: string; baseUrl: string }) => {
  const sdk = new GoogleGenerativeAI(apiKey);
  return {
    /**
     * Asks once. What the answer is worth is the caller's to decide.
     * @throws AppError of `gemini.errors.ts`; the signal's reason when it was aborted
     */
    async generateContent({ model, system, parts, jsonSchema, maxOutputTokens, signal }: GenerateContent): Promise<ModelAnswer> {
      const request: Request = {
        // Since 26 Oct 2026 new projects keep requests by default; calls of customers must not be kept.
        store: false,
        contents: [{ role: "user", parts }],
        systemInstruction: { role: "system", parts: [{ text: system }] },
        generationConfig: {
          responseMimeType: "application/json",
          responseJsonSchema: jsonSchema,
          maxOutputTokens,
          ...(model.thinkingLevel === undefined ? {} : { thinkingConfig: { thinkingLevel: model.thinkingLevel } }),
        },
      };
      const raw: unknown = await withDeadline({ timeoutMs: model.timeoutMs, signal, what: `Gemini's ${model.id}` }, async (deadline) => {
        try {
          const { response } = await sdk.getGenerativeModel({ model: model.id }, { baseUrl }).generateContent(request, { signal: deadline });
          return response;
        } catch (error) {
          throw asFailure(error);
        }
      });
      const parsed = generateContentResponse.safeParse(raw);
      if (!parsed.success) throw geminiError("gemini_unavailable", "Gemini's answer had an unknown shape.", { retryable: true, cause: parsed.error });
      const { candidates, promptFeedback, usageMetadata, modelVersion } = parsed.data;
      const candidate = candidates?.[0];
      return {
        answered: candidate !== undefined,
        text: (candidate?.content?.parts ?? []).map((part) => (part.thought === true ? "" : (part.text ?? ""))).join(""),
        finishReason: candidate?.finishReason ?? null,
        blockReason: promptFeedback?.blockReason ?? null,
        usage: {
          input_tokens: usageMetadata?.promptTokenCount ?? 0,
          output_tokens: (usageMetadata?.candidatesTokenCount ?? 0) + (usageMetadata?.thoughtsTokenCount ?? 0),
          model: modelVersion ?? model.id,
        },
      };
    },
  };
};
