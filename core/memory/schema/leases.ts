import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/** Who may touch something outside of the database at the moment, where two at once would do harm. One row a name in a tenant. */
export const leases = sqliteTable(
  "leases",
  {
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    name: text().notNull(),
    /** The run that has it. */
    holder: text().notNull(),
    /** A holder that has not let go by then is taken for dead. */
    lease_until: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenant_id, t.name] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("leases_project").on(t.project_id),
  ],
);
