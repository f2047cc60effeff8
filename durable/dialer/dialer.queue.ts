import type { LeaseHolder, LeaseRequest } from "./dialer.types.ts";

export interface Waiting {
  holder: LeaseHolder;
  phones: string[];
  received_at: number;
  ttl_ms: number;
}

const callKeyOf = (holder: LeaseHolder): string => `${holder.tenant_id}/${holder.project_id}/${holder.call_id}`;
/** A slot is a phone: nothing that an id could hold. */
const keyOf = (holder: LeaseHolder): string => (holder.slot === undefined ? callKeyOf(holder) : `${callKeyOf(holder)}#${holder.slot}`);

/**
 * The dialer's books, in the object's own SQLite:
 * `lease(holder, phone, expires_at)`: who may ring which phone, one holder a phone;
 * `waiting(holder, request, retry, received_at)`: who would like to;
 * `claim(sid, holder, at)`: which Twilio call is whose, kept for two days so that a look-up can tell its own from others'.
 */
export const openBooks = (sql: SqlStorage) => {
  sql.exec(`CREATE TABLE IF NOT EXISTS lease (holder TEXT PRIMARY KEY, phone TEXT NOT NULL UNIQUE, expires_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS waiting (holder TEXT PRIMARY KEY, request TEXT NOT NULL, retry INTEGER NOT NULL, received_at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS waiting_freshest ON waiting(retry, received_at DESC);
    CREATE TABLE IF NOT EXISTS claim (sid TEXT PRIMARY KEY, holder TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS claim_at ON claim(at);`);

  const leaseOf = (holder: LeaseHolder): string | null =>
    sql.exec<{ phone: string }>("SELECT phone FROM lease WHERE holder = ?", keyOf(holder)).toArray()[0]?.phone ?? null;

  return {
    leaseOf,
    expire: (now: number): void => void sql.exec("DELETE FROM lease WHERE expires_at <= ?", now),
    nextExpiry: (): number | null => sql.exec<{ at: number | null }>("SELECT min(expires_at) AS at FROM lease").one().at,
    firstFree: (phones: string[]): string | null =>
      phones.find((phone) => sql.exec("SELECT 1 FROM lease WHERE phone = ?", phone).toArray().length === 0) ?? null,
    grant(holder: LeaseHolder, phone: string, expiresAt: number): void {
      sql.exec("INSERT OR REPLACE INTO lease (holder, phone, expires_at) VALUES (?, ?, ?)", keyOf(holder), phone, expiresAt);
      sql.exec("DELETE FROM waiting WHERE holder = ?", keyOf(holder));
    },
    /** Without a slot, all that the call holds or waits for. */
    release(holder: LeaseHolder): void {
      const key = keyOf(holder);
      // "$" is the character after "#": the range holds the call's slots and nothing else.
      const range = holder.slot === undefined ? [key, `${key}#`, `${key}$`] : [key, key, key];
      sql.exec("DELETE FROM lease WHERE holder = ? OR (holder >= ? AND holder < ?)", ...range);
      sql.exec("DELETE FROM waiting WHERE holder = ? OR (holder >= ? AND holder < ?)", ...range);
    },
    busyAmong: (phones: string[]): string[] => phones.filter((phone) => sql.exec("SELECT 1 FROM lease WHERE phone = ?", phone).toArray().length > 0),
    wait(request: LeaseRequest): void {
      const waiting: Waiting = { holder: request.holder, phones: request.phones, received_at: request.received_at, ttl_ms: request.ttl_ms };
      sql.exec("INSERT OR REPLACE INTO waiting (holder, request, retry, received_at) VALUES (?, ?, ?, ?)", keyOf(request.holder), JSON.stringify(waiting), request.retry === true ? 1 : 0, request.received_at);
    },
    isAnyoneWaiting: (): boolean => sql.exec("SELECT 1 FROM waiting LIMIT 1").toArray().length > 0,
    /** Freshest first, those that were not tried yet before all others. */
    waiting: function* (): Generator<Waiting> {
      for (const row of sql.exec<{ request: string }>("SELECT request FROM waiting ORDER BY retry, received_at DESC, holder LIMIT 1000").toArray()) yield JSON.parse(row.request) as Waiting;
    },
    claim(holder: LeaseHolder, sid: string, now: number): void {
      sql.exec("DELETE FROM claim WHERE at < ?", now - 172_800_000);
      sql.exec("INSERT OR IGNORE INTO claim (sid, holder, at) VALUES (?, ?, ?)", sid, callKeyOf(holder), now);
    },
    claimedByOthers: (holder: LeaseHolder, sids: string[]): string[] =>
      sids.filter((sid) => sql.exec("SELECT 1 FROM claim WHERE sid = ? AND holder <> ?", sid, callKeyOf(holder)).toArray().length > 0),
  };
};
