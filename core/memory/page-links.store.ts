import { and, asc, eq, gt, gte, lt, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { auditIfChanged, insertRowsIf, listed, matching, type Scope } from "./database.ts";
import type { PageLink, PageNode } from "./page-links.types.ts";
import { entities } from "./schema.ts";

/** Rows that one statement writes, handed over as one JSON text. */
const ROWS_A_STATEMENT = 250;
const ROWS_A_QUESTION = 2_000;
/** In the world, or about to be. */
const LINKED = ["passed", "published"] as const;

const field = <T>(path: string) => sql<T>`json_extract(${entities.metadata}, ${sql.raw(`'$.${path}'`)})`;
const keyOf = ({ from, to }: Pick<PageLink, "from" | "to">): string => `link:${from}>${to}`;

/** The links between a project's pages: thousands of small rows, read and written many at a time. */
export const createPageLinksStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const ofType = (projectId: string, type: string) => and(eq(entities.project_id, projectId), eq(entities.entity_type, type), matching(entities.tenant_id, tenantId, false));
  const linkColumns = {
    id: entities.id,
    from: field<string>("from").as("from_page"),
    to: field<string>("to").as("to_page"),
    anchor_text: entities.name,
    relevance: field<number>("relevance").as("relevance"),
    kind: field<PageLink["kind"]>("kind").as("kind"),
    position: field<number>("position").as("position"),
  };

  return {
    /** The project's pages that are out or may go out. */
    async nodes(projectId: string): Promise<PageNode[]> {
      const nodes: PageNode[] = [];
      for (const status of LINKED) {
        for (let after = ""; ; ) {
          const rows = await db
            .select({
              id: entities.id,
              service_name: field<string>("service.name").as("service_name"),
              service_slug: field<string>("service.slug").as("service_slug"),
              place_name: field<string | null>("place.name").as("place_name"),
              place_slug: field<string | null>("place.slug").as("place_slug"),
              city: field<string | null>("place.city").as("city"),
              lat: field<number | null>("place.lat").as("lat"),
              lon: field<number | null>("place.lon").as("lon"),
              intent: field<string>("intent").as("intent"),
              primary_keyword: field<string>("primary_keyword").as("primary_keyword"),
              path: field<string>("path").as("path"),
              expected_value: field<number>("expected_value").as("expected_value"),
            })
            .from(entities)
            .where(and(eq(entities.project_id, projectId), eq(entities.status, status), matching(entities.entity_type, "page", false), matching(entities.tenant_id, tenantId, false), gt(entities.id, after)))
            .orderBy(asc(entities.id))
            .limit(ROWS_A_QUESTION)
            .all();
          for (const { service_name, service_slug, place_name, place_slug, city, lat, lon, ...page } of rows) {
            nodes.push({ ...page, service: { name: service_name, slug: service_slug }, place: place_name === null || place_slug === null ? null : { name: place_name, slug: place_slug, city, lat, lon } });
          }
          const last = rows.at(-1);
          if (last === undefined || rows.length < ROWS_A_QUESTION) break;
          after = last.id;
        }
      }
      return nodes;
    },

    /** All links of a project. */
    async all(projectId: string): Promise<(PageLink & { id: string })[]> {
      const links: (PageLink & { id: string })[] = [];
      for (let after = ""; ; ) {
        const rows = await db.select(linkColumns).from(entities).where(and(ofType(projectId, "link"), gt(entities.id, after))).orderBy(asc(entities.id)).limit(ROWS_A_QUESTION).all();
        links.push(...rows);
        const last = rows.at(-1);
        if (last === undefined || rows.length < ROWS_A_QUESTION) return links;
        after = last.id;
      }
    },

    /** A page's own links, in their order. By their keys, which begin with the page. */
    async from(projectId: string, pageId: string): Promise<PageLink[]> {
      const rows = await db
        .select(linkColumns)
        .from(entities)
        .where(and(eq(entities.project_id, projectId), gte(entities.dedupe_key, `link:${pageId}>`), lt(entities.dedupe_key, `link:${pageId}?`), matching(entities.entity_type, "link", false), matching(entities.tenant_id, tenantId, false)))
        .all();
      return rows.map(({ id: _, ...link }) => link).sort((a, b) => a.position - b.position);
    },

    /**
     * Takes some links out and puts others in; each 250 are a transaction. Of two pages there is one link in a direction, whoever
     * writes it at the same moment.
     */
    async replace(projectId: string, gone: readonly string[], fresh: readonly PageLink[]): Promise<void> {
      for (let at = 0; at < Math.max(gone.length, fresh.length); at += ROWS_A_STATEMENT) {
        const now = clock.now();
        const removing = gone.slice(at, at + ROWS_A_STATEMENT);
        const rows = fresh.slice(at, at + ROWS_A_STATEMENT).map((link) => {
          const key = keyOf(link);
          const metadata = JSON.stringify({ ...link, dedupe_key: key });
          return { id: newId("ent", now), tenant_id: tenantId, project_id: projectId, entity_type: "link", name: link.anchor_text, primary_contact: "", metadata, created_at: now, updated_at: now, key };
        });
        await db.batch([
          db.delete(entities).where(and(eq(entities.tenant_id, tenantId), sql`${entities.id} IN ${listed(removing)}`, sql`+${entities.project_id} = ${projectId}`, sql`+${entities.entity_type} = 'link'`)),
          insertRowsIf(db, entities, rows, sql`NOT EXISTS (SELECT 1 FROM entities AS known WHERE known.project_id = ${projectId} AND known.dedupe_key = json_extract(value, '$.key'))`),
          auditIfChanged(scope, "links.changed", `project:${projectId}`, { added: rows.length, removed: removing.length }),
        ]);
      }
    },
  };
};
