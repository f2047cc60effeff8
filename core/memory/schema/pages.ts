import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/**
 * What the words of each reviewed page look like, so that a page is compared with thousands without reading them: a MinHash signature
 * (Broder 1997). Only texts that may go out have one.
 */
export const page_prints = sqliteTable(
  "page_prints",
  {
    /** Order of claims: of two pages that say the same, the one that came first has it. */
    seq: integer().primaryKey({ autoIncrement: true }),
    /** The page's entity. */
    page_id: text().notNull().unique(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    /** Of the content. */
    version: text().notNull(),
    /** Of 32 bits each, in base64. */
    signature: text().notNull(),
  },
  (t) => [foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }), index("page_prints_tenant").on(t.tenant_id)],
);

/** The signature cut into bands: pages that share one are worth comparing (locality-sensitive hashing). */
export const page_bands = sqliteTable(
  "page_bands",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    /** Which band, and the hash of what stands in it, in one number. */
    band: integer().notNull(),
    page_id: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.band, t.page_id] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("page_bands_page").on(t.page_id),
  ],
);
