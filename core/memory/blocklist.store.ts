import { and, desc, eq, lt } from "drizzle-orm";
import { sha256Hex } from "../security/constant-time.ts";
import { auditIfChanged, auditRow, patched, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { audit, blocklist, entities } from "./schema.ts";

export type BlockedNumber = Pick<typeof blocklist.$inferSelect, "phone" | "reason" | "created_at">;

/** The numbers whose texts and calls a business does not want. */
export const createBlocklistStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string, phone: string) => and(eq(blocklist.project_id, projectId), eq(blocklist.phone, phone), eq(blocklist.tenant_id, tenantId));
  const columns = { phone: blocklist.phone, reason: blocklist.reason, created_at: blocklist.created_at };
  /** The audit log names no phone; the tenant's own id keeps the name from being looked up in a table of all numbers. */
  const nameOf = (phone: string): string => sha256Hex(`${tenantId}:${phone}`).slice(0, 16);

  return {
    async find(projectId: string, phone: string): Promise<BlockedNumber | undefined> {
      return db.select(columns).from(blocklist).where(own(projectId, phone)).get();
    },

    async list(projectId: string, page: PageRequest): Promise<Page<BlockedNumber>> {
      const rows = await db
        .select(columns)
        .from(blocklist)
        .where(and(eq(blocklist.project_id, projectId), eq(blocklist.tenant_id, tenantId), page.cursor === undefined ? undefined : lt(blocklist.phone, page.cursor)))
        .orderBy(desc(blocklist.phone))
        .limit(page.limit + 1)
        .all();
      const { items, next_cursor } = toPage(rows.map((row) => ({ ...row, id: row.phone })), page.limit);
      return { items: items.map(({ phone, reason, created_at }) => ({ phone, reason, created_at })), next_cursor };
    },

    /** For the reason `spam`, the leads with this number are spam too: no statistics count them. Again: the reason changes. */
    async put(projectId: string, phone: string, reason: string): Promise<void> {
      const now = clock.now();
      const leads = and(eq(entities.project_id, projectId), eq(entities.phone, phone), eq(entities.tenant_id, tenantId), eq(entities.entity_type, "lead"));
      await db.batch([
        db.insert(blocklist).values({ tenant_id: tenantId, project_id: projectId, phone, reason, created_at: now }).onConflictDoUpdate({ target: [blocklist.project_id, blocklist.phone], set: { reason } }),
        ...(reason === "spam" ? [db.update(entities).set({ metadata: patched({ status: "spam" }), updated_at: now }).where(leads)] : []),
        db.insert(audit).values(auditRow(scope, "blocklist.added", `project:${projectId}`, { number: nameOf(phone), reason: reason === "spam" ? "spam" : "other" })),
      ]);
    },

    /** @returns false when it was not on the list */
    async remove(projectId: string, phone: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(blocklist).where(own(projectId, phone)).returning({ phone: blocklist.phone }),
        auditIfChanged(scope, "blocklist.removed", `project:${projectId}`, { number: nameOf(phone) }),
      ]);
      return removed.length > 0;
    },
  };
};
