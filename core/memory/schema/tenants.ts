import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const tenants = sqliteTable("tenants", {
  id: text().primaryKey(),
  name: text().notNull(),
  created_at: integer().notNull(),
  /** What the operator sold them; the operator alone sets it. */
  plan: text().notNull().default("standard"),
  /** Since when the operator lets nobody in; leads are still stored. */
  suspended_at: integer(),
  /** Since when everything of the tenant is being removed. */
  deleted_at: integer(),
  /** The region that they have moved to (`weur`); null: they live here. */
  region: text(),
});
