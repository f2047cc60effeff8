import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { contextTypes } from "../context/context.types.ts";
import { projects } from "./projects.ts";

/**
 * What can be found by meaning: one row for each passage and embedding model. `id` is the vector's id too, since a vector can
 * be deleted by its id only. A row says what should be in the index, and how far that has come.
 */
export const context_passages = sqliteTable(
  "context_passages",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    type: text({ enum: contextTypes }).notNull(),
    /** `dna:…`, a page's URL, a call's id. */
    source: text().notNull(),
    /** Of the source, when the passage was taken from it. */
    version: text(),
    text: text().notNull(),
    /** SHA-256 of `text`. */
    hash: text().notNull(),
    model: text().notNull(),
    dimensions: integer().notNull(),
    /** `pending`: to be embedded; `ready`: its vector is in the index; `removing`: its vector is to go, and then the row. */
    state: text({ enum: ["pending", "ready", "removing"] }).notNull(),
    created_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // One that is being removed does not stand in the way of the same text coming back: that is another row, another vector.
    uniqueIndex("context_passages_content").on(t.project_id, t.source, t.model, t.dimensions, t.type, t.hash).where(sql`state <> 'removing'`),
    index("context_passages_work").on(t.project_id, t.state, t.id).where(sql`state <> 'ready'`),
    index("context_passages_tenant").on(t.tenant_id, t.id),
  ],
);

/** Where a project's index stands. */
export const context_projects = sqliteTable(
  "context_projects",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    /** What of the DNA was last put into rows: a digest of its passages and of the models. */
    followed: text(),
    /** The models for which every passage has a row. Others than those configured: rows are to be opened, or dropped. */
    spaces: text(),
    /** Whoever makes the index follow at the moment, and until when they need not say so again. */
    lease_holder: text(),
    lease_until: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("context_projects_tenant").on(t.tenant_id),
  ],
);
