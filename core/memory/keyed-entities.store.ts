import { and, asc, eq, getTableColumns, gt, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { newId } from "../ids.ts";
import { auditIfChanged, auditRow, fieldNames, insertIf, listed, matching, type Scope } from "./database.ts";
import type { Entity } from "./entities.store.ts";
import { audit, entities } from "./schema.ts";

type Scalar = string | number | boolean | null;

/**
 * What must be true of an entity's metadata when the statement's turn comes: fields of its top level, or below it by dots
 * (`content.version`), and their value or one of several. Null: it is null or not there.
 */
export type Expectation = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** An entity that has a name of its own besides its id: in a project there is one of a type and key. */
export interface KeyedEntity {
  project_id: string;
  entity_type: string;
  /** Kept as `metadata.dedupe_key`. */
  dedupe_key: string;
  name: string;
  /** Each field of its top level is written whole, null included. Fields that are not named stay as they are. */
  metadata: Record<string, unknown>;
}

export interface PutAnswer {
  id: string;
  outcome: "created" | "changed" | "unchanged";
}

export interface EachOptions {
  status?: string | undefined;
  /** Fields of the metadata's top level that are left out, being heavy. */
  without?: readonly string[] | undefined;
  /** Rows a question. */
  pageSize?: number | undefined;
}

/** Five statements each in one batch, and a dozen parameters a statement. */
const ROWS_A_BATCH = 20;
const PAGE = 200;
/** Each is bound twice, of the 100 parameters that a statement may have. */
const MOST_FIELDS = 40;

const { seq: _q, status: _s, phone: _p, score: _c, source_url: _u, dedupe_key: _d, delivery_key: _k, ...columns } = getTableColumns(entities);

/** JSON path of a field that code names, as a literal of SQL: nothing but words and dots gets into it. */
const pathOf = (field: string): SQL => {
  if (!/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/.test(field)) throw new Error(`not a field's name: ${field}`);
  return sql.raw(`'$.${field}'`);
};

const met = (expect: Expectation): SQL[] =>
  Object.entries(expect).map(([field, value]) => {
    // JSON's true and false come out of SQLite as 1 and 0.
    const values = [value].flat().map((one) => (typeof one === "boolean" ? Number(one) : one));
    return sql`(${sql.join(values.map((one) => sql`json_extract(${entities.metadata}, ${pathOf(field)}) IS ${one}`), sql` OR `)})`;
  });

/** The metadata with fields of its top level replaced whole. Not RFC 7396, by which a null could not be kept. */
const withFields = (fields: Record<string, unknown>): SQL => {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (entries.length > MOST_FIELDS) throw new Error(`more than ${MOST_FIELDS} fields`);
  if (entries.length === 0) return sql`${entities.metadata}`;
  return sql`json_set(${entities.metadata}, ${sql.join(entries.map(([field, value]) => sql`${pathOf(field)}, json(${JSON.stringify(value)})`), sql`, `)})`;
};

/**
 * Entities that machines write, found again by a key: anchors, keywords, pages, links, pictures. Each write is one batch whose
 * statements decide by what is there at their turn, so that the same work done twice, or by two at once, makes one entity.
 */
export const createKeyedEntitiesStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(entities.id, id), eq(entities.tenant_id, tenantId));
  const keyed = ({ project_id, entity_type, dedupe_key }: Pick<KeyedEntity, "project_id" | "entity_type" | "dedupe_key">) =>
    and(eq(entities.project_id, project_id), eq(entities.dedupe_key, dedupe_key), eq(entities.entity_type, entity_type), eq(entities.tenant_id, tenantId));

  const statementsFor = (input: KeyedEntity, when: Expectation | null) => {
    const now = clock.now();
    const metadata = { ...input.metadata, dedupe_key: input.dedupe_key };
    const row = { id: newId("ent", now), tenant_id: tenantId, project_id: input.project_id, entity_type: input.entity_type, name: input.name, primary_contact: "", metadata, created_at: now, updated_at: now };
    const same = keyed(input);
    const changed = withFields(metadata);
    const changedRow = auditRow(scope, "entity.changed", "", { entity_type: input.entity_type, fields: fieldNames(input.metadata) });
    return [
      insertIf(db, entities, row, sql`NOT EXISTS (SELECT 1 FROM ${entities} WHERE ${same})`),
      auditIfChanged(scope, "entity.created", `entity:${row.id}`, { entity_type: row.entity_type }),
      db
        .update(entities)
        .set({ name: input.name, metadata: changed, updated_at: now })
        .where(and(same, when === null ? sql`0` : and(...met(when)), sql`(${entities.metadata} <> ${changed} OR ${entities.name} <> ${input.name})`)),
      insertIf(db, audit, { ...changedRow, resource: sql`(SELECT 'entity:' || ${entities.id} FROM ${entities} WHERE ${same} LIMIT 1)` }, sql`changes() > 0`),
      db.select({ id: entities.id }).from(entities).where(same).orderBy(entities.created_at, entities.id).limit(1),
    ] as const;
  };

  const putAll = async (inputs: readonly KeyedEntity[], when: Expectation | null): Promise<PutAnswer[]> => {
    const answers: PutAnswer[] = [];
    for (let at = 0; at < inputs.length; at += ROWS_A_BATCH) {
      const [first, ...rest] = inputs.slice(at, at + ROWS_A_BATCH).flatMap((input) => [...statementsFor(input, when)]);
      if (first === undefined) break;
      const results: unknown[] = await db.batch([first, ...rest]);
      for (let row = 0; row < results.length; row += 5) {
        const [inserted, , updated, , [found]] = results.slice(row, row + 5) as [D1Result, D1Result, D1Result, D1Result, { id: string }[]];
        if (!found) throw new Error("an entity was neither stored nor found by its key");
        answers.push({ id: found.id, outcome: inserted.meta.changes > 0 ? "created" : updated.meta.changes > 0 ? "changed" : "unchanged" });
      }
    }
    return answers;
  };

  return {
    /**
     * Creates what is not there, and writes the given fields over what is, where they differ and `when` holds; by default always.
     * Twenty entities are one batch: after a crash some are written, and doing it again writes the others.
     * @returns in the order of `inputs`
     */
    put: async (inputs: readonly KeyedEntity[], when: Expectation = {}): Promise<PutAnswer[]> => putAll(inputs, when),

    /** Creates it unless it is there; what is there is left as it is. */
    async putOnce(input: KeyedEntity): Promise<{ id: string; created: boolean }> {
      const [answer] = await putAll([input], null);
      if (!answer) throw new Error("nothing was put");
      return { id: answer.id, created: answer.outcome === "created" };
    },

    async find(project_id: string, entity_type: string, dedupe_key: string): Promise<Entity | undefined> {
      return db.select(columns).from(entities).where(keyed({ project_id, entity_type, dedupe_key })).orderBy(entities.created_at, entities.id).limit(1).get();
    },

    /** Those whose keys begin with some text (ASCII), in the order of their keys. */
    async startingWith(project_id: string, entity_type: string, prefix: string, limit: number): Promise<Entity[]> {
      return db
        .select(columns)
        .from(entities)
        .where(and(eq(entities.project_id, project_id), gte(entities.dedupe_key, prefix), lt(entities.dedupe_key, `${prefix}~`), matching(entities.entity_type, entity_type, false), matching(entities.tenant_id, tenantId, false)))
        .orderBy(asc(entities.dedupe_key), asc(entities.id))
        .limit(limit)
        .all();
    },

    /** Those of these ids that are there, in no order. */
    async withIds(ids: readonly string[]): Promise<Entity[]> {
      if (ids.length === 0) return [];
      return db.select(columns).from(entities).where(and(eq(entities.tenant_id, tenantId), sql`${entities.id} IN ${listed(ids)}`)).all();
    },

    /**
     * Writes fields of the metadata's top level, each whole, if what is expected of the entity still holds: compare and set.
     * @returns the entity as it is afterwards, or null when it did not hold, or there is none of that id
     */
    async change(id: string, { set, name, expect = {} }: { set: Record<string, unknown>; name?: string | undefined; expect?: Expectation }): Promise<Entity | null> {
      const [rows] = await db.batch([
        db
          .update(entities)
          .set({ metadata: withFields(set), updated_at: clock.now(), ...(name === undefined ? {} : { name }) })
          .where(and(own(id), ...met(expect)))
          .returning(columns),
        auditIfChanged(scope, "entity.changed", `entity:${id}`, { fields: fieldNames(set) }),
      ]);
      return rows[0] ?? null;
    },

    /** Removes entities of which what is expected holds, and what is indexed of them. For what machines wrote: a person goes by `erasure`. @returns how many */
    async remove(project_id: string, entity_type: string, ids: readonly string[], expect: Expectation = {}): Promise<number> {
      if (ids.length === 0) return 0;
      const [gone] = await db.batch([
        db
          .delete(entities)
          .where(and(eq(entities.tenant_id, tenantId), sql`${entities.id} IN ${listed(ids)}`, sql`+${entities.project_id} = ${project_id}`, sql`+${entities.entity_type} = ${entity_type}`, ...met(expect)))
          .returning({ id: entities.id }),
        auditIfChanged(scope, "entity.removed", `project:${project_id}`, { entity_type, ids: ids.slice(0, 50), rows: ids.length }),
      ]);
      return gone.length;
    },

    /** All of a type in a project, a page at a time, oldest first (in no order within a millisecond). Rows that are added meanwhile come at the end. */
    async *each(project_id: string, entity_type: string, { status, without = [], pageSize = PAGE }: EachOptions = {}): AsyncGenerator<Entity[], void> {
      const metadata = without.length === 0 ? columns.metadata : sql<Record<string, unknown>>`json_remove(${entities.metadata}, ${sql.join(without.map((field) => pathOf(field)), sql`, `)})`.mapWith(entities.metadata);
      for (let after = ""; ; ) {
        const rows = await db
          .select({ ...columns, metadata })
          .from(entities)
          .where(and(eq(entities.project_id, project_id), matching(entities.tenant_id, tenantId, false), matching(entities.status, status, true), matching(entities.entity_type, entity_type, status === undefined), gt(entities.id, after)))
          .orderBy(asc(entities.id))
          .limit(pageSize)
          .all();
        if (rows.length > 0) yield rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageSize) return;
        after = last.id;
      }
    },

    /** How many of a type there are by status. Reads an index entry for each, no rows. */
    async countByStatus(project_id: string, entity_type: string, statuses: readonly string[]): Promise<Record<string, number>> {
      const rows = await db
        .select({ status: entities.status, entities: sql<number>`count(*)` })
        .from(entities)
        .where(and(eq(entities.project_id, project_id), inArray(entities.status, [...statuses]), matching(entities.entity_type, entity_type, false), matching(entities.tenant_id, tenantId, false)))
        .groupBy(entities.status)
        .all();
      return Object.fromEntries(rows.map((row): [string, number] => [String(row.status), row.entities]));
    },
  };
};

export type KeyedEntitiesStore = ReturnType<typeof createKeyedEntitiesStore>;
