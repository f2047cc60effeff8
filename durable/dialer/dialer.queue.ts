import type { LeaseHolder, LeaseRequest } from "./dialer.types.ts";

interface Waiting {
  holder: LeaseHolder;
  phones: string[];
  received_at: number;
  ttl_ms: number;
}

/** Who is next, and on which phone. */
export interface Turn {
  holder: LeaseHolder;
  phone: string;
  ttl_ms: number;
}

const callKeyOf = (holder: LeaseHolder): string => `${holder.tenant_id}/${holder.project_id}/${holder.call_id}`;
/** A slot is a phone: nothing that an id could hold. */
const keyOf = (holder: LeaseHolder): string => (holder.slot === undefined ? callKeyOf(holder) : `${callKeyOf(holder)}#${holder.slot}`);

/**
 * The dialer's books, in the object's own SQLite:
 * `lease(holder, phone, expires_at)`: who may ring which phone, one holder a phone;
 * `waiting(holder, request, retry, received_at)`: who would like to;
 * `wanted(holder, phone, retry, received_at)`: the same, a row for each phone that would do;
 * `foremost(phone, retry, received_at, holder)`: of each wanted phone, whose turn is first. A crowd that waits for one phone is one row here, so
 * that whoever waits for another one is found behind it, and finding them costs a look at the phones that are busy, not at the crowd;
 * `claim(sid, holder, at)`: which Twilio call is whose, kept for two days so that a look-up can tell its own from others'.
 */
export const openBooks = (sql: SqlStorage) => {
  sql.exec(`CREATE TABLE IF NOT EXISTS lease (holder TEXT PRIMARY KEY, phone TEXT NOT NULL UNIQUE, expires_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS waiting (holder TEXT PRIMARY KEY, request TEXT NOT NULL, retry INTEGER NOT NULL, received_at INTEGER NOT NULL);
    DROP INDEX IF EXISTS waiting_freshest;
    CREATE TABLE IF NOT EXISTS wanted (holder TEXT NOT NULL, phone TEXT NOT NULL, retry INTEGER NOT NULL, received_at INTEGER NOT NULL, PRIMARY KEY (holder, phone)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS wanted_freshest ON wanted(phone, retry, received_at DESC, holder);
    CREATE TABLE IF NOT EXISTS foremost (phone TEXT PRIMARY KEY, retry INTEGER NOT NULL, received_at INTEGER NOT NULL, holder TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS foremost_freshest ON foremost(retry, received_at DESC, holder);
    CREATE TABLE IF NOT EXISTS claim (sid TEXT PRIMARY KEY, holder TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS claim_at ON claim(at);`);

  const leaseOf = (holder: LeaseHolder): string | null =>
    sql.exec<{ phone: string }>("SELECT phone FROM lease WHERE holder = ?", keyOf(holder)).toArray()[0]?.phone ?? null;

  const firstFree = (phones: string[]): string | null =>
    phones.find((phone) => sql.exec("SELECT 1 FROM lease WHERE phone = ?", phone).toArray().length === 0) ?? null;

  /** Who waits for these phones has changed. */
  const putForemost = (phones: Iterable<string>): void => {
    for (const phone of new Set(phones)) {
      sql.exec("DELETE FROM foremost WHERE phone = ?", phone);
      sql.exec("INSERT INTO foremost (phone, retry, received_at, holder) SELECT phone, retry, received_at, holder FROM wanted WHERE phone = ? ORDER BY retry, received_at DESC, holder LIMIT 1", phone);
    }
  };

  const want = (key: string, phones: string[], retry: number, receivedAt: number): void => {
    for (const phone of phones) sql.exec("INSERT OR IGNORE INTO wanted (holder, phone, retry, received_at) VALUES (?, ?, ?, ?)", key, phone, retry, receivedAt);
  };

  /** Of this key, and of those from `from` until before `to`. */
  const waitNoMore = (key: string, from = key, to = key): void => {
    sql.exec("DELETE FROM waiting WHERE holder = ? OR (holder >= ? AND holder < ?)", key, from, to);
    putForemost(sql.exec<{ phone: string }>("DELETE FROM wanted WHERE holder = ? OR (holder >= ? AND holder < ?) RETURNING phone", key, from, to).toArray().map(({ phone }) => phone));
  };

  // Those who have waited since before `wanted` was kept.
  if (sql.exec("SELECT 1 FROM wanted LIMIT 1").toArray().length === 0) {
    for (const { holder, request, retry, received_at } of sql.exec<{ holder: string; request: string; retry: number; received_at: number }>("SELECT * FROM waiting").toArray()) {
      const { phones } = JSON.parse(request) as Waiting;
      want(holder, phones, retry, received_at);
      putForemost(phones);
    }
  }

  return {
    leaseOf,
    expire: (now: number): void => void sql.exec("DELETE FROM lease WHERE expires_at <= ?", now),
    nextExpiry: (): number | null => sql.exec<{ at: number | null }>("SELECT min(expires_at) AS at FROM lease").one().at,
    firstFree,
    grant(holder: LeaseHolder, phone: string, expiresAt: number): void {
      sql.exec("INSERT OR REPLACE INTO lease (holder, phone, expires_at) VALUES (?, ?, ?)", keyOf(holder), phone, expiresAt);
      waitNoMore(keyOf(holder));
    },
    /** Without a slot, all that the call holds or waits for. */
    release(holder: LeaseHolder): void {
      const key = keyOf(holder);
      // "$" is the character after "#": the range holds the call's slots and nothing else.
      const range: [string, string, string] = holder.slot === undefined ? [key, `${key}#`, `${key}$`] : [key, key, key];
      sql.exec("DELETE FROM lease WHERE holder = ? OR (holder >= ? AND holder < ?)", ...range);
      waitNoMore(...range);
    },
    busyAmong: (phones: string[]): string[] => phones.filter((phone) => sql.exec("SELECT 1 FROM lease WHERE phone = ?", phone).toArray().length > 0),
    wait({ holder, phones, received_at, ttl_ms, retry: isRetry }: LeaseRequest): void {
      const key = keyOf(holder);
      const waiting: Waiting = { holder, phones, received_at, ttl_ms };
      const request = JSON.stringify(waiting);
      const retry = isRetry === true ? 1 : 0;
      // Whoever waits asks again every few seconds, for the same as a rule.
      if (sql.exec("SELECT 1 FROM waiting WHERE holder = ? AND request = ? AND retry = ?", key, request, retry).toArray().length > 0) return;
      waitNoMore(key);
      sql.exec("INSERT INTO waiting (holder, request, retry, received_at) VALUES (?, ?, ?, ?)", key, request, retry, received_at);
      want(key, phones, retry, received_at);
      putForemost(phones);
    },
    isAnyoneWaiting: (): boolean => sql.exec("SELECT 1 FROM waiting LIMIT 1").toArray().length > 0,
    /** The freshest that waits and has a phone that is free; those that were not tried yet before all others. */
    next(): Turn | null {
      const row = sql
        .exec<{ request: string }>("SELECT (SELECT request FROM waiting WHERE holder = foremost.holder) AS request FROM foremost WHERE NOT EXISTS (SELECT 1 FROM lease WHERE lease.phone = foremost.phone) ORDER BY retry, received_at DESC, holder LIMIT 1")
        .toArray()[0];
      if (row === undefined) return null;
      const { holder, phones, ttl_ms } = JSON.parse(row.request) as Waiting;
      const phone = firstFree(phones);
      return phone === null ? null : { holder, phone, ttl_ms };
    },
    claim(holder: LeaseHolder, sid: string, now: number): void {
      sql.exec("DELETE FROM claim WHERE at < ?", now - 172_800_000);
      sql.exec("INSERT OR IGNORE INTO claim (sid, holder, at) VALUES (?, ?, ?)", sid, callKeyOf(holder), now);
    },
    claimedByOthers: (holder: LeaseHolder, sids: string[]): string[] =>
      sids.filter((sid) => sql.exec("SELECT 1 FROM claim WHERE sid = ? AND holder <> ?", sid, callKeyOf(holder)).toArray().length > 0),
  };
};
