/** Waiting, scaled by a speed and given up at once when its signal or the sandbox says so. */
export interface Clock {
  readonly speed: number;
  /** At speed 0 nothing is waited for, so steps are ordered by awaiting each other's callbacks instead. */
  readonly ordered: boolean;
  /** Milliseconds since the epoch, on the real clock. */
  now(): number;
  /** Resolves after `ms × speed` (never, for Infinity); rejects with the signal's reason when it is aborted first. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** As `wait`, but in real milliseconds whatever the speed. */
  waitReal(ms: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export class SandboxClosed extends Error {
  override readonly name = "SandboxClosed";
}

/** setTimeout cannot count further than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function createClock(speed: number): Clock {
  const closing = new AbortController();

  function waitReal(ms: number, signal?: AbortSignal): Promise<void> {
    const stop = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        clearTimeout(timer);
        clearImmediate(soon);
        reject(stop.reason as Error);
      };
      const done = (): void => {
        stop.removeEventListener("abort", giveUp);
        resolve();
      };
      const timer = ms > 0 && ms !== Infinity ? setTimeout(done, Math.min(ms, LONGEST_TIMER_MS)) : undefined;
      const soon = ms > 0 ? undefined : setImmediate(done);
      if (stop.aborted) giveUp();
      else stop.addEventListener("abort", giveUp, { once: true });
    });
  }

  return {
    speed,
    ordered: speed === 0,
    now: () => Date.now(),
    wait: (ms, signal) => waitReal(ms === Infinity ? Infinity : ms * speed, signal),
    waitReal,
    close: () => closing.abort(new SandboxClosed("The sandbox was closed.")),
  };
}
