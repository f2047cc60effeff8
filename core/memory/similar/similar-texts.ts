import { chunked } from "../../chunked.ts";
import type { GeminiGateway } from "../../providers/gemini/gateway.ts";
import { sha256Hex } from "../../security/constant-time.ts";
import { asking, type ContextIndex, IDS_A_DELETE, type VectorIndex } from "../context/vector-index.ts";
import type { TenantMemory } from "../memory.ts";
import type { SimilaritySpace } from "../schema/similar.ts";

/** A whole text, named by its entity. */
export interface NamedText {
  id: string;
  text: string;
}

/** With its place in the space of the serving model: a vector of unit length. */
export interface PlacedText extends NamedText {
  vector: readonly number[];
}

export interface Neighbour {
  id: string;
  /** Cosine, from -1 to 1: 1 says the same. */
  score: number;
}

/**
 * Which texts of a project say nearly the same. It knows ids and nothing else: whether an entity is still there is for the caller to see.
 * Its index shows what was put after some seconds only; compare what comes together by `likeness`.
 */
export interface SimilarTexts {
  /** Places texts; one that was put before, unchanged, costs no model call. @throws AppError of the gateway, 502 `vectors_unavailable` */
  place(space: SimilaritySpace, projectId: string, texts: readonly NamedText[]): Promise<PlacedText[]>;
  /** For each text those nearest to it that were put, best first, without itself. `limit` up to 50. @throws AppError 502 `vectors_unavailable` */
  nearest(space: SimilaritySpace, projectId: string, texts: readonly PlacedText[], options: { limit: number }): Promise<Neighbour[][]>;
  /** Remembers texts, so that later ones are compared with them; one of an id that is known takes the old one's place. */
  put(space: SimilaritySpace, projectId: string, texts: readonly PlacedText[]): Promise<void>;
  /** @returns how many of them there were */
  remove(ids: readonly string[]): Promise<number>;
  /** All of the tenant's, when it goes. */
  clearTenant(): Promise<number>;
}

export interface SimilarTextsTools {
  memory: Pick<TenantMemory, "tenantId" | "similar">;
  /** What a project's texts are placed by, on its account. */
  gatewayOf: (projectId: string) => Pick<GeminiGateway, "embed">;
  serving: ContextIndex;
  filling?: ContextIndex | undefined;
}

/** Vectorize: "max id count is 20" for a get, 1,000 vectors an upsert. */
const IDS_A_GET = 20;
const TEXTS_A_STEP = 100;
/** What says the same says it early; models read 8,192 tokens. */
const MAX_CHARACTERS = 20_000;
const MAX_NEIGHBOURS = 50;

/** Cosine of two placed texts. */
export const likeness = (a: Pick<PlacedText, "vector">, b: Pick<PlacedText, "vector">): number => a.vector.reduce((sum, value, at) => sum + value * (b.vector[at] ?? 0), 0);

export const createSimilarTexts = ({ memory, gatewayOf, serving, filling }: SimilarTextsTools): SimilarTexts => {
  const store = memory.similar;
  const indexes = filling === undefined ? [serving] : [serving, filling];
  const models = indexes.map(({ model }) => [model.id, model.dimensions]);
  const digestOf = (text: string): string => sha256Hex(JSON.stringify([models, text]));
  const namespaceOf = (space: SimilaritySpace): string => `${memory.tenantId}:${space}`;
  const embed = async (projectId: string, { model }: ContextIndex, texts: readonly string[]) => (await gatewayOf(projectId).embed({ model, task: "document", texts: texts.map((text) => text.slice(0, MAX_CHARACTERS)) })).vectors;

  const kept = async (space: SimilaritySpace, projectId: string, texts: readonly NamedText[]): Promise<Map<string, readonly number[]>> => {
    const digests = await store.readyOf(space, projectId, texts.map(({ id }) => id));
    const same = texts.filter(({ id, text }) => digests.get(id) === digestOf(text));
    const vectors = new Map<string, readonly number[]>();
    for (const some of chunked(same, IDS_A_GET)) {
      for (const { id, values } of await asking(serving.vectors.getByIds(some.map((one) => one.id)))) vectors.set(id, [...values]);
    }
    return vectors;
  };

  const deleteVectors = async (ids: readonly string[]): Promise<void> => {
    for (const { vectors } of indexes) await asking(vectors.deleteByIds([...ids]));
    await store.drop(ids);
  };

  return {
    async place(space, projectId, texts) {
      const vectors = new Map(await kept(space, projectId, texts));
      const open = texts.filter(({ id }) => !vectors.has(id));
      for (const some of chunked(open, TEXTS_A_STEP)) {
        const made = await embed(projectId, serving, some.map(({ text }) => text));
        some.forEach(({ id }, at) => vectors.set(id, made[at] ?? []));
      }
      return texts.map((one) => ({ ...one, vector: vectors.get(one.id) ?? [] }));
    },

    async nearest(space, projectId, texts, { limit }) {
      const most = Math.min(Math.max(1, limit), MAX_NEIGHBOURS);
      const query: VectorIndex["query"] = async (vector, options) => asking(serving.vectors.query(vector, options));
      return Promise.all(
        texts.map(async ({ id: self, vector }) => {
          const { matches } = await query([...vector], { topK: most + 1, namespace: namespaceOf(space), filter: { project_id: projectId }, returnMetadata: "none" });
          // The index only proposes: what it says may be old, and a mistake in it must not lead to another tenant's entity.
          const ours = await store.readyOf(space, projectId, matches.map(({ id }) => id));
          return matches.filter(({ id }) => id !== self && ours.has(id)).slice(0, most).map(({ id, score }) => ({ id, score }));
        }),
      );
    },

    async put(space, projectId, texts) {
      const vectorOf = ({ id }: NamedText, values: readonly number[]): VectorizeVector => ({ id, values: [...values], namespace: namespaceOf(space), metadata: { project_id: projectId, type: space } });
      for (const some of chunked(texts, TEXTS_A_STEP)) {
        await store.begin(space, projectId, some.map(({ id }) => id));
        // An id that another tenant has taken is not ours to write a vector for.
        const ours = new Set(await store.known(some.map(({ id }) => id)));
        const own = some.filter(({ id }) => ours.has(id));
        if (own.length === 0) continue;
        await asking(serving.vectors.upsert(own.map((one) => vectorOf(one, one.vector))));
        if (filling !== undefined) {
          const made = await embed(projectId, filling, own.map(({ text }) => text));
          await asking(filling.vectors.upsert(own.map((one, at) => vectorOf(one, made[at] ?? []))));
        }
        await store.ready(own.map(({ id, text }) => ({ id, digest: digestOf(text) })));
      }
    },

    async remove(ids) {
      let removed = 0;
      for (const some of chunked(ids, IDS_A_DELETE)) {
        const ours = await store.known(some);
        if (ours.length > 0) await deleteVectors(ours);
        removed += ours.length;
      }
      return removed;
    },

    async clearTenant() {
      let deleted = 0;
      for (let ids = await store.any(IDS_A_DELETE); ids.length > 0; ids = await store.any(IDS_A_DELETE)) {
        await deleteVectors(ids);
        deleted += ids.length;
      }
      return deleted;
    },
  };
};
