import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How the service did in a minute, over all tenants: what alerts are judged by. Isolates add to it every few seconds; what one loses when it dies is missing. */
export const service_minutes = sqliteTable("service_minutes", {
  /** Minutes since the epoch. */
  minute: integer().primaryKey(),
  requests: integer().notNull(),
  /** Answered with 5xx. */
  errors: integer().notNull(),
  /** Took longer than two seconds to answer. */
  slow: integer().notNull(),
  /** Leads that were taken in. */
  leads: integer().notNull(),
});

/** Alerts that are on, and how far the telling of them has come. */
export const alerts = sqliteTable(
  "alerts",
  {
    rule: text().notNull(),
    /** When it began, ms: the alert's name, so that each is told once. */
    since: integer().notNull(),
    /** In words, for a person; ids, never personal data. */
    detail: text().notNull(),
    /** When it ended. */
    until: integer(),
    /** When its beginning was told, and its end. */
    told_at: integer(),
    recovery_told_at: integer(),
    /** Ways by which some of it has been told already, `firing:sms`: not every one knows a repeat. */
    told_by: text({ mode: "json" }).$type<string[]>(),
  },
  (t) => [primaryKey({ columns: [t.rule, t.since] })],
);
