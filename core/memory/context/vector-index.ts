import { describeError, vendorError } from "../../errors.ts";
import type { EmbeddingModel } from "../../providers/gemini/models.ts";

/** What is used of a Vectorize binding. Of the answer to a change nothing: it says that it was taken, not that it is visible. */
export interface VectorIndex {
  upsert(vectors: VectorizeVector[]): Promise<unknown>;
  deleteByIds(ids: string[]): Promise<unknown>;
  getByIds(ids: string[]): Promise<VectorizeVector[]>;
  query(vector: number[], options: VectorizeQueryOptions): Promise<VectorizeMatches>;
}

/** An index and the model whose vectors lie in it. */
export interface ContextIndex {
  vectors: VectorIndex;
  model: EmbeddingModel;
}

/** "too many ids in payload; max id count is 100" (Vectorize, code 40007). */
export const IDS_A_DELETE = 100;

/**
 * Asks a Vectorize index. Its failures are no more than errors with a text, so all of them are taken for an outage.
 * @throws AppError 502 `vectors_unavailable`, retryable
 */
export const asking = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw vendorError("vectors_unavailable", `The vector index failed: ${describeError(error)}`, { retryable: true, cause: error });
  }
};
