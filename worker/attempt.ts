import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";

const log = logger("sweep");

/** Does one step of the sweep. One that fails is in the log, and keeps no other from its turn. */
export const attempt = async (step: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    log.error("step of the sweep failed", { step, error: describeError(error) });
  }
};
