import { setTimeout as sleep } from "node:timers/promises";

export interface CronOptions {
  url: string;
  intervalMs: number;
  log: (line: string) => void;
}

/** Long enough for every job of one tick, short enough that a stuck one does not stop the clock for good. */
const CALL_TIMEOUT_MS = 120_000;

/** One call of the cron handler. @returns null when it succeeded, else what happened */
export const callCron = async (url: string, signal: AbortSignal): Promise<string | null> => {
  try {
    // "* * * * *", the cron of wrangler.local.toml.
    const response = await fetch(`${url}/cdn-cgi/local/scheduled?cron=*+*+*+*+*&format=json`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    const text = await response.text();
    return response.ok && text.includes('"ok"') ? null : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/**
 * Calls a local Worker's cron handler again and again, since `wrangler dev` never does by itself. A call begins only when
 * the one before has ended. A failure is logged once, and again when it changes or is over.
 * @returns stops it
 */
export const startCron = ({ url, intervalMs, log }: CronOptions): (() => void) => {
  let lastFailure: string | null = null;
  return startRepeating(async (signal) => {
    const failure = await callCron(url, signal);
    if (!signal.aborted && failure !== lastFailure) log(failure === null ? "cron: works again" : `cron: failed: ${failure}`);
    lastFailure = failure;
  }, intervalMs);
};

/**
 * Does something again and again; a turn begins only when the one before has ended.
 * @returns stops it, the turn under way included
 */
export const startRepeating = (work: (signal: AbortSignal) => Promise<void>, intervalMs: number): (() => void) => {
  const stopped = new AbortController();
  const { signal } = stopped;
  const run = async (): Promise<void> => {
    for (;;) {
      await sleep(intervalMs, undefined, { signal });
      await work(signal);
    }
  };
  run().catch(() => {
    // The wait is all that throws: it was aborted.
  });
  return () => stopped.abort();
};
