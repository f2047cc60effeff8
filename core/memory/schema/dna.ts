import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/**
 * Every version of a project's DNA that ever was in force: who wrote it and when. The text lies in R2 under the version's
 * own key. Rows are never changed (a trigger refuses it); which version is in force is the project's row's business.
 */
export const dna_versions = sqliteTable(
  "dna_versions",
  {
    /** Sorts by time. Unique in a project's layer, which is all that anybody asks for. */
    version: text().notNull(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    layer: text({ enum: ["custom", "generated"] }).notNull(),
    /** As in the audit log: `user:…`, `key:…`, `system:…`. */
    author: text().notNull(),
    created_at: integer().notNull(),
    /** The version that it took the place of; null for the first. */
    previous: text(),
    /** The version whose text it repeats, when somebody went back. */
    restored_from: text(),
    /** Of the text, in UTF-8. */
    bytes: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.layer, t.version] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("dna_versions_tenant").on(t.tenant_id),
  ],
);
