import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Clock } from "../clock.ts";
import { notFound } from "../errors.ts";
import type { Vault } from "../security/vault.ts";
import type { Actor } from "./actor.ts";
import { listOf } from "./across.ts";
import type { Databases, NamedDatabase } from "./databases.ts";
import { auditIfChanged, auditRow, type Page, type PageRequest, toPage } from "./database.ts";
import { audit, campaigns, tenants } from "./schema.ts";
import { type Rotation, rotateSealed } from "./sealed.ts";

export type TenantRow = typeof tenants.$inferSelect & { projects: number };

/** Whose audit log the operator's doings that concern no tenant in particular are in. */
const OPERATOR_SCOPE = "operator";

/** Outside all tenants: who they are, whether they may come in, and what they pay for. Never what they have. */
export const createOperatorStore = ({ databases, clock, actor }: { databases: Databases; clock: Clock; actor: Actor }) => {
  const scopeOf = (tenantId: string) => ({ db: databases.of(tenantId).db, clock, tenantId, actor });
  const change = async (id: string, set: Partial<typeof tenants.$inferInsert>, onlyIf: ReturnType<typeof and>, action: string, details: Record<string, unknown> = {}, also: (database: Pick<NamedDatabase, "db">) => readonly BatchItem<"sqlite">[] = () => []): Promise<void> => {
    const { db } = databases.of(id);
    const [changed] = await db.batch([
      db.update(tenants).set(set).where(and(eq(tenants.id, id), isNull(tenants.deleted_at), onlyIf)).returning({ id: tenants.id }),
      auditIfChanged(scopeOf(id), action, `tenant:${id}`, details),
      ...also({ db }),
    ]);
    if (changed.length === 0 && (await db.$count(tenants, and(eq(tenants.id, id), isNull(tenants.deleted_at)))) === 0) throw notFound("tenant");
  };

  return {
    /** Over all databases, by id. */
    async list(page: PageRequest): Promise<Page<TenantRow>> {
      const rows = await listOf(databases.all, async ({ db }) => db
        .select({
          id: tenants.id, name: tenants.name, created_at: tenants.created_at, plan: tenants.plan, suspended_at: tenants.suspended_at, deleted_at: tenants.deleted_at, region: tenants.region,
          projects: sql<number>`(SELECT count(*) FROM projects AS own WHERE own.tenant_id = tenants.id)`,
        })
        .from(tenants)
        .where(page.cursor === undefined ? undefined : lt(tenants.id, page.cursor))
        .orderBy(desc(tenants.id))
        .limit(page.limit + 1)
        .all());
      return toPage(rows.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, page.limit + 1), page.limit);
    },

    /** Safe to repeat: the first time counts. @throws AppError 404 */
    suspend: async (id: string): Promise<void> => change(id, { suspended_at: clock.now() }, isNull(tenants.suspended_at), "tenant.suspended"),
    unsuspend: async (id: string): Promise<void> => change(id, { suspended_at: null }, isNotNull(tenants.suspended_at), "tenant.unsuspended"),
    setPlan: async (id: string, plan: string): Promise<void> => change(id, { plan }, sql`${tenants.plan} IS NOT ${plan}`, "tenant.plan_set", { plan }),

    /** Writes down which region the tenant lives in; null: here. Leads that still come in here are called from here; campaigns are paused, since the other region may have them too. */
    setRegion: async (id: string, region: string | null): Promise<void> =>
      change(id, { region }, sql`${tenants.region} IS NOT ${region}`, "tenant.region_set", { region }, ({ db }) => [
        db.update(campaigns).set({ status: "paused", pause_reason: "by_hand" }).where(and(eq(campaigns.tenant_id, id), inArray(campaigns.status, ["preparing", "running"]), sql`${region} IS NOT NULL`)),
        auditIfChanged(scopeOf(id), "campaign.paused", `tenant:${id}`, { reason: "by_hand", region }),
      ]),

    /** A page of the vault's rotation, one database after the other. */
    async rotate(vault: Vault, cursor: string | null, limit: number): Promise<Rotation> {
      const [, name = databases.home.name, within = null] = /^(DB\w*)\/(.*)$/s.exec(cursor ?? "") ?? [null, undefined, cursor];
      const at = databases.all.findIndex((database) => database.name === name);
      const { db } = databases.all[at] ?? databases.home;
      const page = await rotateSealed({ db, vault }, within === "" ? null : within, limit);
      const { checked, rotated, failed } = page;
      const following = databases.all[at + 1]?.name;
      const next = page.next_cursor === null ? (following === undefined ? null : `${following}/`) : name === databases.home.name ? page.next_cursor : `${name}/${page.next_cursor}`;
      if (rotated + failed > 0) await db.insert(audit).values(auditRow(scopeOf(OPERATOR_SCOPE), "vault.rotated", "vault", { checked, rotated, failed }));
      return { ...page, next_cursor: next };
    },
  };
};
