import { foreignKey, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/** What whole texts are compared within: each with its own kind only. */
export const similaritySpaces = ["leads", "pages"] as const;
export type SimilaritySpace = (typeof similaritySpaces)[number];

/** Texts whose vectors lie in the index: one row an entity. `id` is the vector's id too, since a vector can be deleted by its id only. */
export const similar_texts = sqliteTable(
  "similar_texts",
  {
    /** The entity's. */
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    space: text({ enum: similaritySpaces }).notNull(),
    /** Of the text and the models; null while the vector is on its way. */
    digest: text(),
    updated_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("similar_texts_tenant").on(t.tenant_id, t.id),
  ],
);
