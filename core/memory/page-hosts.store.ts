import { and, asc, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import { randomToken } from "../ids.ts";
import { auditIfChanged, insertIf, type Scope } from "./database.ts";
import { page_hosts } from "./schema.ts";

export type PageHost = typeof page_hosts.$inferSelect;

/** A project has one or two; more is a mistake or a collector of names. */
const MOST_HOSTS = 10;

/** The one of a project's names at which its pages say that they live: the one its DNA names, else its own, else the service's. */
export const byPreference = (): SQL => sql`${page_hosts.preferred_at} DESC NULLS LAST, ${page_hosts.kind} = 'own' DESC, ${page_hosts.verified_at} DESC, ${page_hosts.host}`;

/** The host names of a tenant's pages. */
export const createPageHostsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string, host: string) => and(eq(page_hosts.host, host), eq(page_hosts.project_id, projectId), eq(page_hosts.tenant_id, tenantId));
  const find = async (projectId: string, host: string): Promise<PageHost | undefined> => db.select().from(page_hosts).where(own(projectId, host)).get();
  const serving = (host: string) => sql`EXISTS (SELECT 1 FROM ${page_hosts} WHERE ${page_hosts.host} = ${host} AND ${page_hosts.verified_at} IS NOT NULL)`;

  return {
    find,

    async list(projectId: string): Promise<PageHost[]> {
      return db.select().from(page_hosts).where(and(eq(page_hosts.project_id, projectId), eq(page_hosts.tenant_id, tenantId))).orderBy(asc(page_hosts.created_at), asc(page_hosts.host)).all();
    },

    /** Where the project's pages say that they live; undefined while it has no name. */
    async primary(projectId: string): Promise<PageHost | undefined> {
      return db
        .select()
        .from(page_hosts)
        .where(and(eq(page_hosts.project_id, projectId), eq(page_hosts.tenant_id, tenantId), sql`${page_hosts.verified_at} IS NOT NULL`))
        .orderBy(byPreference())
        .limit(1)
        .get();
    },

    /** Takes a name below the service's suffix, which nobody needs to show anything for. @returns false when another project has it */
    async takeSubdomain(projectId: string, host: string): Promise<boolean> {
      if (!(await scope.claims.take("host", host, tenantId))) return false;
      const now = clock.now();
      await db.batch([
        insertIf(db, page_hosts, { host, tenant_id: tenantId, project_id: projectId, kind: "subdomain", challenge: null, verified_at: now, preferred_at: null, created_at: now }, sql`NOT ${serving(host)}`),
        auditIfChanged(scope, "page_host.taken", `project:${projectId}`, { host }),
      ]);
      return (await find(projectId, host)) !== undefined;
    },

    /** Asks for a name of the business's own. Asked again, the challenge stays. @returns undefined when the project has too many names */
    async ask(projectId: string, host: string): Promise<PageHost | undefined> {
      const row = { host, tenant_id: tenantId, project_id: projectId, kind: "own" as const, challenge: randomToken(), verified_at: null, preferred_at: null, created_at: clock.now() };
      const room = sql`(SELECT count(*) FROM ${page_hosts} WHERE ${page_hosts.project_id} = ${projectId}) < ${MOST_HOSTS}`;
      await db.batch([
        insertIf(db, page_hosts, row, sql`${room} AND NOT EXISTS (SELECT 1 FROM ${page_hosts} WHERE ${own(projectId, host)})`),
        auditIfChanged(scope, "page_host.asked_for", `project:${projectId}`, { host }),
      ]);
      return find(projectId, host);
    },

    /**
     * The name's DNS has said that it is the project's. Who controls it now has it: whoever had it before has to show it again.
     * (The one statement that touches another tenant's row: it takes from it what it can no longer show.)
     */
    async verified(projectId: string, host: string): Promise<void> {
      const othersOf = and(eq(page_hosts.host, host), eq(page_hosts.kind, "own"), ne(page_hosts.project_id, projectId));
      for (const other of scope.others) await other.update(page_hosts).set({ verified_at: null, preferred_at: null }).where(othersOf);
      await db.batch([
        db.update(page_hosts).set({ verified_at: null, preferred_at: null }).where(othersOf),
        db.update(page_hosts).set({ verified_at: clock.now() }).where(and(own(projectId, host), isNull(page_hosts.verified_at))),
        auditIfChanged(scope, "page_host.verified", `project:${projectId}`, { host }),
      ]);
    },

    /** Makes a name that serves the one at which pages say that they live. @returns false when the project has no such name, or has not shown that it has */
    async prefer(projectId: string, host: string): Promise<boolean> {
      const found = await find(projectId, host);
      if (!found || found.verified_at === null) return false;
      const latest = sql`(SELECT max(${page_hosts.preferred_at}) FROM ${page_hosts} WHERE ${page_hosts.project_id} = ${projectId})`;
      await db.batch([
        db.update(page_hosts).set({ preferred_at: clock.now() }).where(and(own(projectId, host), sql`(${page_hosts.preferred_at} IS NULL OR ${page_hosts.preferred_at} < ${latest})`)),
        auditIfChanged(scope, "page_host.preferred", `project:${projectId}`, { host }),
      ]);
      return true;
    },

    /** @returns false when the project does not have it */
    async remove(projectId: string, host: string): Promise<boolean> {
      const [removed] = await db.batch([db.delete(page_hosts).where(own(projectId, host)).returning({ host: page_hosts.host }), auditIfChanged(scope, "page_host.removed", `project:${projectId}`, { host })]);
      return removed.length > 0;
    },
  };
};
