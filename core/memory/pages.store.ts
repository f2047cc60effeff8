import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { auditIfChanged, fieldNames, patched, type Scope } from "./database.ts";
import { entities } from "./schema.ts";

export interface PageMove {
  /** Statuses in which the page must still be; what became of it meanwhile stands otherwise. */
  from: readonly string[];
  /** The version of the content that the change is about, if it is about one. */
  version?: string | undefined;
  /** Merged as RFC 7396 says. */
  change: Record<string, unknown>;
}

/** Local pages on their way from plan to publication: entities of type `page`. */
export const createPagesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const isPage = and(eq(entities.tenant_id, tenantId), eq(entities.entity_type, "page"));

  return {
    /** Pages of a project in some statuses, oldest first. */
    async due(projectId: string, statuses: readonly string[], limit: number): Promise<string[]> {
      const rows = await db
        .select({ id: entities.id })
        .from(entities)
        // The type by no index: the project's statuses are the narrower way.
        .where(and(eq(entities.project_id, projectId), inArray(entities.status, [...statuses]), sql`+${entities.entity_type} = 'page'`, eq(entities.tenant_id, tenantId)))
        .orderBy(asc(entities.id))
        .limit(limit)
        .all();
      return rows.map(({ id }) => id);
    },

    /** Changes a page that is still where the work on it began. @returns false when it is not, and nothing was changed */
    async move(id: string, { from, version, change }: PageMove): Promise<boolean> {
      const sameVersion: SQL | undefined = version === undefined ? undefined : sql`json_extract(${entities.metadata}, '$.content.version') = ${version}`;
      const [rows] = await db.batch([
        db
          .update(entities)
          .set({ metadata: patched(change), updated_at: clock.now() })
          .where(and(eq(entities.id, id), isPage, inArray(entities.status, [...from]), sameVersion))
          .returning({ id: entities.id }),
        auditIfChanged(scope, "page.moved", `entity:${id}`, { fields: fieldNames(change), ...(typeof change.status === "string" ? { status: change.status } : {}) }),
      ]);
      return rows.length > 0;
    },

    /** The names of some of the tenant's pages, for a message. */
    async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await db.select({ id: entities.id, name: entities.name }).from(entities).where(and(isPage, inArray(entities.id, [...ids].slice(0, 50)))).all();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
};
