import { and, eq, gte, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { type Clock, dayOf } from "../clock.ts";
import { isAway } from "./closed-tenant.ts";
import type { Database } from "./database.ts";
import { countOverdue } from "./duties.store.ts";
import { alerts, service_minutes, sweep_marks } from "./schema.ts";

export interface ServiceCounts {
  requests: number;
  errors: number;
  slow: number;
  leads: number;
}
export type Alert = typeof alerts.$inferSelect;

const MINUTE_MS = 60_000;
const KEPT_MS = 30 * 86_400_000;
/** Several times as long as the slowest way of telling waits for its answer. */
const TELLING_MS = 120_000;
const BACKUPS_LATE_MS = 2 * 86_400_000;

/** How the service does as a whole. It belongs to no tenant and names none. */
export const createOperationsStore = ({ db, all, clock }: { db: Database; all: readonly Database[]; clock: Clock }) => {
  const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);
  const own = ({ rule, since }: Pick<Alert, "rule" | "since">) => and(eq(alerts.rule, rule), eq(alerts.since, since));
  const telling = ({ rule, since }: Pick<Alert, "rule" | "since">): string => `alert:${rule}:${since}`;
  const total = (column: keyof ServiceCounts) => sql<number>`coalesce(sum(${service_minutes[column]}), 0)`.as(column);

  return {
    /** Adds to the minute that it is now. */
    async add(counts: ServiceCounts): Promise<void> {
      const plus = (column: keyof ServiceCounts) => sql`${service_minutes[column]} + ${counts[column]}`;
      await db
        .insert(service_minutes)
        .values({ minute: minuteOf(clock.now()), ...counts })
        .onConflictDoUpdate({ target: service_minutes.minute, set: { requests: plus("requests"), errors: plus("errors"), slow: plus("slow"), leads: plus("leads") } });
    },

    /** What was counted in [from, to), ms; a row read for each minute. */
    async counts(from: number, to: number): Promise<ServiceCounts> {
      const row = await db
        .select({ requests: total("requests"), errors: total("errors"), slow: total("slow"), leads: total("leads") })
        .from(service_minutes)
        .where(and(gte(service_minutes.minute, minuteOf(from)), lt(service_minutes.minute, minuteOf(to))))
        .get();
      return row ?? { requests: 0, errors: 0, slow: 0, leads: 0 };
    },

    /** The same by the minute, without those in which nothing was counted. */
    async minutes(from: number, to: number): Promise<(ServiceCounts & { minute: number })[]> {
      return db.select().from(service_minutes).where(and(gte(service_minutes.minute, minuteOf(from)), lt(service_minutes.minute, minuteOf(to)))).all();
    },

    /** Runs that have died since (a tenant's receiver that is down is the tenant's), canaries that are failing (not those of tenants who are suspended or elsewhere), backups (of a database, of storage) that none was finished of for two days (nor ever, where there are tenants for as long), tenants warned of their budget or of a cap on contacts since, and duties that nobody has looked after since `overdueSince`, however often a look that failed has put them off. */
    async troubles({ since, overdueSince }: { since: number; overdueSince: number }): Promise<Record<"dead" | "canaries" | "budgets" | "overdue" | "backups", number>> {
      const late = dayOf(clock.now() - BACKUPS_LATE_MS);
      const rows = await Promise.all(all.map(async (one) => one.get<Record<"dead" | "canaries" | "budgets" | "overdue" | "backups", number>>(sql`
        SELECT (SELECT count(*) FROM runs WHERE status = 'dead' AND finished_at >= ${since} AND task <> 'webhooks') AS dead,
          (SELECT count(*) FROM projects JOIN tenants ON tenants.id = projects.tenant_id WHERE canary_failed_at IS NOT NULL AND NOT ${isAway}) AS canaries,
          (SELECT count(*) FROM spend WHERE warned_at IS NOT NULL AND warned_at >= ${since}) + (SELECT count(*) FROM audit WHERE action = 'cap.warned' AND at >= ${since}) AS budgets,
          ${countOverdue(overdueSince)} AS overdue,
          (SELECT count(*) FROM json_each(${JSON.stringify(one === db ? ["backup", "backup_objects"] : ["backup"])}) AS walk LEFT JOIN sweep_marks ON sweep_marks.name = walk.value
            WHERE coalesce(json_extract(position, '$.kept_day'), (SELECT date(min(created_at) / 1000, 'unixepoch') FROM tenants)) < ${late}) AS backups`)));
      return rows.reduce((sum, row) => ({ dead: sum.dead + row.dead, canaries: sum.canaries + row.canaries, budgets: sum.budgets + row.budgets, overdue: sum.overdue + row.overdue, backups: sum.backups + row.backups }));
    },

    /** What all tenants together have cost on a day (`2026-11-26`, UTC), in micro-dollars; not what their own Twilio accounts pay. A row read for each tenant, project and kind of that day. */
    async spentOn(day: string): Promise<number> {
      const sums = await Promise.all(all.map(async (one) => one.get<{ micros: number }>(sql`SELECT coalesce(sum(cost_micros), 0) AS micros FROM usage WHERE day = ${day} AND detail NOT LIKE '%:own_account%'`)));
      return sums.reduce((sum, { micros }) => sum + micros, 0);
    },

    /** Begins an alert unless it is on, or ends it. */
    async begin(rule: string, detail: string): Promise<void> {
      await db.insert(alerts).select(sql`SELECT ${rule}, ${clock.now()}, ${detail}, NULL, NULL, NULL, NULL WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE rule = ${rule} AND until IS NULL)`);
    },
    async end(rule: string): Promise<void> {
      await db.update(alerts).set({ until: clock.now() }).where(and(eq(alerts.rule, rule), isNull(alerts.until)));
    },

    /** Alerts of which the beginning or the end is yet to be told; of one that ended before any way had taken it, neither. */
    async untold(): Promise<Alert[]> {
      return db
        .select()
        .from(alerts)
        .where(or(and(isNull(alerts.told_at), isNull(alerts.until)), and(or(isNotNull(alerts.told_at), isNotNull(alerts.told_by)), isNotNull(alerts.until), isNull(alerts.recovery_told_at))))
        .all();
    },
    /**
     * Takes the telling of an alert on oneself for a while, since sweeps may overlap and a text knows no repeat.
     * @returns the alert as it is by now, and until when it is ours, ms; null: another is at it, or has told it, or it is over and its beginning is told no more
     */
    async take(alert: Pick<Alert, "rule" | "since">, what: "told_at" | "recovery_told_at"): Promise<{ alert: Alert; until: number } | null> {
      const now = clock.now();
      const until = now + TELLING_MS;
      const [taken, found] = await db.batch([
        db
          .insert(sweep_marks)
          .values({ name: telling(alert), position: String(until) })
          // One that is further off is of a clock that has stepped back since.
          .onConflictDoUpdate({ target: sweep_marks.name, set: { position: String(until) }, setWhere: sql`CAST(${sweep_marks.position} AS INTEGER) NOT BETWEEN ${now + 1} AND ${until}` })
          .returning({ name: sweep_marks.name }),
        db.select().from(alerts).where(and(own(alert), isNull(alerts[what]), what === "told_at" ? isNull(alerts.until) : undefined)),
      ]);
      if (taken.length === 0) return null;
      if (found[0] !== undefined) return { alert: found[0], until };
      await this.leave(alert, until);
      return null;
    },
    /** Whoever comes next may take it. */
    async leave(alert: Pick<Alert, "rule" | "since">, until: number): Promise<void> {
      await db.delete(sweep_marks).where(and(eq(sweep_marks.name, telling(alert)), eq(sweep_marks.position, String(until))));
    },

    async told(alert: Pick<Alert, "rule" | "since">, what: "told_at" | "recovery_told_at"): Promise<void> {
      await db.update(alerts).set({ [what]: clock.now() }).where(own(alert));
    },

    /** One of several ways has taken it. */
    async toldBy(alert: Pick<Alert, "rule" | "since">, way: string): Promise<void> {
      await db.update(alerts).set({ told_by: sql`json_insert(coalesce(${alerts.told_by}, '[]'), '$[#]', ${way})` }).where(own(alert));
    },

    async forgetOld(): Promise<void> {
      const before = clock.now() - KEPT_MS;
      await db.batch([db.delete(service_minutes).where(lt(service_minutes.minute, minuteOf(before))), db.delete(alerts).where(and(isNotNull(alerts.until), lt(alerts.until, before)))]);
    },
  };
};

export type OperationsStore = ReturnType<typeof createOperationsStore>;
