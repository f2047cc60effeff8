import { and, desc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { notFound } from "../errors.ts";
import type { Vault } from "../security/vault.ts";
import type { Actor } from "./actor.ts";
import { auditIfChanged, auditRow, type Database, type Page, type PageRequest, toPage } from "./database.ts";
import { audit, tenants } from "./schema.ts";
import { type Rotation, rotateSealed } from "./sealed.ts";

export type TenantRow = typeof tenants.$inferSelect & { projects: number };

/** Whose audit log the operator's doings that concern no tenant in particular are in. */
export const OPERATOR_SCOPE = "operator";

/** Outside all tenants: who they are, whether they may come in, and what they pay for. Never what they have. */
export const createOperatorStore = ({ db, d1, clock, actor }: { db: Database; d1: D1Database; clock: Clock; actor: Actor }) => {
  const scopeOf = (tenantId: string) => ({ db, d1, clock, tenantId, actor });
  const change = async (id: string, set: Partial<typeof tenants.$inferInsert>, onlyIf: ReturnType<typeof and>, action: string, details: Record<string, unknown> = {}): Promise<void> => {
    const [changed] = await db.batch([
      db.update(tenants).set(set).where(and(eq(tenants.id, id), isNull(tenants.deleted_at), onlyIf)).returning({ id: tenants.id }),
      auditIfChanged(scopeOf(id), action, `tenant:${id}`, details),
    ]);
    if (changed.length === 0 && (await db.$count(tenants, and(eq(tenants.id, id), isNull(tenants.deleted_at)))) === 0) throw notFound("tenant");
  };

  return {
    async list(page: PageRequest): Promise<Page<TenantRow>> {
      const rows = await db
        .select({
          id: tenants.id, name: tenants.name, created_at: tenants.created_at, plan: tenants.plan, suspended_at: tenants.suspended_at, deleted_at: tenants.deleted_at,
          projects: sql<number>`(SELECT count(*) FROM projects AS own WHERE own.tenant_id = tenants.id)`,
        })
        .from(tenants)
        .where(page.cursor === undefined ? undefined : lt(tenants.id, page.cursor))
        .orderBy(desc(tenants.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Safe to repeat: the first time counts. @throws AppError 404 */
    suspend: async (id: string): Promise<void> => change(id, { suspended_at: clock.now() }, isNull(tenants.suspended_at), "tenant.suspended"),
    unsuspend: async (id: string): Promise<void> => change(id, { suspended_at: null }, isNotNull(tenants.suspended_at), "tenant.unsuspended"),
    setPlan: async (id: string, plan: string): Promise<void> => change(id, { plan }, sql`${tenants.plan} IS NOT ${plan}`, "tenant.plan_set", { plan }),

    /** A page of the vault's rotation. */
    async rotate(vault: Vault, cursor: string | null, limit: number): Promise<Rotation> {
      const page = await rotateSealed({ db, vault }, cursor, limit);
      const { checked, rotated, failed } = page;
      if (rotated + failed > 0) await db.insert(audit).values(auditRow(scopeOf(OPERATOR_SCOPE), "vault.rotated", "vault", { checked, rotated, failed }));
      return page;
    },
  };
};
