import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

export const liveKinds = ["entity", "call", "run"] as const;
export type LiveKind = (typeof liveKinds)[number];

/**
 * Projects that somebody watches, or has watched. While one is watched, triggers on entities, calls and runs number each change of
 * its rows in the transaction that makes it: none can be missed, whoever wrote it and whatever died afterwards.
 */
export const live_watches = sqliteTable(
  "live_watches",
  {
    project_id: text().primaryKey(),
    tenant_id: text().notNull(),
    /** 0: changes are not numbered. */
    active: integer({ mode: "boolean" }).notNull(),
    /** Of the last change; never goes back. */
    seq: integer().notNull(),
    /** Whoever has seen less than this has missed changes that nobody kept. */
    replay_from: integer().notNull(),
    /** Until when it is watched, business time in ms, unless somebody still does. */
    until: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("live_watches_until").on(t.until).where(sql`active = 1`),
  ],
);

/** The last change of each row of a watched project: which it was, not what it said. */
export const live_changes = sqliteTable(
  "live_changes",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    kind: text({ enum: liveKinds }).notNull(),
    row_id: text().notNull(),
    seq: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.kind, t.row_id] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    uniqueIndex("live_changes_seq").on(t.project_id, t.seq),
  ],
);
