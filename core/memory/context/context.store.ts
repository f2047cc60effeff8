import { and, eq, lte, or, sql } from "drizzle-orm";
import { chunked } from "../../chunked.ts";
import { newId } from "../../ids.ts";
import { notFound } from "../../errors.ts";
import { sha256Hex } from "../../security/constant-time.ts";
import { auditIfChanged, listed, type Scope } from "../database.ts";
import { context_passages, context_projects, projects } from "../schema.ts";
import type { ContextType, DuePassages, SourcePassages } from "./context.types.ts";

export type ContextRow = typeof context_passages.$inferSelect;

/** A space of vectors: those of one model and length compare with each other and with no others. */
export interface Space {
  model: string;
  dimensions: number;
}

/** Rows that go into one statement: a parameter holds 2 MB, and texts are bounded. */
const ROWS_A_STATEMENT = 200;

// Literally as the partial indexes say it, or SQLite does not use them.
const present = sql`${context_passages.state} <> 'removing'`;
const atWork = sql`${context_passages.state} <> 'ready'`;
const keyOf = ({ model, dimensions, type, hash }: Space & { type: ContextType; hash: string }): string => [model, dimensions, type, hash].join("\n");

/** The database's part of the brand brain: which passages there should be, and how far the index has followed. */
export const createContextStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string) => and(eq(context_passages.project_id, projectId), eq(context_passages.tenant_id, tenantId));
  const ownState = (projectId: string) => and(eq(context_projects.project_id, projectId), eq(context_projects.tenant_id, tenantId));
  const ofSpace = ({ model, dimensions }: Space) => and(eq(context_passages.model, model), eq(context_passages.dimensions, dimensions));

  /** Rows from one JSON text, as a statement has 100 parameters at most. What is there already is left as it is. */
  const insertRows = (rows: readonly ContextRow[]) => {
    const columns = ["id", "tenant_id", "project_id", "type", "source", "version", "text", "hash", "model", "dimensions", "state", "created_at"] satisfies (keyof ContextRow)[];
    const values = columns.map((column) => sql`json_extract(row.value, ${sql.raw(`'$.${column}'`)})`);
    return db.insert(context_passages).select(sql`SELECT ${sql.join(values, sql`, `)} FROM json_each(${JSON.stringify(rows)}) AS row WHERE true`).onConflictDoNothing();
  };
  const insertAll = (rows: readonly ContextRow[]) => chunked(rows, ROWS_A_STATEMENT).map(insertRows);
  const markRemoving = (where: ReturnType<typeof and>) => db.update(context_passages).set({ state: "removing" }).where(and(where, present));

  return {
    /**
     * Makes a source's rows be these passages, in each of the spaces; nothing is written when they are.
     * @throws AppError 404
     */
    async replace(spaces: readonly Space[], { project_id, source, version = null, passages }: SourcePassages): Promise<{ added: number; removed: number }> {
      if ((await db.$count(projects, and(eq(projects.id, project_id), eq(projects.tenant_id, tenantId)))) === 0) throw notFound("project");
      const known = await db.select().from(context_passages).where(and(own(project_id), eq(context_passages.source, source), present)).all();
      const now = clock.now();
      const wanted = new Map<string, ContextRow>();
      for (const { type, text } of passages) {
        for (const { model, dimensions } of spaces) {
          const row: ContextRow = { id: newId("ctx", now), tenant_id: tenantId, project_id, type, source, version, text, hash: sha256Hex(text), model, dimensions, state: "pending", created_at: now };
          wanted.set(keyOf(row), wanted.get(keyOf(row)) ?? row);
        }
      }
      const kept = new Set(known.map(keyOf));
      const added = [...wanted].flatMap(([key, row]) => (kept.has(key) ? [] : [row]));
      const removed = known.filter((row) => !wanted.has(keyOf(row)));
      if (added.length === 0 && removed.length === 0) return { added: 0, removed: 0 };
      await db.batch([
        markRemoving(and(own(project_id), sql`${context_passages.id} IN ${listed(removed.map(({ id }) => id))}`)),
        auditIfChanged(scope, "context.passages_removed", `project:${project_id}`, { source, rows: removed.length }),
        ...insertAll(added),
        ...(added.length > 0 ? [auditIfChanged(scope, "context.passages_added", `project:${project_id}`, { source, rows: added.length })] : []),
      ]);
      return { added: added.length, removed: removed.length };
    },

    /** @returns rows that are not found any more */
    async remove(projectId: string, sources: readonly string[]): Promise<number> {
      const [removed] = await db.batch([
        markRemoving(and(own(projectId), sql`${context_passages.source} IN ${listed(sources)}`)).returning({ id: context_passages.id }),
        auditIfChanged(scope, "context.passages_removed", `project:${projectId}`, { sources: sources.slice(0, 50) }),
      ]);
      return removed.length;
    },

    /** What calls have taught whose ids sort before `callId`. */
    async removeCallsBefore(projectId: string, callId: string): Promise<number> {
      const [removed] = await db.batch([
        markRemoving(and(own(projectId), sql`${context_passages.source} >= 'call_'`, sql`${context_passages.source} < ${callId}`, eq(context_passages.type, "question_answer"))).returning({ id: context_passages.id }),
        auditIfChanged(scope, "context.passages_expired", `project:${projectId}`, { before: callId }),
      ]);
      return removed.length;
    },

    /** Opens rows in a space for what a project has in others, some at a time. @returns how many; 0 when none is missing */
    async fillGaps(projectId: string, { model, dimensions }: Space, limit: number): Promise<number> {
      const { type, source, version, text, hash } = context_passages;
      const there = sql`SELECT 1 FROM context_passages AS other WHERE other.project_id = ${context_passages.project_id} AND other.source = ${source} AND other.type = ${type}
        AND other.hash = ${hash} AND other.model = ${model} AND other.dimensions = ${dimensions} AND other.state <> 'removing'`;
      const missing = await db.selectDistinct({ type, source, version, text, hash }).from(context_passages).where(and(own(projectId), present, sql`NOT EXISTS (${there})`)).limit(limit).all();
      const now = clock.now();
      const rows = missing.map((row): ContextRow => ({ ...row, id: newId("ctx", now), tenant_id: tenantId, project_id: projectId, model, dimensions, state: "pending", created_at: now }));
      for (const statement of insertAll(rows)) await statement;
      return rows.length;
    },

    /** Rows of spaces that are not (or no longer) configured. */
    async removeOtherSpaces(projectId: string, spaces: readonly Space[]): Promise<number> {
      const { meta } = await markRemoving(and(own(projectId), sql`NOT (${or(...spaces.map(ofSpace)) ?? sql`false`})`));
      return meta.changes;
    },

    pending: async (projectId: string, space: Space, limit: number): Promise<ContextRow[]> =>
      db.select().from(context_passages).where(and(own(projectId), atWork, eq(context_passages.state, "pending"), ofSpace(space))).orderBy(context_passages.id).limit(limit).all(),
    removing: async (projectId: string, limit: number): Promise<string[]> =>
      (await db.select({ id: context_passages.id }).from(context_passages).where(and(own(projectId), atWork, eq(context_passages.state, "removing"))).orderBy(context_passages.id).limit(limit).all()).map(({ id }) => id),
    /** What is to be embedded, by model. */
    due: async (projectId: string): Promise<DuePassages[]> =>
      db
        .select({ model: context_passages.model, passages: sql<number>`count(*)`, characters: sql<number>`sum(length(${context_passages.text}))` })
        .from(context_passages)
        .where(and(own(projectId), atWork, eq(context_passages.state, "pending")))
        .groupBy(context_passages.model)
        .all(),
    /** Rows that the index has yet to follow. */
    left: async (projectId: string): Promise<number> => db.$count(context_passages, and(own(projectId), atWork)),
    /** Whatever the tenant still has, for when all of it goes. */
    any: async (limit: number): Promise<string[]> =>
      (await db.select({ id: context_passages.id }).from(context_passages).where(eq(context_passages.tenant_id, tenantId)).orderBy(context_passages.id).limit(limit).all()).map(({ id }) => id),

    /** Once their vectors are in the index. One that is being removed by now stays so. */
    async markReady(ids: readonly string[]): Promise<void> {
      await db.update(context_passages).set({ state: "ready" }).where(and(eq(context_passages.tenant_id, tenantId), sql`${context_passages.id} IN ${listed(ids)}`, eq(context_passages.state, "pending")));
    },
    /** Once their vectors are out of the index. */
    async drop(ids: readonly string[]): Promise<void> {
      await db.delete(context_passages).where(and(eq(context_passages.tenant_id, tenantId), sql`${context_passages.id} IN ${listed(ids)}`));
    },

    /** Of the ids that an index named, those that are this project's to find, in no order. */
    async readyOf(projectId: string, space: Space, ids: readonly string[], types: readonly ContextType[]): Promise<ContextRow[]> {
      const ofTypes = types.length === 0 ? undefined : sql`${context_passages.type} IN ${listed(types)}`;
      return db.select().from(context_passages).where(and(sql`${context_passages.id} IN ${listed(ids)}`, own(projectId), eq(context_passages.state, "ready"), ofSpace(space), ofTypes)).all();
    },

    /** Of some ids, the passages that are still the project's. */
    async named(projectId: string, ids: readonly string[]): Promise<Pick<ContextRow, "id" | "type" | "text" | "source">[]> {
      const { id, type, text, source } = context_passages;
      return db.select({ id, type, text, source }).from(context_passages).where(and(sql`${context_passages.id} IN ${listed(ids)}`, own(projectId), present)).all();
    },

    /** How far the project's rows have come: see `context_projects`. */
    async stateOf(projectId: string): Promise<{ followed: string | null; spaces: string | null }> {
      const { followed, spaces } = context_projects;
      return (await db.select({ followed, spaces }).from(context_projects).where(ownState(projectId)).get()) ?? { followed: null, spaces: null };
    },
    async setState(projectId: string, state: { followed: string } | { spaces: string }): Promise<void> {
      await db.update(context_projects).set(state).where(ownState(projectId));
    },

    /** Takes the project's lease, or keeps it. @returns false while another has it */
    async lease(projectId: string, holder: string, forMs: number): Promise<boolean> {
      const now = clock.now();
      const taken = { lease_holder: holder, lease_until: now + forMs };
      const rows = await db
        .insert(context_projects)
        .values({ project_id: projectId, tenant_id: tenantId, ...taken })
        .onConflictDoUpdate({ target: context_projects.project_id, set: taken, setWhere: and(eq(context_projects.tenant_id, tenantId), or(lte(context_projects.lease_until, now), eq(context_projects.lease_holder, holder))) })
        .returning({ project_id: context_projects.project_id });
      return rows.length > 0;
    },
    async release(projectId: string, holder: string): Promise<void> {
      await db.update(context_projects).set({ lease_holder: null, lease_until: 0 }).where(and(ownState(projectId), eq(context_projects.lease_holder, holder)));
    },
  };
};

export type ContextStore = ReturnType<typeof createContextStore>;
