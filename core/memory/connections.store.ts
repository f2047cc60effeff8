import { and, desc, eq, sql } from "drizzle-orm";
import { matching, type Scope } from "./database.ts";
import { entities } from "./schema.ts";

/** How far back the look goes, in leads: what it reads is bounded, whatever the project has. */
const LOOKED_AT = 200;

export interface LatestLead {
  source: string;
  /** ms */
  at: number;
  is_test: boolean;
}

/** What has lately come to a project, and by which door. */
export const createConnectionsStore = ({ db, tenantId }: Pick<Scope, "db" | "tenantId">) => ({
  /** The newest lead of each source among the project's newest 200 leads; a vendor's own tests count, canaries do not. Reads 200 rows at most. */
  async latestLeads(projectId: string): Promise<LatestLead[]> {
    const rows = await db
      .select({
        at: entities.created_at,
        status: entities.status,
        source: sql<unknown>`json_extract(${entities.metadata}, '$.source')`.as("source"),
        canary: sql<unknown>`json_extract(${entities.metadata}, '$.canary')`.as("canary"),
      })
      .from(entities)
      .where(and(matching(entities.tenant_id, tenantId, false), eq(entities.project_id, projectId), eq(entities.entity_type, "lead")))
      .orderBy(desc(entities.id))
      .limit(LOOKED_AT)
      .all();
    const latest = new Map<string, LatestLead>();
    for (const { source, canary, status, at } of rows) {
      if (typeof source === "string" && canary !== 1 && !latest.has(source)) latest.set(source, { source, at, is_test: status === "test" });
    }
    return [...latest.values()];
  },
});
