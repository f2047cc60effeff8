import { and, eq, sql } from "drizzle-orm";
import { listed, type Scope } from "../database.ts";
import { similar_texts } from "../schema.ts";
import type { SimilaritySpace } from "../schema/similar.ts";

/** The database's part of comparing texts: which vectors of a tenant there are. No audit: it says nothing that the entities do not. */
export const createSimilarStore = ({ db, tenantId, clock }: Scope) => {
  const ofIds = (ids: readonly string[]) => and(eq(similar_texts.tenant_id, tenantId), sql`${similar_texts.id} IN ${listed(ids)}`);
  return {
    /** Before a vector is written: whatever happens then, we know that it may be there. An id of another tenant's stays theirs. */
    async begin(space: SimilaritySpace, projectId: string, ids: readonly string[]): Promise<void> {
      const rows = sql`SELECT value, ${tenantId}, ${projectId}, ${space}, NULL, ${clock.now()} FROM json_each(${JSON.stringify(ids)}) WHERE true`;
      await db
        .insert(similar_texts)
        .select(rows)
        .onConflictDoUpdate({ target: similar_texts.id, set: { digest: null, project_id: projectId, space, updated_at: clock.now() }, setWhere: eq(similar_texts.tenant_id, tenantId) });
    },

    /** Once they are written. */
    async ready(digests: readonly { id: string; digest: string }[]): Promise<void> {
      const given = JSON.stringify(Object.fromEntries(digests.map(({ id, digest }) => [id, digest])));
      await db.update(similar_texts).set({ digest: sql`json_extract(${given}, '$.' || json_quote(${similar_texts.id}))` }).where(ofIds(digests.map(({ id }) => id)));
    },

    /** Of these ids, those of the space and project whose vectors are written. */
    async readyOf(space: SimilaritySpace, projectId: string, ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .select({ id: similar_texts.id, digest: similar_texts.digest })
        .from(similar_texts)
        .where(and(ofIds(ids), eq(similar_texts.project_id, projectId), eq(similar_texts.space, space), sql`${similar_texts.digest} IS NOT NULL`))
        .all();
      return new Map(rows.flatMap(({ id, digest }) => (digest === null ? [] : [[id, digest]])));
    },

    async known(ids: readonly string[]): Promise<string[]> {
      return (await db.select({ id: similar_texts.id }).from(similar_texts).where(ofIds(ids)).all()).map(({ id }) => id);
    },
    async any(limit: number): Promise<string[]> {
      return (await db.select({ id: similar_texts.id }).from(similar_texts).where(eq(similar_texts.tenant_id, tenantId)).orderBy(similar_texts.id).limit(limit).all()).map(({ id }) => id);
    },
    async drop(ids: readonly string[]): Promise<void> {
      await db.delete(similar_texts).where(ofIds(ids));
    },
  };
};
