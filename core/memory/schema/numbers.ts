import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";
import { tenants } from "./tenants.ts";

/** Numbers that calls and texts come from and go to. One project has each, over all tenants. */
export const phone_numbers = sqliteTable(
  "phone_numbers",
  {
    /** E.164. */
    number: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    /** The Twilio account that it is of; null: the service's own. */
    account_sid: text(),
    /** The page that shows it: a call to it came by that page. Null: a line of the business, which calls and texts go out from. */
    page_id: text(),
    created_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("phone_numbers_project").on(t.project_id, t.created_at),
    index("phone_numbers_account").on(t.tenant_id, t.account_sid),
    index("phone_numbers_page").on(t.page_id).where(sql`page_id IS NOT NULL`),
  ],
);

/** Twilio accounts that tenants have brought. */
export const twilio_accounts = sqliteTable(
  "twilio_accounts",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    account_sid: text().notNull(),
    /** The auth token, sealed by the vault for (tenant, no project, `twilio:{account_sid}`): it signs callbacks and opens the REST API. */
    token_sealed: text().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.account_sid] })],
);

/** Codes that were sent to phones of the business, one row each. A phone is verified once one of its codes has come back. */
export const destination_checks = sqliteTable(
  "destination_checks",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    phone: text().notNull(),
    channel: text({ enum: ["call", "sms"] }).notNull(),
    /** Keyed: six digits alone could be tried through. */
    code_hash: text().notNull(),
    /** How often somebody has guessed. */
    tries: integer().notNull(),
    created_at: integer().notNull(),
    expires_at: integer().notNull(),
    verified_at: integer(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("destination_checks_phone").on(t.phone, t.created_at),
    index("destination_checks_tenant").on(t.tenant_id, t.created_at),
    index("destination_checks_verified").on(t.tenant_id, t.phone).where(sql`verified_at IS NOT NULL`),
  ],
);
