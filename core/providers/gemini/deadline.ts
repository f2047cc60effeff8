import { geminiError } from "./gemini.errors.ts";

/**
 * Runs something for a limited time. The result is settled when time is up or the caller has lost interest, also when
 * what runs ignores its signal.
 * @throws AppError `gemini_timeout` (retryable) after `timeoutMs`; the caller's own reason after the caller's abort
 */
export const withDeadline = async <T>(
  { timeoutMs, signal, what }: { timeoutMs: number; signal?: AbortSignal | undefined; what: string },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  // The SDK ignores a signal that is aborted already (CONTRACTS 5.5).
  signal?.throwIfAborted();
  const controller = new AbortController();
  const late = geminiError("gemini_timeout", `${what} took longer than ${timeoutMs} ms.`, { retryable: true });
  const giveUp = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(late), timeoutMs);
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const aborted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener("abort", () => reject(late), { once: true });
    });
    return await Promise.race([run(controller.signal), aborted]);
  } catch (error) {
    signal?.throwIfAborted();
    if (controller.signal.aborted) throw late;
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
};
