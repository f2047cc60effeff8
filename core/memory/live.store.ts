import { and, eq, getTableName, gt, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { notFound } from "../errors.ts";
import type { Scope } from "./database.ts";
import { live_changes, live_watches, projects } from "./schema.ts";
import type { LiveKind } from "./schema/live.ts";

export interface LiveChange {
  seq: number;
  kind: LiveKind;
  id: string;
}

export interface LiveChanges {
  changes: LiveChange[];
  /** Of the last change that there is. */
  seq: number;
  /** Whether some that came after `since` are not known any more. */
  gap: boolean;
}

/**
 * 1 where somebody watches the project of a table's row, or has within a day. Asked by the very statement that changes the row, it cannot be mistaken:
 * whoever begins to watch later loads what is there afresh.
 */
export const isWatched = (table: SQLiteTable): SQL<number> => {
  // By name: drizzle leaves a column's table out in what a statement returns, and `project_id` would be the watch's own.
  const row = sql.identifier(getTableName(table));
  return sql<number>`EXISTS (SELECT 1 FROM ${live_watches} AS watch WHERE watch.project_id = ${row}.project_id AND watch.tenant_id = ${row}.tenant_id AND watch.active = 1)`;
};

/** What has changed in a project that somebody watches (migrations/*_live_guards.sql has the triggers that note it). No audit: it is about watching. */
export const createLiveStore = ({ db, tenantId, clock }: Scope) => {
  const own = (projectId: string) => and(eq(live_watches.project_id, projectId), eq(live_watches.tenant_id, tenantId));

  return {
    /**
     * From now on, and for `forMs`, changes are numbered. Where they were not until now, nobody knows what was missed: the number jumps.
     * @throws AppError 404
     */
    async watch(projectId: string, forMs: number): Promise<void> {
      const until = clock.now() + forMs;
      const project = db.select({ project_id: projects.id, tenant_id: projects.tenant_id, active: sql`1`.as("active"), seq: sql`0`.as("seq"), replay_from: sql`0`.as("replay_from"), until: sql`${until}`.as("until") }).from(projects).where(and(eq(projects.id, projectId), eq(projects.tenant_id, tenantId)));
      const rows = await db
        .insert(live_watches)
        .select(project)
        .onConflictDoUpdate({
          target: live_watches.project_id,
          set: {
            until: sql`max(${live_watches.until}, ${until})`,
            seq: sql`${live_watches.seq} + NOT ${live_watches.active}`,
            replay_from: sql`CASE WHEN ${live_watches.active} THEN ${live_watches.replay_from} ELSE ${live_watches.seq} + 1 END`,
            active: true,
          },
        })
        .returning({ seq: live_watches.seq });
      if (rows.length === 0) throw notFound("project");
    },

    /** Changes after a number, oldest first. `since` null: none, only where the numbers are. */
    async changes(projectId: string, since: number | null, limit: number): Promise<LiveChanges> {
      const after = and(eq(live_changes.project_id, projectId), eq(live_changes.tenant_id, tenantId), gt(live_changes.seq, since ?? 0));
      const [[watch], changes] = await db.batch([
        db.select().from(live_watches).where(own(projectId)),
        db.select({ seq: live_changes.seq, kind: live_changes.kind, id: live_changes.row_id }).from(live_changes).where(after).orderBy(live_changes.seq).limit(since === null ? 0 : limit),
      ]);
      const seq = watch?.seq ?? 0;
      // A number from the future is of another life of this project's.
      return { changes, seq, gap: since !== null && (since < (watch?.replay_from ?? 0) || since > seq) };
    },
  };
};
