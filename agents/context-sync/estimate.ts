import { MICROS } from "../../core/money.ts";
import type { DuePassages } from "../../core/memory/context/context.types.ts";
import { estimateEmbeddingMicros } from "../../core/usage/prices.ts";

/** What making passages findable would come to, before it starts. */
export interface SyncEstimate {
  passages: number;
  /** In models, by list prices and what a token of English has of characters. */
  usd: number;
}

/** Asks nobody anything. @param at when it would be, ms */
export const estimateSync = (due: readonly DuePassages[], at: number): SyncEstimate => ({
  passages: due.reduce((sum, { passages }) => sum + passages, 0),
  usd: due.reduce((sum, { model, characters }) => sum + estimateEmbeddingMicros(characters, at, model), 0) / MICROS,
});
