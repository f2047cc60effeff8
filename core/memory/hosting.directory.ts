import { and, eq, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { HostedPage } from "./hosted-pages.store.ts";
import { byPreference } from "./page-hosts.store.ts";
import type { Project } from "./projects.store.ts";
import { hosted_pages, page_hosts, projects, tenants } from "./schema.ts";

/** Whose pages a host name shows. */
export interface HostedSite {
  project: Project;
  /** Where the project's pages say that they live. */
  primary: string;
  /** The operator lets nobody in, or everything of the tenant is being removed. */
  closed: boolean;
}

/** What must be asked before the tenant is known: whose host name is this, and what does it answer with here? */
export const createHostingDirectory = ({ db }: { db: Database }) => ({
  /** By two primary keys, in one question to the database. Null: nobody has shown that the name is theirs. */
  async lookUp(host: string, path: string): Promise<{ site: HostedSite; page: HostedPage | undefined } | null> {
    const serving = sql`${page_hosts.host} = ${host} AND ${page_hosts.verified_at} IS NOT NULL`;
    const owner = sql`(SELECT ${page_hosts.project_id} FROM ${page_hosts} WHERE ${serving})`;
    const [sites, names, pages] = await db.batch([
      db.select({ project: projects, suspended_at: tenants.suspended_at, deleted_at: tenants.deleted_at }).from(projects).innerJoin(tenants, eq(tenants.id, projects.tenant_id)).where(sql`${projects.id} = ${owner}`),
      db.select({ host: page_hosts.host }).from(page_hosts).where(and(sql`${page_hosts.project_id} = ${owner}`, sql`${page_hosts.verified_at} IS NOT NULL`)).orderBy(byPreference()).limit(1),
      db.select().from(hosted_pages).where(and(sql`${hosted_pages.project_id} = ${owner}`, eq(hosted_pages.path, path))),
    ]);
    const [site] = sites;
    if (!site) return null;
    return { site: { project: site.project, primary: names[0]?.host ?? host, closed: site.suspended_at !== null || site.deleted_at !== null }, page: pages[0] };
  },
});
