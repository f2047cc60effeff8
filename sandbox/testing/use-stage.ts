import { afterAll, beforeEach } from "vitest";
import { Stage } from "./stage.ts";

/**
 * A stage for all tests of a file, as good as new before each of them.
 * @param prepare what the product answers in every test of the file
 */
export const useStage = async (prepare?: (stage: Stage) => void): Promise<Stage> => {
  const stage = await Stage.open();
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.sandbox.reset();
    stage.product.received.length = 0;
    prepare?.(stage);
  });
  return stage;
};
