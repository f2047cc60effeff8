import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditRow, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
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

const { status: _s, phone: _p, score: _c, source_url: _u, dedupe_key: _d, ...columns } = getTableColumns(entities);

/** Lists leave the two heavy fields out; D1 never ships them. */
const listed = { ...columns, metadata: sql<Record<string, unknown>>`json_remove(${entities.metadata}, '$.raw_payload', '$.call_transcription')`.mapWith(entities.metadata) };

/** FTS5 treats what people type as syntax; as quoted prefixes it is only words. */
const ftsQuery = (words: string): string =>
  words
    .split(/[\s"]+/)
    .filter((word) => word !== "")
    .slice(0, 8)
    .map((word) => `"${word}"*`)
    .join(" ");

export const createEntitiesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));

  const find = async (id: string): Promise<Entity | undefined> => db.select(columns).from(entities).where(own(id)).get();
  const get = async (id: string): Promise<Entity> => {
    const entity = await find(id);
    if (!entity) throw notFound("entity");
    return entity;
  };

  return {
    find,
    get,

    async list(filter: EntityFilter, page: PageRequest): Promise<Page<Entity>> {
      const words = filter.q === undefined ? "" : ftsQuery(filter.q);
      const rows = await db
        .select(listed)
        .from(entities)
        .where(
          and(
            eq(entities.tenant_id, tenantId),
            filter.type === undefined ? undefined : eq(entities.entity_type, filter.type),
            filter.project_id === undefined ? undefined : eq(entities.project_id, filter.project_id),
            filter.status === undefined ? undefined : eq(entities.status, filter.status),
            words === "" ? undefined : sql`${entities}.rowid IN (SELECT rowid FROM entities_fts WHERE entities_fts MATCH ${words})`,
            page.cursor === undefined ? undefined : lt(entities.id, page.cursor),
          ),
        )
        .orderBy(desc(entities.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
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
            ...(change.metadata === undefined ? {} : { metadata: sql`json_patch(${entities.metadata}, ${JSON.stringify(change.metadata)})` }),
          })
          .where(own(id)),
        db.insert(audit).values(auditRow(scope, "entity.changed", `entity:${id}`, { fields: Object.keys(change.metadata ?? {}) })),
      ]);
      return get(id);
    },
  };
};

export type EntitiesStore = ReturnType<typeof createEntitiesStore>;
