import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What one tenant alone may have, over all of a region's databases. */
export const claimKinds = ["email", "project", "number", "host"] as const;
export type ClaimKind = (typeof claimKinds)[number];

/**
 * In the region's first database only, and only once there are several: who may have a name that must be had once, since a unique index
 * ends where its database does. Not a tenant's data: a hash, and who holds it.
 */
export const name_claims = sqliteTable(
  "name_claims",
  {
    kind: text({ enum: claimKinds }).notNull(),
    /** SHA-256: an address is told to nobody here. */
    name_hash: text().notNull(),
    /** The tenant's id. */
    holder: text().notNull(),
    /** When it was taken, ms. */
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name_hash] })],
);
