import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { tenants } from "./schema.ts";

/** 1 for a tenant that the operator has suspended or that is being removed: its API is shut, and nobody is contacted for it. */
export const isClosed: SQL<number> = sql<number>`(${tenants.suspended_at} IS NOT NULL OR ${tenants.deleted_at} IS NOT NULL)`;

/** 1 for a tenant for whom nothing is begun here: closed, or moved to another region. */
export const isAway: SQL<number> = sql<number>`(${isClosed} OR ${tenants.region} IS NOT NULL)`;

/** One row where the tenant is closed, for whoever reads it in a batch of their own; else none. */
export const closedTenant = (db: Database, tenantId: string) =>
  db
    .select({ id: tenants.id })
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), isClosed));
