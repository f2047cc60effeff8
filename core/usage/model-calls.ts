import { logger } from "../log.ts";
import type { Usage } from "../providers/gemini/client.ts";
import type { Purpose } from "../providers/gemini/models.ts";
import { linesOf } from "./metered-gateway.ts";

const log = logger("usage");

/** One try of a model that the vendor counted. */
export type ModelCall = Usage & { purpose: Purpose; duration_ms: number };

export interface ModelCallTools {
  dataset: Pick<AnalyticsEngineDataset, "writeDataPoint">;
  now: () => number;
}

/** Whom a model was asked for. */
export interface Asker {
  tenantId: string;
  projectId: string | null;
  runId: string | null;
}

/**
 * Writes each try of a model to the log and to Analytics Engine; the ledger has only sums. Index: the tenant. Blobs: `model`, purpose, model, project, run. Doubles:
 * duration in ms, tokens read, tokens written, cost in millionths of a dollar. (docs/operations.md has a query.) Nothing of what was asked or answered.
 */
export const createModelCallNotes =
  ({ dataset, now }: ModelCallTools) =>
  ({ tenantId, projectId, runId }: Asker, call: ModelCall): void => {
    const { purpose, model, input_tokens, output_tokens, duration_ms } = call;
    const cost_micros = linesOf(call, now()).reduce((sum, line) => sum + line.cost_micros, 0);
    log.info("model asked", { tenant_id: tenantId, project_id: projectId, run_id: runId, purpose, model, input_tokens, output_tokens, cost_micros, duration_ms });
    dataset.writeDataPoint({ indexes: [tenantId], blobs: ["model", purpose, model, projectId ?? "", runId ?? ""], doubles: [duration_ms, input_tokens, output_tokens, cost_micros] });
  };
