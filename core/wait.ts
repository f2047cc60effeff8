export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Waits, or rejects with the signal's reason as soon as it is aborted. */
export const sleep: Wait = async (ms, signal) => {
  signal?.throwIfAborted();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  try {
    await new Promise<void>((resolve) => {
      stop = () => resolve();
      timer = setTimeout(stop, ms);
      signal?.addEventListener("abort", stop, { once: true });
    });
    signal?.throwIfAborted();
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal?.removeEventListener("abort", stop);
  }
};
