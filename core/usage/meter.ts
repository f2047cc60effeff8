import { AppError } from "../errors.ts";
import type { TenantMemory } from "../memory/memory.ts";

export interface Meter {
  /** What the run has cost so far, its parts and theirs included, over all attempts; micro-dollars. */
  spentMicros(): Promise<number>;
  /**
   * Whether something that is estimated (`estimateModelMicros`) still fits in.
   * @throws AppError 422 `run_budget_exhausted`, not retryable: more money has to be allowed by whoever asked for the run
   */
  allow(budgetMicros: number, nextMicros: number): Promise<void>;
}

/** For a run with a budget of its own. It counts what gateways record that were asked for with the same run's id, or a part's. */
export const meterOf = (memory: Pick<TenantMemory, "usage">, runId: string): Meter => {
  const spentMicros = async (): Promise<number> => memory.usage.costOfRun(runId);
  return {
    spentMicros,
    async allow(budgetMicros, nextMicros) {
      const spent = await spentMicros();
      if (spent + nextMicros <= budgetMicros) return;
      throw new AppError({ code: "run_budget_exhausted", status: 422, message: `This run has spent ${spent} of ${budgetMicros} micro-dollars, and what comes next would take about ${nextMicros}.` });
    },
  };
};
