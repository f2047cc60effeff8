import { sql } from "drizzle-orm";
import { foreignKey, index, integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/** Where a tenant wants to be told of what happens (docs/design/0025). */
export const webhook_endpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    /** Null: of all projects. */
    project_id: text(),
    url: text().notNull(),
    description: text().notNull(),
    /** Names of core/webhooks/event-types.ts. */
    events: text({ mode: "json" }).$type<string[]>().notNull(),
    /** `whsec_…`, sealed by the vault for (tenant, no project, `webhook_out:<id>`). */
    secret_sealed: text().notNull(),
    /** The one before, which signs too until then. */
    old_secret_sealed: text(),
    old_secret_until: integer(),
    /** Since when nothing is sent there, and why. */
    disabled_at: integer(),
    disabled_why: text({ enum: ["asked", "failing", "gone"] }),
    /** When its owners were told that the house has switched it off. */
    told_at: integer(),
    /** Since when no attempt has succeeded, counted without days in which there was nothing to send; null: the last one did, or all that failed was given up on. */
    failing_since: integer(),
    /** Failures in a row. */
    failures: integer().notNull(),
    /** Before then nothing is sent there. */
    hold_until: integer(),
    /** When its next delivery is to be looked at; null: none waits. */
    due_at: integer(),
    /** The run that sends, or sent last. */
    courier_run_id: text(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [
    unique("webhook_endpoints_id_tenant").on(t.id, t.tenant_id),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("webhook_endpoints_tenant").on(t.tenant_id, t.id),
    index("webhook_endpoints_due").on(t.due_at).where(sql`due_at IS NOT NULL AND disabled_at IS NULL`),
    index("webhook_endpoints_untold").on(t.disabled_at).where(sql`disabled_why IN ('failing', 'gone') AND told_at IS NULL`),
  ],
);

/** One event for one endpoint, from when it happened until a while after it was received. Ids and statuses, never personal data. */
export const webhook_deliveries = sqliteTable(
  "webhook_deliveries",
  {
    /** `webhook-id`: the same however often it is sent. */
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    endpoint_id: text().notNull(),
    project_id: text(),
    type: text().notNull(),
    /** What it is about: an entity, call, message or run. */
    resource_id: text().notNull(),
    /** What changed, where that would be gone by the time it is sent. */
    change: text({ mode: "json" }).$type<Record<string, string | null>>(),
    /** When it happened. */
    at: integer().notNull(),
    status: text({ enum: ["pending", "delivered", "failed"] }).notNull(),
    attempts: integer().notNull(),
    /** The last attempts. `status`: of HTTP, null when there was no answer. */
    tries: text({ mode: "json" }).$type<DeliveryTry[]>().notNull(),
    /** While pending: when it is to be sent. */
    next_at: integer(),
    finished_at: integer(),
    /** The dead letter of a failed one. */
    run_id: text(),
  },
  (t) => [
    foreignKey({ columns: [t.endpoint_id, t.tenant_id], foreignColumns: [webhook_endpoints.id, webhook_endpoints.tenant_id] }),
    index("webhook_deliveries_endpoint").on(t.endpoint_id, t.id),
    index("webhook_deliveries_due").on(t.endpoint_id, t.next_at).where(sql`next_at IS NOT NULL`),
    index("webhook_deliveries_failed").on(t.endpoint_id, t.id).where(sql`status = 'failed'`),
    index("webhook_deliveries_over").on(t.finished_at).where(sql`finished_at IS NOT NULL`),
  ],
);

export interface DeliveryTry {
  at: string;
  status: number | null;
  /** A code of ours; null: it was received. */
  error: string | null;
  duration_ms: number;
}
