import { setTimeout as sleep } from "node:timers/promises";

/** Generous on purpose: reached only when something is broken, however slow the machine. */
const DEADLINE_MS = 100_000;
const FIRST_PAUSE_MS = 15;
const LONGEST_PAUSE_MS = 250;

/**
 * Asks again and again until there is an answer. For what can only be watched from outside; what the sandbox does is
 * waited for by its own events.
 * @param probe undefined or false: not yet
 * @param lastSeen for the message of the failure
 * @throws Error when the deadline has passed
 */
export const eventually = async <T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, lastSeen: () => unknown = () => undefined, deadlineMs = DEADLINE_MS): Promise<T> => {
  const deadline = Date.now() + deadlineMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${deadlineMs / 1000} s in vain for: ${what}\nLast seen: ${JSON.stringify(lastSeen(), null, 1)}`);
    await sleep(pauseMs);
  }
};
