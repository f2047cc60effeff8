import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { hosted_pages } from "./schema.ts";

export type HostedPage = typeof hosted_pages.$inferSelect;

/** Which document each address of a tenant's hosted pages answers with. */
export const createHostedPagesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const ofProject = (projectId: string) => and(eq(hosted_pages.project_id, projectId), eq(hosted_pages.tenant_id, tenantId));
  const at = (projectId: string, path: string) => and(ofProject(projectId), eq(hosted_pages.path, path));
  /** Live, and living here: what the world is told of. */
  const listed = (projectId: string) => and(ofProject(projectId), eq(hosted_pages.state, "live"), isNull(hosted_pages.canonical));
  const find = async (projectId: string, path: string): Promise<HostedPage | undefined> => db.select().from(hosted_pages).where(at(projectId, path)).get();

  return {
    find,

    /**
     * Puts a document in force, in one transaction: a page that had another address leaves a redirect there. The same again changes nothing.
     * @returns false when another page that is live has the address
     */
    async place(projectId: string, { page_id, path, sha256, canonical }: Pick<HostedPage, "page_id" | "path" | "sha256" | "canonical">): Promise<boolean> {
      const now = clock.now();
      const row = { project_id: projectId, path, tenant_id: tenantId, page_id, state: "live" as const, sha256, moved_to: null, canonical, created_at: now, modified_at: now };
      const others = sql`EXISTS (SELECT 1 FROM ${hosted_pages} WHERE ${at(projectId, path)} AND ${hosted_pages.state} = 'live' AND ${hosted_pages.page_id} <> ${page_id})`;
      await db.batch([
        db.update(hosted_pages).set({ state: "moved", moved_to: path }).where(and(ofProject(projectId), eq(hosted_pages.page_id, page_id), ne(hosted_pages.path, path), ne(hosted_pages.state, "gone"), sql`NOT ${others}`)),
        insertIf(db, hosted_pages, row, sql`NOT ${others}`).onConflictDoUpdate({
          target: [hosted_pages.project_id, hosted_pages.path],
          set: { page_id, state: "live", sha256, moved_to: null, canonical, modified_at: now },
          setWhere: sql`${hosted_pages.state} <> 'live' OR ${hosted_pages.sha256} <> ${sha256} OR ${hosted_pages.canonical} IS NOT ${canonical}`,
        }),
        auditIfChanged(scope, "hosted_page.placed", `entity:${page_id}`, { path, sha256 }),
      ]);
      const placed = await find(projectId, path);
      return placed?.page_id === page_id && placed.state === "live";
    },

    /** From now on its addresses answer 410. Gone already is as good. @returns how many there were */
    async takeDown(pageId: string): Promise<number> {
      const [gone] = await db.batch([
        db
          .update(hosted_pages)
          .set({ state: "gone", moved_to: null, modified_at: clock.now() })
          .where(and(eq(hosted_pages.page_id, pageId), eq(hosted_pages.tenant_id, tenantId), ne(hosted_pages.state, "gone")))
          .returning({ path: hosted_pages.path }),
        auditIfChanged(scope, "hosted_page.taken_down", `entity:${pageId}`),
      ]);
      return gone.length;
    },

    /** Addresses for the sitemap, in their order: a page that names another address as the original is left to that one's. */
    async listed(projectId: string, { offset, limit }: { offset: number; limit: number }): Promise<Pick<HostedPage, "path" | "modified_at">[]> {
      return db
        .select({ path: hosted_pages.path, modified_at: hosted_pages.modified_at })
        .from(hosted_pages)
        .where(listed(projectId))
        .orderBy(hosted_pages.path)
        .limit(limit)
        .offset(offset)
        .all();
    },

    async countListed(projectId: string): Promise<number> {
      return db.$count(hosted_pages, listed(projectId));
    },

    /** The address that stands for the whole site where no page lives at `/`: the shortest. */
    async frontPath(projectId: string): Promise<string | undefined> {
      const row = await db
        .select({ path: hosted_pages.path })
        .from(hosted_pages)
        .where(and(ofProject(projectId), eq(hosted_pages.state, "live")))
        .orderBy(sql`length(${hosted_pages.path})`, hosted_pages.path)
        .limit(1)
        .get();
      return row?.path;
    },
  };
};
