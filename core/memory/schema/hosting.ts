import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/** Host names that a project's pages are served on, and those that it has asked for. One project has each that serves, over all tenants. */
export const page_hosts = sqliteTable(
  "page_hosts",
  {
    /** Lower case, without a port. */
    host: text().notNull(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    /** `subdomain`: below the service's own suffix; `own`: a name of the business's. */
    kind: text({ enum: ["subdomain", "own"] }).notNull(),
    /** What a TXT record of the name must say to show whose it is; null: nothing needs to be shown. It is public once it is in the DNS. */
    challenge: text(),
    /** Since when the name is the project's; null: asked for, not shown. */
    verified_at: integer(),
    /** When the project's DNA last named it; the latest is where pages say that they live. */
    preferred_at: integer(),
    created_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.host, t.project_id] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // Anybody may ask for a name; who has shown that it is theirs, has it.
    uniqueIndex("page_hosts_serving").on(t.host).where(sql`verified_at IS NOT NULL`),
    index("page_hosts_project").on(t.project_id),
  ],
);

/** What each address of a project's hosted pages answers with. The documents lie in R2 under their hash; a row says which is in force. */
export const hosted_pages = sqliteTable(
  "hosted_pages",
  {
    project_id: text().notNull(),
    /** Begins with a slash, and has none at its end. */
    path: text().notNull(),
    tenant_id: text().notNull(),
    /** The entity of type `page`. */
    page_id: text().notNull(),
    /** `gone`: was there and is no more (410). `moved`: the page has another address now. */
    state: text({ enum: ["live", "gone", "moved"] }).notNull(),
    /** Of the document. */
    sha256: text().notNull(),
    moved_to: text(),
    /** Where the page says that it lives, if not here: then it is served, and nobody is told of it. */
    canonical: text(),
    created_at: integer().notNull(),
    /** When what readers see last changed. */
    modified_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.path] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    uniqueIndex("hosted_pages_live").on(t.project_id, t.page_id).where(sql`state = 'live'`),
    index("hosted_pages_page").on(t.page_id),
  ],
);

/** How often people opened a hosted page on a day. Counts only: nothing of who they were. */
export const page_views = sqliteTable(
  "page_views",
  {
    project_id: text().notNull(),
    page_id: text().notNull(),
    /** `YYYY-MM-DD`, UTC. */
    day: text().notNull(),
    tenant_id: text().notNull(),
    views: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.page_id, t.day] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("page_views_day").on(t.project_id, t.day),
  ],
);
