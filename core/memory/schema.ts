/*
 * Every table that holds a tenant's rows carries `tenant_id`, and points at its project by the pair
 * (project_id, tenant_id), so that the database itself refuses a row that mixes two tenants.
 * Times are integers: milliseconds since the epoch, UTC. Ids sort by time (core/ids.ts).
 * No ON DELETE CASCADE anywhere: drizzle-kit rebuilds a parent by dropping it, and D1 ignores
 * `PRAGMA foreign_keys` inside a migration, so a cascade would take the children along.
 */

export * from "./schema/tenants.ts";
export * from "./schema/projects.ts";
export * from "./schema/entities.ts";
export * from "./schema/calls.ts";
export * from "./schema/runs.ts";
export * from "./schema/idempotency.ts";
export * from "./schema/messages.ts";
export * from "./schema/dna.ts";
export * from "./schema/security.ts";
export * from "./schema/numbers.ts";
export * from "./schema/identity.ts";
export * from "./schema/context.ts";
export * from "./schema/leases.ts";
export * from "./schema/pages.ts";
export * from "./schema/similar.ts";
export * from "./schema/hunting.ts";
export * from "./schema/hosting.ts";
export * from "./schema/usage.ts";
export * from "./schema/operations.ts";
export * from "./schema/live.ts";
export * from "./schema/campaigns.ts";
export * from "./schema/figures.ts";
export * from "./schema/webhooks.ts";
export * from "./schema/claims.ts";
