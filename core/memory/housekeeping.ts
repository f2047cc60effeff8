import { and, desc, eq, gt, inArray, lt, lte, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import { isAway, isClosed } from "./closed-tenant.ts";
import { type Database, listed } from "./database.ts";
import type { Schedule } from "./schedules.store.ts";
import { audit, calls, exports, figure_marks, live_changes, live_watches, messages, projects, schedules, sweep_marks, tenants, webhook_deliveries, webhook_endpoints } from "./schema.ts";
import { isDue } from "./webhook-endpoints.store.ts";

/** Audit rows that one look takes in. */
const ROWS_A_LOOK = 2000;

/** Slots that are due and that one look takes in, whoever's they are. */
const SLOTS_A_LOOK = 2000;

/** What the sweep does once a day for every project. */
export type DailyWalk = "retention" | "context" | "schedules" | "figures" | "storage";

/** The sweep's own questions across tenants: they answer with tenant and id, and the work goes through `memory.for(tenant)`. */
export const createHousekeeping = ({ db, clock }: { db: Database; clock: Clock }) => {
  const mark = async (name: string): Promise<string | null> => (await db.select({ position: sweep_marks.position }).from(sweep_marks).where(eq(sweep_marks.name, name)).get())?.position ?? null;
  const moveMark = async (name: string, position: string): Promise<void> => {
    await db.insert(sweep_marks).values({ name, position }).onConflictDoUpdate({ target: sweep_marks.name, set: { position } });
  };

  return {
    /**
     * Tenants that have written to the audit log since the mark, each with the first of its new rows.
     * @returns `last`: the newest row looked at; move the mark there, or before the first row of a tenant that was not served
     */
    async auditedTenants(): Promise<{ tenants: { tenant_id: string; first: number }[]; last: number | null }> {
      const since = Number((await mark("audit_seal")) ?? 0);
      const rows = await db
        .select({ rowid: sql<number>`${audit}.rowid`, tenant_id: audit.tenant_id })
        .from(audit)
        .where(sql`${audit}.rowid > ${since}`)
        .orderBy(sql`${audit}.rowid`)
        .limit(ROWS_A_LOOK)
        .all();
      const first = new Map<string, number>();
      for (const row of rows) if (!first.has(row.tenant_id)) first.set(row.tenant_id, row.rowid);
      return { tenants: [...first].map(([tenant_id, at]) => ({ tenant_id, first: at })), last: rows.at(-1)?.rowid ?? null };
    },
    sealedUpTo: async (rowid: number): Promise<void> => moveMark("audit_seal", String(rowid)),

    /** The next projects that have not had their turn of a daily walk on this day (`YYYY-MM-DD`), in order of their ids. */
    async projectsDue(walk: DailyWalk, day: string, limit: number): Promise<{ id: string; tenant_id: string }[]> {
      const [doneDay, after = ""] = ((await mark(walk)) ?? "").split("/");
      return db
        .select({ id: projects.id, tenant_id: projects.tenant_id })
        .from(projects)
        .where(gt(projects.id, doneDay === day ? after : ""))
        .orderBy(projects.id)
        .limit(limit)
        .all();
    },
    projectsDone: async (walk: DailyWalk, day: string, lastId: string): Promise<void> => moveMark(walk, `${day}/${lastId}`),

    /**
     * Slots that are due: each tenant's longest waiting first, then each one's second, so that nobody's many projects keep another's few
     * waiting. `closed`: the tenant is suspended, being removed, or lives elsewhere.
     */
    async dueSlots(limit: number): Promise<(Schedule & { closed: boolean })[]> {
      const due = db.select().from(schedules).where(lte(schedules.due_at, clock.now())).orderBy(schedules.due_at).limit(SLOTS_A_LOOK).as("due");
      const turn = sql<number>`row_number() OVER (PARTITION BY ${due.tenant_id} ORDER BY ${due.due_at}, ${due.project_id})`;
      const rows = await db
        .select({ project_id: due.project_id, tenant_id: due.tenant_id, job: due.job, due_at: due.due_at, last_at: due.last_at, closed: sql<number>`${isAway}`.as("closed"), turn: turn.as("turn") })
        .from(due)
        .innerJoin(tenants, eq(tenants.id, due.tenant_id))
        .orderBy(sql`turn`, due.due_at)
        .limit(limit)
        .all();
      return rows.map(({ turn: _, closed, ...row }) => ({ ...row, closed: closed === 1 }));
    },

    /** Calls that ended before then and are in no ledger yet, the oldest first; not those of these tenants. */
    async unmeteredCalls(before: number, limit: number, except: readonly string[] = []): Promise<{ id: string; tenant_id: string }[]> {
      return db
        .select({ id: calls.id, tenant_id: calls.tenant_id })
        .from(calls)
        .where(sql`ended_at IS NOT NULL AND metered_at IS NULL AND ${calls.ended_at} <= ${before} AND ${calls.tenant_id} NOT IN ${listed(except)}`)
        .orderBy(calls.ended_at)
        .limit(limit)
        .all();
    },

    /** Texts of before then that Twilio has a name for and that are in no ledger yet; not those of these tenants. */
    async unmeteredTexts(before: number, limit: number, except: readonly string[] = []): Promise<{ id: string; tenant_id: string }[]> {
      return db
        .select({ id: messages.id, tenant_id: messages.tenant_id })
        .from(messages)
        .where(sql`sid IS NOT NULL AND metered_at IS NULL AND ${messages.created_at} <= ${before} AND ${messages.tenant_id} NOT IN ${listed(except)}`)
        .orderBy(messages.created_at)
        .limit(limit)
        .all();
    },

    /** Changes of projects that nobody has watched for as long as was asked for are not numbered any more, and those that were are forgotten. */
    async endWatches(): Promise<void> {
      const over = and(eq(live_watches.active, true), lte(live_watches.until, clock.now()));
      await db.batch([
        db.delete(live_changes).where(inArray(live_changes.project_id, db.select({ project_id: live_watches.project_id }).from(live_watches).where(over))),
        db.update(live_watches).set({ active: false }).where(over),
      ]);
    },

    /** Hours (since the epoch) before then of which something has changed since they were rolled up, the latest first. */
    async markedHours(before: number, limit: number): Promise<{ tenant_id: string; project_id: string | null; hour: number; version: string }[]> {
      return db
        .select({ tenant_id: figure_marks.tenant_id, project_id: figure_marks.project_id, hour: figure_marks.hour, version: figure_marks.version })
        .from(figure_marks)
        .where(lt(figure_marks.hour, before))
        .orderBy(desc(figure_marks.hour))
        .limit(limit)
        .all();
    },

    /** Tenants that have something due at a webhook endpoint; those that are closed wait. */
    async webhookTenants(limit: number): Promise<string[]> {
      const rows = await db
        .selectDistinct({ tenant_id: webhook_endpoints.tenant_id })
        .from(webhook_endpoints)
        .innerJoin(tenants, eq(tenants.id, webhook_endpoints.tenant_id))
        .where(sql`due_at IS NOT NULL AND disabled_at IS NULL AND ${isDue(clock.now())} AND NOT ${isClosed}`)
        .limit(limit)
        .all();
      return rows.map(({ tenant_id }) => tenant_id);
    },

    /** Endpoints that the house has switched off and whose owners do not know it yet. */
    async untoldEndpoints(limit: number): Promise<{ id: string; tenant_id: string }[]> {
      return db.select({ id: webhook_endpoints.id, tenant_id: webhook_endpoints.tenant_id }).from(webhook_endpoints).where(sql`disabled_why IN ('failing', 'gone') AND told_at IS NULL`).orderBy(webhook_endpoints.disabled_at).limit(limit).all();
    },

    /** Deliveries that were over before then: nobody asks about them any more. */
    async forgetDeliveries(before: number, limit: number): Promise<void> {
      await db.delete(webhook_deliveries).where(sql`id IN (SELECT id FROM webhook_deliveries WHERE finished_at IS NOT NULL AND finished_at < ${before} ORDER BY finished_at LIMIT ${limit})`);
    },

    /** Archives whose week is over. */
    async expiredExports(limit: number): Promise<{ id: string; tenant_id: string }[]> {
      return db.select({ id: exports.id, tenant_id: exports.tenant_id }).from(exports).where(lte(exports.expires_at, clock.now())).limit(limit).all();
    },
  };
};
