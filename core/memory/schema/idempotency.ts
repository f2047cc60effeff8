import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Answers kept for 24 h under the caller's Idempotency-Key. */
export const idempotency = sqliteTable(
  "idempotency",
  {
    tenant_id: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of method, path and body: the same key with another request is a mistake. */
    request_hash: text().notNull(),
    /** Null while the first request is still running. */
    status: integer(),
    body: text(),
    created_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.key] })],
);
