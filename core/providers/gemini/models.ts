/** What a model is asked for. Code names the purpose; which model serves it is decided here and nowhere else. */
export type Purpose = "transcription" | "analysis" | "scoring" | "prose" | "embedding";
export type GenerationPurpose = Exclude<Purpose, "embedding">;

export interface GenerationModel {
  id: string;
  /** Tokens; audio counts 32 a second. */
  maxInputTokens: number;
  /** Tokens, thoughts included. */
  maxOutputTokens: number;
  /** How long one answer may take, in milliseconds. */
  timeoutMs: number;
  /** Absent: the model's own default. */
  thinkingLevel?: "minimal" | "low" | "medium" | "high";
  /** Asked in its place, with the same limits, where it is gone, over its quota or overloaded. */
  fallback?: string;
}

export interface EmbeddingModel {
  id: string;
  maxInputTokens: number;
  /** Of the vector index; a model may be asked for fewer than it has. Vectors of different models do not compare. */
  dimensions: number;
  /**
   * How it is told whether a text is searched for or searched in: `field` is `taskType` (gemini-embedding-001), `text` words
   * before the text (gemini-embedding-2, which ignores the field; ai.google.dev/gemini-api/docs/embeddings).
   */
  taskIn: "field" | "text";
  timeoutMs: number;
}

export type ModelTable = Record<GenerationPurpose, GenerationModel> & {
  /** Serves: its vectors lie in the index behind `VECTORIZE`. */
  embedding: EmbeddingModel;
  /** Takes over from it one day: its index, behind `VECTORIZE_NEXT`, is being filled (docs/design/0008-brand-brain.md). */
  embeddingNext?: EmbeddingModel;
};

/** Context window and longest output of the 3.x Flash family (model pages in Google's documentation, November 2026). */
const FLASH_LIMITS = { maxInputTokens: 1_048_576, maxOutputTokens: 65_536 };
/** Cheap, hears, and thinks minimally by default: for taking out what is there. */
const EXTRACTION = { id: "gemini-3.5-flash-lite", ...FLASH_LIMITS, fallback: "gemini-3.1-flash-lite" };

/** The one table of models. Ids are pinned, since `-latest` aliases move without our consent. */
export const MODELS: ModelTable = {
  // An hour of talk is some 30,000 tokens of answer.
  transcription: { ...EXTRACTION, timeoutMs: 300_000 },
  analysis: { ...EXTRACTION, timeoutMs: 60_000 },
  scoring: { ...EXTRACTION, timeoutMs: 60_000 },
  prose: { id: "gemini-3.8-flash", ...FLASH_LIMITS, timeoutMs: 120_000, thinkingLevel: "low", fallback: "gemini-3.6-flash" },
  embedding: { id: "gemini-embedding-2", maxInputTokens: 8192, dimensions: 768, taskIn: "text", timeoutMs: 30_000 },
};
