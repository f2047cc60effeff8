import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { DnaLayerName } from "../dna/compose.ts";
import { notFound } from "../errors.ts";
import { newId } from "../ids.ts";
import { FOLLOW_AFTER_MS, followKey } from "./context/context.types.ts";
import { auditIfChanged, insertIf, type Page, type PageRequest, type Scope } from "./database.ts";
import { newRun } from "./runs.store.ts";
import { type Dues, followDues } from "./schedules.store.ts";
import { dna_versions, projects, runs } from "./schema.ts";

export type DnaVersion = typeof dna_versions.$inferSelect;

export interface NewDnaVersion {
  version: string;
  bytes: number;
  restored_from: string | null;
}

export const createDnaVersionsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string, layer: DnaLayerName) => and(eq(dna_versions.project_id, projectId), eq(dna_versions.tenant_id, tenantId), eq(dna_versions.layer, layer));

  return {
    /**
     * Puts a version in force if the project is still at `expected` (compare-and-set), with its row of history, its audit, and the run
     * by which the brand brain follows; the sweep queues that one, a little later, so that quick edits come together.
     * @param canaryAt when the next canary is due by the DNA as it will be; null for none. One that is due already is still sent.
     * @param dues the same of the jobs that it asks for again and again
     * @returns false when somebody else was first; then nothing was changed
     */
    async advance(projectId: string, layer: DnaLayerName, expected: string | null, next: NewDnaVersion, canaryAt: number | null, dues: Dues = {}): Promise<boolean> {
      const canary_due_at = canaryAt === null ? null : sql`CASE WHEN ${projects.canary_due_at} <= ${clock.now()} THEN ${projects.canary_due_at} ELSE ${canaryAt} END`;
      const column = layer === "custom" ? projects.dna_custom : projects.dna_generated;
      const row = { ...next, tenant_id: tenantId, project_id: projectId, layer, author: scope.actor.actor, created_at: clock.now(), previous: expected };
      const follow = newRun(scope, newId("run", clock.now()), { project_id: projectId, task: "context_sync", action: "follow", params: { version: next.version }, idempotency_key: followKey(projectId, next.version) }, FOLLOW_AFTER_MS);
      const [moved] = await db.batch([
        db
          .update(projects)
          .set({ ...(layer === "custom" ? { dna_custom: next.version } : { dna_generated: next.version }), canary_due_at })
          .where(and(eq(projects.id, projectId), eq(projects.tenant_id, tenantId), expected === null ? isNull(column) : eq(column, expected)))
          .returning({ id: projects.id }),
        insertIf(db, dna_versions, row, sql`changes() > 0`),
        auditIfChanged(scope, "dna.written", `project:${projectId}`, { layer, version: next.version, previous: expected, ...(next.restored_from === null ? {} : { restored_from: next.restored_from }) }),
        insertIf(db, runs, follow, sql`changes() > 0`),
        ...followDues(scope, projectId, dues, sql`EXISTS (SELECT 1 FROM ${dna_versions} WHERE ${and(own(projectId, layer), eq(dna_versions.version, next.version))})`),
      ]);
      return moved.length > 0;
    },

    /** Newest first; the cursor is the last version shown. */
    async list(projectId: string, layer: DnaLayerName, page: PageRequest): Promise<Page<DnaVersion>> {
      const rows = await db
        .select()
        .from(dna_versions)
        .where(and(own(projectId, layer), page.cursor === undefined ? undefined : lt(dna_versions.version, page.cursor)))
        .orderBy(desc(dna_versions.version))
        .limit(page.limit + 1)
        .all();
      const items = rows.slice(0, page.limit);
      return { items, next_cursor: rows.length > page.limit ? (items.at(-1)?.version ?? null) : null };
    },

    /** @throws AppError 404 */
    async get(projectId: string, layer: DnaLayerName, version: string): Promise<DnaVersion> {
      const row = await db.select().from(dna_versions).where(and(own(projectId, layer), eq(dna_versions.version, version))).get();
      if (!row) throw notFound("dna_version");
      return row;
    },
  };
};
