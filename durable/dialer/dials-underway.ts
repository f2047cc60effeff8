import type { LeaseHolder } from "./dialer.types.ts";

/**
 * More requests than these are never at Twilio at once, whatever an account's pace. Twilio refuses too many together (20429, CONTRACTS), and where
 * it, or the Worker, is slower than the leads come in, each more would make all of them later, until none is answered in time
 * and each has to be asked after. At one call a second it never matters: a request is given up after ten.
 */
export const MOST_UNDERWAY = 50;

/** Longer than a dial is waited for: whoever has said nothing by then has died, or was told no. */
export const UNDERWAY_MS = 20_000;

/** Dials that were allowed and have not come to anything yet, in memory: after an eviction nobody is at it any more. */
export const createUnderway = () => {
  /** By call; one entry for each of its phones. */
  const since = new Map<string, number[]>();
  const keyOf = ({ tenant_id, project_id, call_id }: LeaseHolder): string => `${tenant_id}/${project_id}/${call_id}`;
  let count = 0;

  const forget = (key: string, most: number): void => {
    const times = since.get(key) ?? [];
    const left = times.slice(most);
    count -= times.length - left.length;
    if (left.length === 0) since.delete(key);
    else since.set(key, left);
  };

  return {
    add(holder: LeaseHolder, now: number): void {
      const key = keyOf(holder);
      since.set(key, [...(since.get(key) ?? []), now]);
      count += 1;
    },
    /** Twilio has taken one of the call's dials. */
    done: (holder: LeaseHolder): void => forget(keyOf(holder), 1),
    /** The call dials nobody, or nobody more. */
    drop: (holder: LeaseHolder): void => forget(keyOf(holder), holder.slot === undefined ? Infinity : 1),
    isFull(now: number): boolean {
      if (count < MOST_UNDERWAY) return false;
      for (const [key, times] of since) forget(key, times.filter((time) => time <= now - UNDERWAY_MS).length);
      return count >= MOST_UNDERWAY;
    },
  };
};
