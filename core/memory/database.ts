import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../clock.ts";
import { newId } from "../ids.ts";
import type { Actor } from "./actor.ts";
import * as schema from "./schema.ts";

export const openDatabase = (d1: D1Database) => drizzle(d1, { schema });
export type Database = ReturnType<typeof openDatabase>;

/** What every store of a tenant is made from. */
export interface Scope {
  db: Database;
  d1: D1Database;
  clock: Clock;
  tenantId: string;
  actor: Actor;
}

export interface Page<T> {
  items: T[];
  /** Pass it back as `cursor` to go on; null at the end. */
  next_cursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** The cursor is the last id shown: ids sort by time, so rows that are added meanwhile never shift a page. */
export const toPage = <T extends { id: string }>(rows: T[], limit: number): Page<T> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? last.id : null };
};

/** An audit row of this scope, to be written in the same batch as what it records. `details` hold ids, never personal data. */
export const auditRow = (
  scope: Pick<Scope, "clock" | "tenantId" | "actor">,
  action: string,
  resource: string,
  details: Record<string, unknown> = {},
): typeof schema.audit.$inferInsert => {
  const at = scope.clock.now();
  return { id: newId("aud", at), tenant_id: scope.tenantId, at, ...scope.actor, action, resource, details };
};
