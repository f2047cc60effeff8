import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./projects.ts";

/** Append-only (triggers refuse change and removal). Ids, never personal data: a person can be erased, the record stays. */
export const audit = sqliteTable(
  "audit",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    at: integer().notNull(),
    /** `user:…`, `key:…`, `vendor:…` or `system:…`. */
    actor: text().notNull(),
    ip: text(),
    action: text().notNull(),
    resource: text().notNull(),
    details: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    request_id: text(),
  },
  // Within a tenant by rowid, which every index ends in: the order in which rows were committed, whatever a clock said.
  // Alerts count the few warnings of the last hour, over all tenants.
  (t) => [index("audit_tenant").on(t.tenant_id), index("audit_cap_warned").on(t.at).where(sql`action = 'cap.warned'`)],
);

/**
 * The audit log's chain: each row of it seals the audit rows that a tenant has written since the last one, in the order in
 * which they were committed. Append-only by triggers. A writer never touches it; one sealer a tenant does, and two that meet
 * want the same (tenant_id, seq), which only one can have: the chain cannot fork.
 */
export const audit_seals = sqliteTable(
  "audit_seals",
  {
    tenant_id: text().notNull(),
    /** 1, 2, 3 … without gaps. */
    seq: integer().notNull(),
    /** The chain's value before this seal's first row: the last value of seal `seq - 1`. */
    prev_hash: text().notNull(),
    /** `[audit id, chain value]` for each row: each value is made from the row and the value before it. */
    entries: text({ mode: "json" }).$type<[id: string, hash: string][]>().notNull(),
    /** The last of `entries`, on its own so that the sealer need not read the others. */
    last_id: text().notNull(),
    last_hash: text().notNull(),
    /** When its last row was written, business time in ms. */
    last_at: integer().notNull(),
    sealed_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.seq] })],
);

/** How far the sweep's long walks have come (`audit_seal`: a rowid of `audit`; `retention`, `context`: day and project). */
export const sweep_marks = sqliteTable("sweep_marks", { name: text().primaryKey(), position: text().notNull() });

/** What a project entrusts to us. */
export const secrets = sqliteTable(
  "secrets",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    name: text().notNull(),
    /** The secret part, sealed by the vault for (tenant, project, name). */
    sealed: text().notNull(),
    /** What may be shown of it: an address, a user name. */
    shown: text({ mode: "json" }).$type<Record<string, string>>().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.name] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
  ],
);

/** Archives of everything that a tenant has: asked for, made by a run, kept for a week. */
export const exports = sqliteTable(
  "exports",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    run_id: text().notNull(),
    created_at: integer().notNull(),
    /** Null until the archive lies in storage. */
    size_bytes: integer(),
    expires_at: integer().notNull(),
  },
  (t) => [index("exports_tenant").on(t.tenant_id, t.id), index("exports_expiry").on(t.expires_at)],
);
