import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { usageKinds } from "../../usage/usage.types.ts";
import { projects } from "./projects.ts";
import { tenants } from "./tenants.ts";

/** What was used and what it cost: one row for each tenant, project, day, kind and detail, added to in place. A month costs rows by days and kinds, however much was done. */
export const usage = sqliteTable(
  "usage",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    /** Null: of no project (yet). */
    project_id: text(),
    /** `2026-11-26`, UTC. */
    day: text().notNull(),
    kind: text({ enum: usageKinds }).notNull(),
    /** What the kind is told apart by, e.g. a model's purpose and id, a direction; "": nothing. */
    detail: text().notNull(),
    /** In the unit that the kind's name says. */
    quantity: integer().notNull(),
    /** Micro-dollars, by the prices of that day. */
    cost_micros: integer().notNull(),
    /** Since SQLite takes no two NULLs for the same. */
    project_key: text().generatedAlwaysAs(sql`(coalesce(project_id, ''))`, { mode: "virtual" }),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    uniqueIndex("usage_place").on(t.tenant_id, t.project_key, t.day, t.kind, t.detail),
    // What the service spends in a day, over all tenants (alerts). Without the cost: adding to a row does not write here.
    index("usage_day").on(t.day),
  ],
);

/** What a tenant has spent in a day (`2026-11-26`) or month (`2026-11`), for its caps: kept, so that asking before each call reads two rows. */
export const spend = sqliteTable(
  "spend",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    budget: text({ enum: ["models"] }).notNull(),
    period: text().notNull(),
    cost_micros: integer().notNull(),
    /** When the tenant was warned that the cap is near. */
    warned_at: integer(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.budget, t.period] }), index("spend_warned").on(t.warned_at).where(sql`warned_at IS NOT NULL`)],
);

/** Answers of models that may be given again to the same question, to the same tenant only. They hold what customers said, so they live for hours. */
export const model_answers = sqliteTable(
  "model_answers",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    /** SHA-256 of the question, the model and what the caller says that the answer depends on. */
    question: text().notNull(),
    answer: text({ mode: "json" }).$type<unknown>().notNull(),
    expires_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.question] }), index("model_answers_expiry").on(t.expires_at)],
);
