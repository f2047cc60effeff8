import { dayOf, monthOf } from "../../core/clock.ts";
import type { ContactCaps } from "../../core/security/consent/consent.types.ts";
import type { ReservationAnswer, ReservationRequest } from "../../core/security/consent/limiter.types.ts";
import type { Channel } from "../../core/memory/opt-outs.store.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer than the longest cooldown (30 days) and than a month, after which a reservation can be settled no more. */
const KEPT_MS = 40 * DAY_MS;

const WINDOWS: Readonly<Record<Channel, readonly { cap: keyof ContactCaps; ms: number }[]>> = {
  call: [{ cap: "calls_per_hour", ms: HOUR_MS }, { cap: "calls_per_day", ms: DAY_MS }],
  sms: [{ cap: "sms_per_hour", ms: HOUR_MS }, { cap: "sms_per_day", ms: DAY_MS }],
};

interface Row extends Record<string, SqlStorageValue> {
  at: number;
  micros: number;
}

/** Caps below it are met as soon as they are nearly met. */
const SMALLEST_WARNED = 5;
const WARN_AT = 0.8;

/**
 * A tenant's contacts, in the object's own SQLite:
 * `reservation(attempt_id, channel, phone, unasked, at, micros)`: one row a contact, for 40 days;
 * `spent(month, micros)`: their sum, so that a month need not be added up;
 * `warned(cap, period)`: in which day or month somebody was told that a cap is nearly met. Named with its number: each project of the tenant has caps
 * of its own on what all of them do, and to have told of the narrow one says nothing of the wide one;
 * An object runs one of these methods at a time and none of them waits, which is why parallel attempts cannot pass together.
 */
export const openReservations = (sql: SqlStorage) => {
  sql.exec(`CREATE TABLE IF NOT EXISTS reservation (attempt_id TEXT PRIMARY KEY, channel TEXT NOT NULL, phone TEXT NOT NULL,
      unasked INTEGER NOT NULL, at INTEGER NOT NULL, micros INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS reservation_newest ON reservation(channel, at);
    CREATE INDEX IF NOT EXISTS reservation_person ON reservation(phone, channel, at) WHERE unasked = 1;
    CREATE TABLE IF NOT EXISTS spent (month TEXT PRIMARY KEY, micros INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS warned (cap TEXT PRIMARY KEY, period TEXT NOT NULL);`);

  const rowOf = (attemptId: string): Row | undefined => sql.exec<Row>("SELECT at, micros FROM reservation WHERE attempt_id = ?", attemptId).toArray()[0];

  const spend = (month: string, micros: number): void =>
    void sql.exec("INSERT INTO spent (month, micros) VALUES (?, ?) ON CONFLICT (month) DO UPDATE SET micros = micros + excluded.micros", month, micros);

  const spentIn = (month: string): number => sql.exec<{ micros: number }>("SELECT micros FROM spent WHERE month = ?", month).toArray()[0]?.micros ?? 0;

  const lastUnasked = ({ phone, channel, attempt_id }: ReservationRequest): number | null =>
    sql
      .exec<{ at: number | null }>("SELECT max(at) AS at FROM reservation WHERE phone = ? AND channel = ? AND unasked = 1 AND attempt_id <> ?", phone, channel, attempt_id)
      .one().at;

  /** The cap that is met, and when there is room again; the longest wait of several. */
  const full = ({ channel, caps, micros }: ReservationRequest, now: number): { cap: keyof ContactCaps; retry_at: number | null } | null => {
    let met: { cap: keyof ContactCaps; retry_at: number } | null = null;
    for (const { cap, ms } of WINDOWS[channel]) {
      const most = caps[cap];
      if (most === null) continue;
      if (most <= 0) return { cap, retry_at: null };
      // Sliding: as long as the most-th newest contact is within the window, there is no room; when it leaves, there is.
      const oldest = sql.exec<{ at: number }>("SELECT at FROM reservation WHERE channel = ? ORDER BY at DESC LIMIT 1 OFFSET ?", channel, most - 1).toArray()[0];
      if (oldest !== undefined && oldest.at + ms > now && (met === null || oldest.at + ms > met.retry_at)) met = { cap, retry_at: oldest.at + ms };
    }
    const budget = caps.money_per_month_micros;
    if (budget !== null && spentIn(monthOf(now)) + micros > budget) return { cap: "money_per_month_micros", retry_at: null };
    return met;
  };

  /** Whether this is the first time in the period that this cap of so many is told of. */
  const isNews = (cap: keyof ContactCaps, most: number, period: string, now: number): boolean => {
    sql.exec("DELETE FROM warned WHERE period NOT IN (?, ?)", dayOf(now), monthOf(now));
    return sql.exec("INSERT OR IGNORE INTO warned (cap, period) VALUES (?, ?) RETURNING cap", `${cap}:${most}`, period).toArray().length > 0;
  };

  /** Caps of which four fifths are used now, and were not told of in this period. */
  const nearlyMet = ({ channel, caps: holding, warned_caps: caps = holding }: ReservationRequest, now: number): (keyof ContactCaps)[] => {
    const near: (keyof ContactCaps)[] = [];
    for (const { cap, ms } of WINDOWS[channel]) {
      const most = caps[cap];
      if (most === null || most < SMALLEST_WARNED) continue;
      const marking = sql.exec<{ at: number }>("SELECT at FROM reservation WHERE channel = ? ORDER BY at DESC LIMIT 1 OFFSET ?", channel, Math.ceil(most * WARN_AT) - 1).toArray()[0];
      if (marking !== undefined && marking.at + ms > now && isNews(cap, most, dayOf(now), now)) near.push(cap);
    }
    const budget = caps.money_per_month_micros;
    if (budget !== null && budget > 0 && spentIn(monthOf(now)) >= budget * WARN_AT && isNews("money_per_month_micros", budget, monthOf(now), now)) near.push("money_per_month_micros");
    return near;
  };

  return {
    reserve(request: ReservationRequest, now: number): ReservationAnswer {
      const last_unasked_at = lastUnasked(request);
      if (rowOf(request.attempt_id) !== undefined) return { reserved: true, last_unasked_at };
      const met = full(request, now);
      if (met !== null) return { reserved: false, ...met, last_unasked_at };
      sql.exec("DELETE FROM reservation WHERE channel = ? AND at < ?", request.channel, now - KEPT_MS);
      sql.exec(
        "INSERT INTO reservation (attempt_id, channel, phone, unasked, at, micros) VALUES (?, ?, ?, ?, ?, ?)",
        request.attempt_id, request.channel, request.phone, request.unasked ? 1 : 0, now, request.micros,
      );
      spend(monthOf(now), request.micros);
      const near = nearlyMet(request, now);
      return { reserved: true, last_unasked_at, ...(near.length === 0 ? {} : { near }) };
    },

    release(attemptId: string): void {
      const row = rowOf(attemptId);
      if (row === undefined) return;
      sql.exec("DELETE FROM reservation WHERE attempt_id = ?", attemptId);
      spend(monthOf(row.at), -row.micros);
    },

    /** @param id of one attempt, or of a call with several (`<id>:…`): the first bears what all have cost */
    settle(id: string, micros: number): void {
      // ";" is what comes after ":".
      const legs = sql.exec<Row & { attempt_id: string }>("SELECT attempt_id, at, micros FROM reservation WHERE attempt_id = ? OR (attempt_id >= ? AND attempt_id < ?) ORDER BY at, attempt_id", id, `${id}:`, `${id};`).toArray();
      for (const [place, leg] of legs.entries()) {
        const cost = place === 0 ? micros : 0;
        sql.exec("UPDATE reservation SET micros = ? WHERE attempt_id = ?", cost, leg.attempt_id);
        spend(monthOf(leg.at), cost - leg.micros);
      }
    },

    /** The person is erased: their contacts go on counting, without whose they were. */
    forget: (phone: string): void => void sql.exec("UPDATE reservation SET phone = '', unasked = 0 WHERE phone = ?", phone),
  };
};
