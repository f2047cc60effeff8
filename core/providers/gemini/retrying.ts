import pRetry from "p-retry";
import { AppError } from "../../errors.ts";
import { isVendorBusy } from "../pace.ts";
import type { Wait } from "../../wait.ts";

const TRIES = 3;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 10_000;
/** A vendor that asks for more patience than this is left alone: the job's queue waits better than a running Worker. */
const LONGEST_ASKED_MS = 60_000;
/** Failures of the answer, not of the service: nothing is gained by waiting before the next try. */
const WITHOUT_WAIT = new Set(["gemini_invalid_output", "gemini_truncated"]);

export interface RetryTools {
  wait: Wait;
  /** 0 ≤ x < 1 */
  random: () => number;
}

export interface RetryOptions extends RetryTools {
  signal?: AbortSignal | undefined;
  /** Failures after which this is not tried again here. */
  isLeft?: (error: AppError) => boolean;
}

/** How long to wait before trying again, in milliseconds; null when waiting is not worth it. */
const delayBefore = (error: AppError, attempt: number, random: () => number): number | null => {
  if (WITHOUT_WAIT.has(error.code)) return 0;
  const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 + random()));
  const delay = Math.max(backoff, error.retryAfterMs ?? 0);
  return delay > LONGEST_ASKED_MS ? null : Math.round(delay);
};

/**
 * Tries up to three times what may succeed later, 2 to 10 s apart (jittered) or as long as the vendor asked for, up
 * to a minute. What it throws in the end still says whether it is worth a later try, and after how long. What is no
 * AppError is a bug or another room's, and passes at once.
 */
export const retrying = async <T>(
  { wait, random, signal, isLeft = () => false }: RetryOptions,
  run: () => Promise<T>,
): Promise<T> =>
  pRetry(run, {
    retries: TRIES - 1,
    // The waiting is done below, so that it can be handed in and can honour what the vendor asks for.
    minTimeout: 0,
    signal,
    shouldRetry: async ({ error, attemptNumber }) => {
      // For a place at the vendor the job's queue waits better than a running Worker.
      if (!(error instanceof AppError) || !error.retryable || isVendorBusy(error) || isLeft(error)) return false;
      const delay = delayBefore(error, attemptNumber, random);
      if (delay === null) return false;
      if (delay > 0) await wait(delay, signal);
      return true;
    },
  });
