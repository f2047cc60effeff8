import { and, desc, eq, lt, sql } from "drizzle-orm";
import { notFound } from "../errors.ts";
import { listed, matching, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { queuedColumns, type QueuedRun, type Run, type RunStatus, type RunSummary } from "./runs.row.ts";
import { runs } from "./schema.ts";

/** Of one run; nothing has more. */
const MOST_PARTS = 1000;

/** What a tenant's runs are asked. */
export const createRunLookups = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => {
  const find = async (id: string): Promise<Run | undefined> => db.select().from(runs).where(and(eq(runs.id, id), eq(runs.tenant_id, tenantId))).get();

  return {
    find,

    /** @throws AppError 404 */
    async get(id: string): Promise<Run> {
      const run = await find(id);
      if (!run) throw notFound("run");
      return run;
    },

    /** The run that was asked for under an idempotency key. */
    withKey: async (key: string): Promise<Run | undefined> => db.select().from(runs).where(and(eq(runs.tenant_id, tenantId), eq(runs.idempotency_key, key))).get(),

    /** The runs that were asked for under some of these idempotency keys, by key. */
    async withKeys(keys: readonly string[]): Promise<Map<string, RunSummary>> {
      if (keys.length === 0) return new Map();
      const rows = await db
        .select({ id: runs.id, status: runs.status, error: runs.error, finished_at: runs.finished_at, key: runs.idempotency_key })
        .from(runs)
        .where(and(eq(runs.tenant_id, tenantId), sql`${runs.idempotency_key} IN ${listed(keys)}`))
        .all();
      return new Map(rows.map(({ key, ...run }) => [key ?? "", run]));
    },

    /** How many parts of a run there are, by their status. */
    async partsOf(id: string): Promise<Partial<Record<RunStatus, number>>> {
      const rows = await db.select({ status: runs.status, parts: sql<number>`count(*)` }).from(runs).where(and(eq(runs.parent_id, id), eq(runs.tenant_id, tenantId))).groupBy(runs.status).all();
      return Object.fromEntries(rows.map(({ status, parts }) => [status, parts]));
    },

    /** The parts of a run, oldest first, with what came of each. */
    async parts(id: string): Promise<Pick<Run, "id" | "task" | "action" | "idempotency_key" | "status" | "result" | "error">[]> {
      return db
        .select({ id: runs.id, task: runs.task, action: runs.action, idempotency_key: runs.idempotency_key, status: runs.status, result: runs.result, error: runs.error })
        .from(runs)
        .where(and(eq(runs.parent_id, id), eq(runs.tenant_id, tenantId)))
        .orderBy(runs.id)
        .limit(MOST_PARTS)
        .all();
    },

    /** The parts of each of these runs: ids of the first two hundred, and how many are open. Those that have none are left out. */
    async families(ids: readonly string[]): Promise<Map<string, { children: string[]; open: number }>> {
      const rows = await db
        .select({ parent_id: runs.parent_id, parts: sql<string>`json_group_array(${runs.id})`, open: sql<number>`sum(${runs.status} IN ('queued', 'running'))` })
        .from(runs)
        .where(and(eq(runs.tenant_id, tenantId), sql`${runs.parent_id} IN ${listed(ids)}`))
        .groupBy(runs.parent_id)
        .all();
      return new Map(rows.map(({ parent_id, parts, open }) => [parent_id ?? "", { children: (JSON.parse(parts) as string[]).toSorted().slice(0, 200), open }]));
    },

    /** How many parts of each of these runs are open; of those that have none, nothing. Reads these alone. */
    async openParts(ids: readonly string[]): Promise<Map<string, number>> {
      const rows = await db
        .select({ parent_id: runs.parent_id, open: sql<number>`count(*)` })
        .from(runs)
        .where(and(matching(runs.tenant_id, tenantId, false), sql`${runs.parent_id} IN ${listed(ids)}`, sql`${runs.status} IN ('queued', 'running')`))
        .groupBy(runs.parent_id)
        .all();
      return new Map(rows.map(({ parent_id, open }) => [parent_id ?? "", open]));
    },

    async list(filter: { project_id?: string | undefined; task?: string | undefined; status?: RunStatus | undefined }, page: PageRequest): Promise<Page<Run>> {
      const rows = await db
        .select()
        .from(runs)
        .where(
          and(
            // A project's runs of one task have an index of their own: hunts are few among all that a business does in a day.
            matching(runs.tenant_id, tenantId, filter.project_id === undefined || filter.task === undefined),
            filter.project_id === undefined ? undefined : eq(runs.project_id, filter.project_id),
            filter.task === undefined ? undefined : eq(runs.task, filter.task),
            // Spelled out, so that SQLite recognises the index of the dead.
            filter.status === undefined ? undefined : filter.status === "dead" ? sql`status = 'dead'` : eq(runs.status, filter.status),
            page.cursor === undefined ? undefined : lt(runs.id, page.cursor),
          ),
        )
        .orderBy(desc(runs.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Dead letters of a task or project, or all of them, the oldest first. */
    async deadOf(filter: { project_id?: string | undefined; task?: string | undefined; code?: string | undefined }, limit: number): Promise<QueuedRun[]> {
      return db
        .select(queuedColumns)
        .from(runs)
        .where(
          and(
            eq(runs.tenant_id, tenantId),
            sql`status = 'dead'`,
            filter.project_id === undefined ? undefined : eq(runs.project_id, filter.project_id),
            filter.task === undefined ? undefined : eq(runs.task, filter.task),
            filter.code === undefined ? undefined : sql`json_extract(${runs.error}, '$.code') = ${filter.code}`,
          ),
        )
        .orderBy(runs.id)
        .limit(limit)
        .all();
    },

    /** Those of these ids that are there; in no order. */
    async some(ids: readonly string[]): Promise<Run[]> {
      return db.select().from(runs).where(and(eq(runs.tenant_id, tenantId), sql`${runs.id} IN ${listed(ids)}`)).all();
    },
  };
};
