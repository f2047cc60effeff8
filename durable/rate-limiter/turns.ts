/** Where the desk is kept over an eviction: a part of Durable Objects' synchronous storage. */
type Store = Pick<SyncKvStorage, "get" | "put">;

export type TurnAnswer = { granted: true; wait_ms: number } | { granted: false; retry_after_ms: number };

/** No queue is longer: a first turn further off than that was booked by a clock that has stepped back since. */
const LONGEST_QUEUE_MS = 120_000;
/** Nor does a vendor want to be left alone for longer. */
const LONGEST_HOLD_MS = 2 * 3_600_000;

/**
 * The desk of one vendor: turns at a pace, and places for those who are being served. Nothing in it waits, so what comes at once
 * is answered one after another.
 */
export const openDesk = (store: Store) => {
  const places = (now: number): Record<string, number> =>
    Object.fromEntries(Object.entries(store.get<Record<string, number>>("places") ?? {}).filter(([, until]) => until > now && until <= now + LONGEST_QUEUE_MS * 10));

  return {
    /** Books the next turn, unless it is further off than the asker would wait: then none is booked. */
    turn({ every_ms, max_wait_ms }: { every_ms: number; max_wait_ms: number }, now: number): TurnAnswer {
      const booked = store.get<number>("next_at") ?? now;
      const held = store.get<number>("held_until") ?? now;
      const free = held - now > LONGEST_HOLD_MS ? now : Math.max(now, held);
      const at = booked - now > LONGEST_QUEUE_MS ? free : Math.max(free, booked);
      const wait_ms = at - now;
      if (wait_ms > max_wait_ms) return { granted: false, retry_after_ms: wait_ms };
      store.put("next_at", at + every_ms);
      return { granted: true, wait_ms };
    },

    /** The vendor wants to be left alone, by everybody, for so long. What was held before is never shortened. */
    hold(forMs: number, now: number): void {
      const held = store.get<number>("held_until") ?? now;
      store.put("held_until", Math.max(held - now > LONGEST_HOLD_MS ? now : held, now + Math.min(forMs, LONGEST_HOLD_MS)));
    },

    /** Takes a place until it is left, at most for `ttl_ms`; the same ticket again has the same place. @returns whether there was one */
    enter(ticket: string, { at_once, ttl_ms }: { at_once: number; ttl_ms: number }, now: number): boolean {
      const taken = places(now);
      if (!Object.hasOwn(taken, ticket) && Object.keys(taken).length >= at_once) return false;
      store.put("places", { ...taken, [ticket]: now + ttl_ms });
      return true;
    },

    leave(ticket: string, now: number): void {
      const { [ticket]: _, ...rest } = places(now);
      store.put("places", rest);
    },
  };
};
