import { nextDeadline } from "./transition.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";

export interface StoredCall {
  state: BridgeCallState;
  /** The revision that D1 has seen. */
  projected: number;
  /** The lead's status as we last wrote it: one that a person has changed since is left alone. */
  lead_status: string | null;
}

/** Twilio's last word on a call comes within hours; after so long only D1 remembers it. */
const KEPT_MS = 30 * 86_400_000;

const SCHEMA = `CREATE TABLE call (call_id TEXT PRIMARY KEY, state TEXT NOT NULL, projected INTEGER NOT NULL, lead_status TEXT, active INTEGER NOT NULL, received_at INTEGER NOT NULL);
  CREATE INDEX call_active ON call(call_id) WHERE active = 1;
  CREATE INDEX call_over ON call(received_at) WHERE active = 0;
  CREATE TABLE turn (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL);
  INSERT INTO turn (one, next) VALUES (1, 0);`;

/**
 * `turn`: whose turn it is in a round robin. Rows `call(call_id, state JSON, projected, lead_status, active, received_at)` in the object's own SQLite, kept for 30 days. The
 * tables come with the first row, so that an object that was only warmed up leaves nothing behind.
 */
export const openCallStorage = (sql: SqlStorage) => {
  let exists = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'call'").toArray().length > 0;
  /** Written through: a state is never changed in place, and an event looks at it several times. */
  const loaded = new Map<string, StoredCall>();
  const prepare = (): void => {
    if (!exists) sql.exec(SCHEMA);
    exists = true;
  };
  const turn = (): number => (exists ? sql.exec<{ next: number }>("SELECT next FROM turn").one().next : 0);
  return {
    /** Whose turn it is in a round robin, as an index that only grows. */
    turn,
    /** The same, and the next call's is the one after it. */
    takeTurn(): number {
      prepare();
      const taken = turn();
      sql.exec("UPDATE turn SET next = next + 1");
      return taken;
    },
    load(callId: string): StoredCall | null {
      const known = loaded.get(callId);
      if (known || !exists) return known ?? null;
      const [row] = sql.exec<{ state: string; projected: number; lead_status: string | null }>("SELECT state, projected, lead_status FROM call WHERE call_id = ?", callId).toArray();
      if (!row) return null;
      const stored = { state: JSON.parse(row.state) as BridgeCallState, projected: row.projected, lead_status: row.lead_status };
      loaded.set(callId, stored);
      return stored;
    },
    save(stored: StoredCall): void {
      const { state, projected, lead_status } = stored;
      prepare();
      // Over, all effects done, and D1 knows: nothing wakes for it any more.
      const active = state.phase !== "ended" || state.outbox.length > 0 || nextDeadline(state) !== null || projected < state.revision ? 1 : 0;
      sql.exec(
        "INSERT OR REPLACE INTO call (call_id, state, projected, lead_status, active, received_at) VALUES (?, ?, ?, ?, ?, ?)",
        state.plan.call_id, JSON.stringify(state), projected, lead_status, active, state.plan.received_at,
      );
      if (active === 1) loaded.set(state.plan.call_id, stored);
      else loaded.delete(state.plan.call_id);
    },
    remove(callId: string): void {
      loaded.delete(callId);
      if (exists) sql.exec("DELETE FROM call WHERE call_id = ?", callId);
    },
    /** @param now business time in ms */
    forgetOld(now: number): void {
      if (exists) sql.exec("DELETE FROM call WHERE active = 0 AND received_at < ?", now - KEPT_MS);
    },
    active: (): string[] => !exists ? [] : sql.exec<{ call_id: string }>("SELECT call_id FROM call WHERE active = 1 ORDER BY received_at DESC, call_id").toArray().map((row) => row.call_id),
  };
};

export type CallStorage = ReturnType<typeof openCallStorage>;
