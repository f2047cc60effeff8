import { and, eq, gte, lte, sql } from "drizzle-orm";
import { dayOf } from "../clock.ts";
import type { Scope } from "./database.ts";
import { page_views } from "./schema.ts";

/** How often a tenant's hosted pages are opened. */
export const createPageViewsStore = ({ db, tenantId, clock }: Scope) => ({
  /** One more view of a page today. No audit row: it is a figure, and says nothing of anybody. */
  async count(projectId: string, pageId: string): Promise<void> {
    await db
      .insert(page_views)
      .values({ project_id: projectId, page_id: pageId, day: dayOf(clock.now()), tenant_id: tenantId, views: 1 })
      .onConflictDoUpdate({ target: [page_views.project_id, page_views.page_id, page_views.day], set: { views: sql`${page_views.views} + 1` } });
  },

  /** Views by page over some days, both ends included, as `dayOf` spells them. Reads a row for each page and day on which there were any. */
  async byPage(projectId: string, { from, to }: { from: string; to: string }): Promise<{ page_id: string; views: number }[]> {
    return db
      .select({ page_id: page_views.page_id, views: sql<number>`sum(${page_views.views})` })
      .from(page_views)
      .where(and(eq(page_views.project_id, projectId), eq(page_views.tenant_id, tenantId), gte(page_views.day, from), lte(page_views.day, to)))
      .groupBy(page_views.page_id)
      .orderBy(page_views.page_id)
      .all();
  },

  /** A page's views by day, oldest first; days without any are left out. */
  async byDay(projectId: string, pageId: string, { from, to }: { from: string; to: string }): Promise<{ day: string; views: number }[]> {
    return db
      .select({ day: page_views.day, views: page_views.views })
      .from(page_views)
      .where(and(eq(page_views.project_id, projectId), eq(page_views.page_id, pageId), eq(page_views.tenant_id, tenantId), gte(page_views.day, from), lte(page_views.day, to)))
      .orderBy(page_views.day)
      .all();
  },
});
