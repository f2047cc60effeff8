import type { Dna } from "../../dna/schema.ts";
import { invalid } from "../../errors.ts";
import { firstId } from "../../ids.ts";
import type { GeminiGateway } from "../../providers/gemini/gateway.ts";
import { sha256Hex } from "../../security/constant-time.ts";
import type { TenantMemory } from "../memory.ts";
import type { Space } from "./context.store.ts";
import { type BrandContext, type ContextHit, MAX_PASSAGE_CHARACTERS, MAX_PASSAGES_OF_SOURCE, type SourcePassages, type SyncOptions } from "./context.types.ts";
import { dnaPassages } from "./dna-passages.ts";
import { createFollower } from "./follow.ts";
import { withLease } from "./lease.ts";
import { asking, type ContextIndex, IDS_A_DELETE } from "./vector-index.ts";

export interface BrandContextTools {
  memory: Pick<TenantMemory, "tenantId" | "context">;
  /** Booked on the project that the texts are of. */
  gatewayOf: (projectId: string) => Pick<GeminiGateway, "embed">;
  /** The one that answers queries. */
  serving: ContextIndex;
  /** One that is being filled to take over. */
  filling?: ContextIndex | undefined;
}

/** What the house itself does with it, beside what agents do. */
export interface ContextKeeper extends BrandContext {
  /** Makes the passages of a project's DNA be what this DNA says, and the index follow. @throws as `sync` */
  followDna(projectId: string, dna: Dna, options: SyncOptions & { version: string | null }): Promise<{ added: number; removed: number; embedded: number; deleted: number }>;
  /** Whether `followDna` would have something to do. */
  lags(projectId: string, dna: Dna): Promise<boolean>;
  /** Takes out of the index what was removed from the database; embeds nothing. @throws AppError 503 `context_busy` */
  clear(projectId: string, options: Pick<SyncOptions, "holder">): Promise<number>;
  /** Takes out what calls that began before a time (ms) have taught. Out of the index too with the next `clear` or `sync`. */
  removeCallsBefore(projectId: string, before: number): Promise<number>;
  /** Everything of the tenant, rows and vectors. For a tenant at whom nothing is at work any more. */
  clearTenant(): Promise<number>;
}

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 50;
const MAX_QUERY_CHARACTERS = 1000;
/** Vectorize gives up to 100 matches without their contents. More than asked for, since stale ones are passed over. */
const MOST_MATCHES = 100;
const SPARE_MATCHES = 20;

/** Control characters, line breaks apart, have no meaning to find. */
const clean = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, " ").trim();

const checked = ({ passages, ...from }: SourcePassages): SourcePassages => {
  const texts = passages.map(({ type, text }) => ({ type, text: clean(text) }));
  const errors = texts.flatMap(({ text }, index) => (text !== "" && text.length <= MAX_PASSAGE_CHARACTERS ? [] : [{ path: `passages.${index}.text`, message: `must have 1 to ${MAX_PASSAGE_CHARACTERS} characters` }]));
  if (passages.length > MAX_PASSAGES_OF_SOURCE) errors.push({ path: "passages", message: `must be at most ${MAX_PASSAGES_OF_SOURCE}` });
  if (from.source === "" || from.source.length > 500) errors.push({ path: "source", message: "must have 1 to 500 characters" });
  if (errors.length > 0) throw invalid(errors);
  return { ...from, passages: texts };
};

export const createBrandContext = ({ memory, gatewayOf, serving, filling }: BrandContextTools): ContextKeeper => {
  const store = memory.context;
  const indexes = filling === undefined ? [serving] : [serving, filling];
  const spaceOf = ({ model }: ContextIndex): Space => ({ model: model.id, dimensions: model.dimensions });
  const spaces = indexes.map(spaceOf);
  const follower = createFollower({ store, gatewayOf, indexes });
  const digestOf = (dna: Dna): string => sha256Hex(JSON.stringify([spaces, dnaPassages(dna)]));

  const query: BrandContext["query"] = async (text, { project_id, types = [], limit = DEFAULT_LIMIT }) => {
    const wanted = clean(text).slice(0, MAX_QUERY_CHARACTERS);
    if (wanted === "") throw invalid([{ path: "q", message: "must not be empty" }]);
    const most = Math.min(Math.max(1, limit), MAX_LIMIT);
    const { vectors } = await gatewayOf(project_id).embed({ model: serving.model, task: "query", texts: [wanted] });
    const [vector = []] = vectors;
    const { matches } = await asking(
      serving.vectors.query(vector, {
        topK: Math.min(MOST_MATCHES, 3 * most + SPARE_MATCHES),
        namespace: memory.tenantId,
        filter: { project_id, ...(types.length === 0 ? {} : { type: { $in: [...types] } }) },
        returnMetadata: "none",
      }),
    );
    // The index only proposes: what it says of a vector may be old, and a mistake in it must not show one tenant another's text.
    const rows = new Map((await store.readyOf(project_id, spaceOf(serving), matches.map(({ id }) => id), types)).map((row) => [row.id, row]));
    const hits = matches.flatMap(({ id, score }): ContextHit[] => {
      const row = rows.get(id);
      return row === undefined ? [] : [{ id, text: row.text, type: row.type, source: row.source, score }];
    });
    return hits.slice(0, most);
  };

  return {
    replace: async (from) => store.replace(spaces, checked(from)),
    remove: async (projectId, sources) => store.remove(projectId, sources),
    removeCallsBefore: async (projectId, before) => store.removeCallsBefore(projectId, firstId("call", before)),
    query,

    sync: async (projectId, options) => withLease(store, projectId, options.holder, async () => follower.follow(projectId, options)),
    clear: async (projectId, { holder }) => withLease(store, projectId, holder, async () => follower.deleteRemoved(projectId)),

    lags: async (projectId, dna) => (await store.stateOf(projectId)).followed !== digestOf(dna) || (await store.left(projectId)) > 0,

    followDna: async (projectId, dna, { version, ...options }) =>
      withLease(store, projectId, options.holder, async () => {
        const counts = { added: 0, removed: 0 };
        for (const { source, passages } of dnaPassages(dna)) {
          const { added, removed } = await store.replace(spaces, checked({ project_id: projectId, source, version, passages }));
          counts.added += added;
          counts.removed += removed;
        }
        await follower.completeRows(projectId);
        await store.setState(projectId, { followed: digestOf(dna) });
        return { ...counts, ...(await follower.follow(projectId, options)) };
      }),

    async clearTenant() {
      let deleted = 0;
      for (let ids = await store.any(IDS_A_DELETE); ids.length > 0; ids = await store.any(IDS_A_DELETE)) {
        await follower.deleteVectors(ids);
        deleted += ids.length;
      }
      return deleted;
    },
  };
};
