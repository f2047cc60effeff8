import { and, eq, ne, sql } from "drizzle-orm";
import { listed, type Scope } from "./database.ts";
import { page_bands, page_prints } from "./schema.ts";

export interface PagePrint {
  page_id: string;
  project_id: string;
  version: string;
  signature: string;
  bands: readonly number[];
}

/** Another page that may say the same. */
export interface PrintCandidate {
  page_id: string;
  signature: string;
  /** Whether it came first. */
  earlier: boolean;
}

/** Compared in full; who shares most bands is likest. */
const MOST_CANDIDATES = 50;

/** What the words of pages look like. No audit: it says nothing that the pages' own rows do not. */
export const createPagePrintsStore = ({ db, tenantId }: Scope) => {
  const ownPrint = (pageId: string) => and(eq(page_prints.page_id, pageId), eq(page_prints.tenant_id, tenantId));
  const ownBands = (pageId: string) => and(eq(page_bands.page_id, pageId), eq(page_bands.tenant_id, tenantId));
  const claimed = ({ page_id, version }: Pick<PagePrint, "page_id" | "version">) =>
    sql`EXISTS (SELECT 1 FROM page_prints WHERE page_prints.page_id = ${page_id} AND page_prints.tenant_id = ${tenantId} AND page_prints.version = ${version})`;

  return {
    /**
     * Claims what a page's words look like. A version that has its claim keeps its place; another version of the page gives up the old
     * one's and comes last. One transaction, so that of any two pages one came first.
     */
    async claim(print: PagePrint): Promise<void> {
      const { page_id, project_id, version, signature, bands } = print;
      const missing = sql`NOT ${claimed(print)}`;
      await db.batch([
        db.delete(page_bands).where(and(ownBands(page_id), missing)),
        db.delete(page_prints).where(and(ownPrint(page_id), ne(page_prints.version, version))),
        db.insert(page_prints).values({ page_id, tenant_id: tenantId, project_id, version, signature }).onConflictDoNothing(),
        db
          .insert(page_bands)
          .select(sql`SELECT ${project_id}, ${tenantId}, value, ${page_id} FROM json_each(${JSON.stringify(bands)}) WHERE ${claimed(print)}`)
          .onConflictDoNothing(),
      ]);
    },

    /** A text that does not go out stands in nobody's way. Safe to repeat. */
    async drop(pageId: string): Promise<number> {
      const [, rows] = await db.batch([db.delete(page_bands).where(ownBands(pageId)), db.delete(page_prints).where(ownPrint(pageId)).returning({ page_id: page_prints.page_id })]);
      return rows.length;
    },

    /** Pages of the project that share a band with a page that has its claim, those with most first. */
    async candidates({ page_id, project_id, bands }: Pick<PagePrint, "page_id" | "project_id" | "bands">): Promise<PrintCandidate[]> {
      const own = sql`(SELECT own.seq FROM page_prints AS own WHERE own.page_id = ${page_id} AND own.tenant_id = ${tenantId})`;
      const rows = await db
        .select({ page_id: page_prints.page_id, signature: page_prints.signature, earlier: sql<number>`${page_prints.seq} < ${own}`, shared: sql<number>`count(*)` })
        .from(page_bands)
        .innerJoin(page_prints, eq(page_prints.page_id, page_bands.page_id))
        .where(and(eq(page_bands.project_id, project_id), eq(page_bands.tenant_id, tenantId), sql`${page_bands.band} IN (SELECT value FROM json_each(${JSON.stringify(bands)}))`, ne(page_bands.page_id, page_id)))
        .groupBy(page_prints.page_id)
        .orderBy(sql`count(*) DESC`)
        .limit(MOST_CANDIDATES)
        .all();
      return rows.map((row) => ({ page_id: row.page_id, signature: row.signature, earlier: row.earlier === 1 }));
    },

    /** Of some pages, those that have a claim which came before another page's. */
    async earlierThan(pageId: string, ids: readonly string[]): Promise<string[]> {
      const own = sql`(SELECT own.seq FROM page_prints AS own WHERE own.page_id = ${pageId} AND own.tenant_id = ${tenantId})`;
      const rows = await db.select({ page_id: page_prints.page_id }).from(page_prints).where(and(eq(page_prints.tenant_id, tenantId), sql`${page_prints.page_id} IN ${listed(ids)}`, sql`${page_prints.seq} < ${own}`)).all();
      return rows.map(({ page_id }) => page_id);
    },
  };
};
