import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";
import { tenants } from "./tenants.ts";

/** Leads, and whatever later modules keep: schema-less in `metadata`, indexed by the few fields that queries need. */
export const entities = sqliteTable(
  "entities",
  {
    /** Grows with each row; ties the row to its entry in the full-text index. `id` is the name that the world knows. */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    tenant_id: text().notNull().references(() => tenants.id),
    /** Null: belongs to the tenant as a whole. */
    project_id: text(),
    entity_type: text().notNull(),
    name: text().notNull(),
    /** Phone (E.164) if there is one, else e-mail, else "". */
    primary_contact: text().notNull(),
    metadata: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    status: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.status'))`, { mode: "virtual" }),
    phone: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.phone'))`, { mode: "virtual" }),
    score: integer().generatedAlwaysAs(sql`(json_extract(metadata, '$.score'))`, { mode: "virtual" }),
    source_url: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.source_url'))`, { mode: "virtual" }),
    dedupe_key: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.dedupe_key'))`, { mode: "virtual" }),
    /** The sender's own name for the submission: sent again at any time, it is the same one. */
    delivery_key: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.delivery_key'))`, { mode: "virtual" }),
    email: text().generatedAlwaysAs(sql`(lower(json_extract(metadata, '$.email')))`, { mode: "virtual" }),
    /** Looking for customers of old, nothing was to be done about this one as of then (ms): how far the search need not look again. */
    campaign_seen_at: integer(),
    /** The same, 0 for never: the order in which they are looked at. */
    campaign_order: integer().generatedAlwaysAs(sql`(coalesce(campaign_seen_at, 0))`, { mode: "virtual" }),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // A list filters by tenant or project, and by type or status or neither; each way has an index that ends in the
    // list's own order, so that a page reads what it shows. Status implies the type, near enough.
    index("entities_tenant").on(t.tenant_id, t.id),
    index("entities_tenant_type").on(t.tenant_id, t.entity_type, t.id),
    index("entities_tenant_status").on(t.tenant_id, t.status, t.id),
    index("entities_project").on(t.project_id, t.id),
    index("entities_project_type").on(t.project_id, t.entity_type, t.id),
    index("entities_project_status").on(t.project_id, t.status, t.id),
    index("entities_phone").on(t.project_id, t.phone, t.id).where(sql`phone IS NOT NULL`),
    index("entities_dedupe").on(t.project_id, t.dedupe_key, t.created_at).where(sql`dedupe_key IS NOT NULL`),
    // Leads that were found in public: those of late, and those that are to be scored or acted on.
    index("entities_found").on(t.project_id, t.id).where(sql`json_extract(metadata, '$.source') = 'sniper'`),
    index("entities_found_open").on(t.project_id, t.score, t.id).where(sql`json_extract(metadata, '$.source') = 'sniper' AND json_extract(metadata, '$.acted') IS NULL AND json_extract(metadata, '$.status') = 'new'`),
    index("entities_delivery").on(t.project_id, t.delivery_key).where(sql`delivery_key IS NOT NULL`),
    index("entities_email").on(t.project_id, t.email, t.id).where(sql`email IS NOT NULL`),
    // Customers of old, the longest unseen first: a campaign's selection reads those that it looks at.
    index("entities_served").on(t.project_id, t.campaign_order, t.id).where(sql`status IN ('won', 'completed')`),
  ],
);
