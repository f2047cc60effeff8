import type { Progress } from "./agent.ts";

/** Progress is told at most so often, ms: whoever watches sees no more, and each telling may be a write. */
const TELL_EVERY_MS = 1000;

/**
 * Tells at once what comes first, and of what comes soon after only the last. `tell` must not fail.
 * `end`: nothing more is told, whatever was waiting; how the work ended is told by other means.
 */
export const createProgressTeller = (tell: (progress: Progress) => Promise<void>, everyMs = TELL_EVERY_MS) => {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let waiting: Progress | null = null;
  const tellNow = async (progress: Progress): Promise<void> => {
    pause = setTimeout(() => {
      pause = undefined;
      const next = waiting;
      waiting = null;
      if (next !== null) void tellNow(next);
    }, everyMs);
    await tell(progress);
  };
  return {
    async say(progress: Progress): Promise<void> {
      if (pause === undefined) await tellNow(progress);
      else waiting = progress;
    },
    end(): void {
      clearTimeout(pause);
      waiting = null;
    },
  };
};
