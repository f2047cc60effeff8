import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { scheduledJobs } from "../../schedule/scheduled-job.ts";
import { projects } from "./projects.ts";

/**
 * What leads that were found in public are known by, one row each: where they were read, and their very words. A lead that was
 * posted in several places has several. Two runs that save the same find at once meet here, and one of them is second.
 */
export const lead_keys = sqliteTable(
  "lead_keys",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    /** SHA-256, and what of: neither addresses nor words are told. */
    kind: text({ enum: ["url", "words"] }).notNull(),
    hash: text().notNull(),
    /** Null: whoever posted it was erased, and what is still public of them is not taken in again. */
    lead_id: text(),
    created_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.kind, t.hash] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("lead_keys_lead").on(t.lead_id).where(sql`lead_id IS NOT NULL`),
    index("lead_keys_tenant").on(t.tenant_id),
  ],
);

/** Work that a project's DNA asks for again and again, one row a job. No row: not asked for. */
export const schedules = sqliteTable(
  "schedules",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    job: text({ enum: scheduledJobs }).notNull(),
    /** The slot that comes next. Moved by compare-and-set, so that each is taken once. */
    due_at: integer().notNull(),
    /** The slot that was taken last. */
    last_at: integer(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.job] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("schedules_due").on(t.due_at),
    index("schedules_tenant").on(t.tenant_id),
  ],
);
