import { and, eq, gte, lte, sql } from "drizzle-orm";
import { auditRow, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { audit } from "./schema.ts";

export type AuditRow = typeof audit.$inferSelect;

export interface AuditNote {
  action: string;
  resource: string;
  details: Record<string, unknown>;
}

export const createAuditStore = (scope: Scope) => ({
  /** For accesses that change nothing else, e.g. listening to a recording. */
  async record(action: string, resource: string, details: Record<string, unknown> = {}): Promise<void> {
    await scope.db.insert(audit).values(auditRow(scope, action, resource, details));
  },

  /** Several of them at once. */
  async recordAll(notes: AuditNote[]): Promise<void> {
    if (notes.length > 0) await scope.db.insert(audit).values(notes.map(({ action, resource, details }) => auditRow(scope, action, resource, details)));
  },

  async list(filter: { action?: string | undefined; resource?: string | undefined; from?: number | undefined; to?: number | undefined }, page: PageRequest): Promise<Page<AuditRow>> {
    const rows = await scope.db
      .select()
      .from(audit)
      .where(
        and(
          eq(audit.tenant_id, scope.tenantId),
          filter.action === undefined ? undefined : eq(audit.action, filter.action),
          filter.resource === undefined ? undefined : eq(audit.resource, filter.resource),
          filter.from === undefined ? undefined : gte(audit.at, filter.from),
          filter.to === undefined ? undefined : lte(audit.at, filter.to),
          page.cursor === undefined ? undefined : sql`${audit}.rowid < (SELECT rowid FROM audit WHERE id = ${page.cursor} AND tenant_id = ${scope.tenantId})`,
        ),
      )
      // As committed, which is as they happened, near enough; the chain has the same order.
      .orderBy(sql`${audit}.rowid DESC`)
      .limit(page.limit + 1)
      .all();
    return toPage(rows, page.limit);
  },
});
