import { and, desc, eq, getTableColumns, lt, type SQL, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditRow, fieldNames, listed, matching, type Page, type PageRequest, patched, type Scope, toPage } from "./database.ts";
import { fullTextQuery } from "./full-text.ts";
import { audit, entities } from "./schema.ts";

export type Entity = Pick<
  typeof entities.$inferSelect,
  "id" | "tenant_id" | "project_id" | "entity_type" | "name" | "primary_contact" | "metadata" | "created_at" | "updated_at"
>;

export interface EntityFilter {
  type?: string | undefined;
  project_id?: string | undefined;
  status?: string | undefined;
  /** Words; each may be the beginning of one. */
  q?: string | undefined;
}

const { seq: _q, status: _s, phone: _p, score: _c, source_url: _u, dedupe_key: _d, delivery_key: _k, email: _e, campaign_seen_at: _a, campaign_order: _o, ...columns } = getTableColumns(entities);

/** Lists leave the two heavy fields out; D1 never ships them. */
const lightColumns = { ...columns, metadata: sql<Record<string, unknown>>`json_remove(${entities.metadata}, '$.raw_payload', '$.call_transcription')`.mapWith(entities.metadata) };

export const createEntitiesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));

  const find = async (id: string): Promise<Entity | undefined> => db.select(columns).from(entities).where(own(id)).get();
  const get = async (id: string): Promise<Entity> => {
    const entity = await find(id);
    if (!entity) throw notFound("entity");
    return entity;
  };

  /** The full-text index gives its matches newest first by itself, so that a page of a common word reads a page. */
  const search = async (words: string, filter: EntityFilter, matches: SQL | undefined, page: PageRequest): Promise<Page<Entity>> => {
    const after = page.cursor === undefined ? undefined : sql`entities_fts.rowid < (SELECT seq FROM ${entities} WHERE ${own(page.cursor)})`;
    const rows = await db
      .select(lightColumns)
      .from(sql`entities_fts`)
      .innerJoin(entities, sql`${entities.seq} = entities_fts.rowid`)
      .where(and(sql`entities_fts MATCH ${fullTextQuery(words, [tenantId, filter.project_id, filter.type])}`, matches, after))
      .orderBy(sql`entities_fts.rowid DESC`)
      .limit(page.limit + 1)
      .all();
    return toPage(rows, page.limit);
  };

  return {
    find,
    get,

    async list(filter: EntityFilter, page: PageRequest): Promise<Page<Entity>> {
      const searching = filter.q !== undefined;
      const matches = and(
        // By its own index, or the project's, or the search's: never a walk over all that the tenant has.
        matching(entities.tenant_id, tenantId, !searching && filter.project_id === undefined),
        matching(entities.project_id, filter.project_id, !searching),
        matching(entities.status, filter.status, !searching),
        matching(entities.entity_type, filter.type, !searching && filter.status === undefined),
      );
      if (filter.q !== undefined) return search(filter.q, filter, matches, page);
      const rows = await db
        .select(lightColumns)
        .from(entities)
        .where(and(matches, page.cursor === undefined ? undefined : lt(entities.id, page.cursor)))
        .orderBy(desc(entities.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** Those of these ids that are there, as lists show them; in no order. */
    async some(ids: readonly string[]): Promise<Entity[]> {
      return db.select(lightColumns).from(entities).where(and(eq(entities.tenant_id, tenantId), sql`${entities.id} IN ${listed(ids)}`)).all();
    },

    async create(input: Pick<Entity, "project_id" | "entity_type" | "name" | "primary_contact" | "metadata">): Promise<Entity> {
      const now = clock.now();
      const entity: Entity = { ...input, id: newId("ent", now), tenant_id: tenantId, created_at: now, updated_at: now };
      await db.batch([
        db.insert(entities).values(entity),
        db.insert(audit).values(auditRow(scope, "entity.created", `entity:${entity.id}`, { entity_type: entity.entity_type })),
      ]);
      return entity;
    },

    /** `metadata` is merged as RFC 7396 says: null removes a key. @throws AppError 404 */
    async patch(id: string, change: { name?: string | undefined; primary_contact?: string | undefined; metadata?: Record<string, unknown> | undefined }): Promise<Entity> {
      await get(id);
      await db.batch([
        db
          .update(entities)
          .set({
            updated_at: clock.now(),
            ...(change.name === undefined ? {} : { name: change.name }),
            ...(change.primary_contact === undefined ? {} : { primary_contact: change.primary_contact }),
            ...(change.metadata === undefined ? {} : { metadata: patched(change.metadata) }),
          })
          .where(own(id)),
        db.insert(audit).values(auditRow(scope, "entity.changed", `entity:${id}`, { fields: fieldNames(change.metadata ?? {}) })),
      ]);
      return get(id);
    },
  };
};
