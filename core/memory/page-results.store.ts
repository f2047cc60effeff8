import { and, eq, gte, sql } from "drizzle-orm";
import { firstId } from "../ids.ts";
import { matching, type Scope } from "./database.ts";
import { calls, entities } from "./schema.ts";

/** What one page, or one address, has brought. */
export interface PageResult {
  /** The page that the lead's form was on, as a hosted page says it. */
  page_id: string | null;
  /** Where the lead's form was, as forms on other sites say it. */
  page_url: string | null;
  leads: number;
  /** Conversations with these leads. */
  calls: number;
  won: number;
}

/** Leads that count for nothing. */
const LEFT_OUT = ["spam", "test"];

/**
 * What pages have brought: leads by the form or the number that they came through, and conversations. A call to a page's number is that
 * page's; any other is of the page that its lead came by. So each is counted once.
 */
export const createPageResultsStore = ({ db, tenantId }: Scope) => ({
  /** Reads each lead since then once, and its calls; and each call since then to a page's number. */
  async since(projectId: string, sinceMs: number): Promise<PageResult[]> {
    const field = (name: string) => sql<string | null>`json_extract(${entities.metadata}, ${sql.raw(`'$.${name}'`)})`;
    const spoken = sql`${calls.end_reason} = 'connected' AND ${calls.canary} = 0`;
    const [pageId, pageUrl] = [field("page_id"), field("page_url")];
    const conversations = sql`(SELECT count(*) FROM ${calls} WHERE ${calls.lead_id} = ${entities.id} AND ${spoken} AND ${calls.page_id} IS NULL)`;
    const byForm = db
      .select({
        page_id: pageId.as("page_id"),
        page_url: pageUrl.as("page_url"),
        leads: sql<number>`count(*)`.as("leads"),
        calls: sql<number>`sum(${conversations})`.as("calls"),
        won: sql<number>`sum(${entities.status} IN ('won', 'completed'))`.as("won"),
      })
      .from(entities)
      .where(
        and(
          eq(entities.project_id, projectId),
          eq(entities.entity_type, "lead"),
          matching(entities.tenant_id, tenantId, false),
          gte(entities.id, firstId("ent", sinceMs)),
          sql`(${pageId} IS NOT NULL OR ${pageUrl} IS NOT NULL)`,
          sql`coalesce(${entities.status}, '') NOT IN (${sql.join(LEFT_OUT.map((status) => sql`${status}`), sql`, `)})`,
        ),
      )
      .groupBy(pageId, pageUrl);
    const byNumber = db
      .select({ page_id: calls.page_id, calls: sql<number>`count(*)`.as("calls") })
      .from(calls)
      .where(and(eq(calls.project_id, projectId), matching(calls.tenant_id, tenantId, false), gte(calls.id, firstId("call", sinceMs)), sql`page_id IS NOT NULL`, spoken))
      .groupBy(calls.page_id);
    const [leads, rung] = await db.batch([byForm, byNumber]);
    return [...leads, ...rung.map((row) => ({ page_id: row.page_id, page_url: null, leads: 0, calls: row.calls, won: 0 }))];
  },
});
