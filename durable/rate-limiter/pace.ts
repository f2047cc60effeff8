/** What a vendor of us all allows: one request every so many ms, whoever of our tenants asks. */
export interface TurnRequest {
  every_ms: number;
  /** Longest wait that the caller is willing to sit out. */
  patience_ms: number;
}

/** A turn is taken and begins in `wait_ms`; or there is none soon enough, and asking again makes sense in `retry_in_ms`. */
export type TurnAnswer = { granted: true; wait_ms: number } | { granted: false; retry_in_ms: number };

/**
 * Turns at one vendor, in the object's own SQLite: `pace(next_at)`, one row, so that neither a restart nor a vendor's request to
 * hold off is forgotten. An object runs one of these methods at a time, which is why two callers never get one turn.
 */
export const openPace = (sql: SqlStorage) => {
  sql.exec("CREATE TABLE IF NOT EXISTS pace (id INTEGER PRIMARY KEY CHECK (id = 1), next_at INTEGER NOT NULL)");
  const nextAt = (): number => sql.exec<{ next_at: number }>("SELECT next_at FROM pace").toArray()[0]?.next_at ?? 0;
  const setNext = (at: number): void => void sql.exec("INSERT INTO pace (id, next_at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET next_at = excluded.next_at", at);

  return {
    turn({ every_ms, patience_ms }: TurnRequest, now: number): TurnAnswer {
      const at = Math.max(now, nextAt());
      if (at - now > patience_ms) return { granted: false, retry_in_ms: at - now };
      setNext(at + every_ms);
      return { granted: true, wait_ms: at - now };
    },

    /** The vendor wants to be left alone for a while. It never brings a turn forward. */
    hold: (forMs: number, now: number): void => setNext(Math.max(nextAt(), now + forMs)),
  };
};
