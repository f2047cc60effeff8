import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { tenants } from "./tenants.ts";

export const projects = sqliteTable(
  "projects",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull().references(() => tenants.id),
    name: text().notNull(),
    /** ISO 3166-1 alpha-2; phones without a country code are read with it. */
    country: text().notNull(),
    /** The current immutable version of dna.custom.yaml in R2; null while nothing was written. Moved by compare-and-set. */
    dna_custom: text(),
    dna_generated: text(),
    /** When the next canary is to be sent (core/dna/canary.ts); null: the DNA asks for none. Moved by compare-and-set. */
    canary_due_at: integer(),
    /** Which canary was judged last, by the time at which it was due. */
    canary_last_at: integer(),
    /** The same time if that one failed, else null. */
    canary_failed_at: integer(),
    /** What was found, in words for a person. */
    canary_detail: text(),
    /** The line that its calls and texts go out by: its number that was added last (schema/numbers.ts); null: the service's own number. */
    from_number: text(),
    /** The Twilio account of that number; null: the service's own. */
    from_account: text(),
    created_at: integer().notNull(),
  },
  (t) => [
    unique("projects_id_tenant").on(t.id, t.tenant_id),
    index("projects_tenant").on(t.tenant_id),
    index("projects_canary_failed").on(t.canary_failed_at).where(sql`canary_failed_at IS NOT NULL`),
    index("projects_canary_due").on(t.canary_due_at).where(sql`canary_due_at IS NOT NULL`),
  ],
);

export const webhook_keys = sqliteTable(
  "webhook_keys",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    source: text({ enum: ["google_ads", "wordpress", "hunt_mail"] }).notNull(),
    /** SHA-256 of the key: what a request is checked against. */
    key_hash: text().notNull(),
    /** The key itself, sealed by the vault: the owner may look it up again to paste it into a form. */
    key_sealed: text().notNull(),
    created_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.source] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // A mail names its project by nothing but the key in its address.
    index("webhook_keys_mail").on(t.key_hash).where(sql`source = 'hunt_mail'`),
  ],
);
