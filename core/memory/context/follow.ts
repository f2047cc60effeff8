import type { GeminiGateway } from "../../providers/gemini/gateway.ts";
import type { ContextRow, ContextStore } from "./context.store.ts";
import type { SyncOptions } from "./context.types.ts";
import { asking, type ContextIndex, IDS_A_DELETE } from "./vector-index.ts";

/** One request to the model, one upsert (1,000 is Vectorize's limit), one mark in the database: what a crash repeats. */
const PASSAGES_A_STEP = 100;
const GAPS_A_STEP = 200;

/** A passage as the index keeps it. `project_id` and `type` have metadata indexes, so that a query can filter by them. */
export const vectorOf = (row: ContextRow, values: number[]): VectorizeVector => ({
  id: row.id,
  values,
  namespace: row.tenant_id,
  metadata: { tenant_id: row.tenant_id, project_id: row.project_id, type: row.type, source: row.source, hash: row.hash, model: row.model, dimensions: row.dimensions },
});

export interface FollowerTools {
  store: ContextStore;
  gatewayOf: (projectId: string) => Pick<GeminiGateway, "embed">;
  indexes: readonly ContextIndex[];
}

/** Makes the indexes be what the database says. To be used under the project's lease; every step may be repeated. */
export const createFollower = ({ store, gatewayOf, indexes }: FollowerTools) => {
  const spaces = indexes.map(({ model }) => ({ model: model.id, dimensions: model.dimensions }));
  const spacesKey = JSON.stringify(spaces);

  /** From every index, since a row of a model that is not configured any more may lie in either. An id that is not there is no error. */
  const deleteVectors = async (ids: readonly string[]): Promise<void> => {
    for (const { vectors } of indexes) await asking(vectors.deleteByIds([...ids]));
    await store.drop(ids);
  };

  const deleteRemoved = async (projectId: string): Promise<number> => {
    let deleted = 0;
    for (let ids = await store.removing(projectId, IDS_A_DELETE); ids.length > 0; ids = await store.removing(projectId, IDS_A_DELETE)) {
      await deleteVectors(ids);
      deleted += ids.length;
    }
    return deleted;
  };

  const embedSome = async (gateway: Pick<GeminiGateway, "embed">, index: ContextIndex, rows: readonly ContextRow[]): Promise<void> => {
    const texts = [...new Map(rows.map(({ hash, text }) => [hash, text]))];
    const { vectors } = await gateway.embed({ model: index.model, task: "document", texts: texts.map(([, text]) => text) });
    const byHash = new Map(texts.map(([hash], position) => [hash, vectors[position] ?? []]));
    await asking(index.vectors.upsert(rows.map((row) => vectorOf(row, byHash.get(row.hash) ?? []))));
    await store.markReady(rows.map(({ id }) => id));
  };

  /** Each passage has a row for each model that is configured, and none for another. */
  const completeRows = async (projectId: string): Promise<void> => {
    for (const space of spaces) while ((await store.fillGaps(projectId, space, GAPS_A_STEP)) > 0);
    await store.removeOtherSpaces(projectId, spaces);
    await store.setState(projectId, { spaces: spacesKey });
  };

  return {
    deleteVectors,
    deleteRemoved,
    completeRows,

    async follow(projectId: string, { begin, report }: SyncOptions): Promise<{ embedded: number; deleted: number }> {
      // It looks at every row, so only after the models have changed; a new passage has a row for each from the start.
      if ((await store.stateOf(projectId)).spaces !== spacesKey) await completeRows(projectId);
      let embedded = 0;
      let deleted = await deleteRemoved(projectId);
      await begin?.((await store.due(projectId)).filter(({ model }) => spaces.some((space) => space.model === model)));
      const gateway = gatewayOf(projectId);
      for (const index of indexes) {
        const space = { model: index.model.id, dimensions: index.model.dimensions };
        for (let rows = await store.pending(projectId, space, PASSAGES_A_STEP); rows.length > 0; rows = await store.pending(projectId, space, PASSAGES_A_STEP)) {
          await embedSome(gateway, index, rows);
          embedded += rows.length;
          await report?.({ done: embedded, left: await store.left(projectId) });
        }
      }
      // What was removed while its vector was on the way.
      deleted += await deleteRemoved(projectId);
      return { embedded, deleted };
    },
  };
};
