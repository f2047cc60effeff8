import { DurableObject } from "cloudflare:workers";
import { checkFilter, type IndexedMetadata, indexMetadata, matchesFilter } from "./vectorize-filter.ts";
import { checkIds, checkNamespace, checkValues, checkVector, demand, type IndexProps, LIMITS } from "./vectorize-limits.ts";

export interface LocalEnv {
  STORE: DurableObjectNamespace<VectorStore>;
}

export interface IndexInfo {
  vectorCount: number;
  dimensions: number;
  /** ISO 8601, null before the first mutation. */
  processedUpToDatetime: string | null;
  processedUpToMutation: string | null;
}

interface StoredVector extends Record<string, SqlStorageValue> {
  id: string;
  namespace: string;
  components: ArrayBuffer;
  norm: number;
  metadata: string | null;
  indexed: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS vectors (id TEXT PRIMARY KEY, namespace TEXT NOT NULL, components BLOB NOT NULL, norm REAL NOT NULL, metadata TEXT, indexed TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS vectors_by_namespace ON vectors (namespace);
  CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY, mutation TEXT NOT NULL, visible_at INTEGER NOT NULL, kind TEXT NOT NULL,
    id TEXT NOT NULL, namespace TEXT, components BLOB, norm REAL, metadata TEXT, indexed TEXT);
  CREATE TABLE IF NOT EXISTS processed (one INTEGER PRIMARY KEY CHECK (one = 1), mutation TEXT NOT NULL, at INTEGER NOT NULL);`;

/** How a change becomes visible, by its kind. An insert leaves a vector of the same id as it is. */
const APPLY = {
  upsert: "INSERT OR REPLACE INTO vectors SELECT id, namespace, components, norm, metadata, indexed FROM changes WHERE seq = ?",
  insert: "INSERT OR IGNORE INTO vectors SELECT id, namespace, components, norm, metadata, indexed FROM changes WHERE seq = ?",
  delete: "DELETE FROM vectors WHERE id = (SELECT id FROM changes WHERE seq = ?)",
} as const;

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const toVector = ({ id, namespace, components, metadata }: StoredVector): VectorizeVector => ({
  id,
  values: Array.from(new Float32Array(components)),
  ...(namespace === "" ? {} : { namespace }),
  ...(metadata === null ? {} : { metadata: JSON.parse(metadata) as NonNullable<VectorizeVector["metadata"]> }),
});

/** One index: its vectors, and the changes that are not visible yet. SQLite, so it survives a restart and a kill -9. */
export class VectorStore extends DurableObject<LocalEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: LocalEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  write(kind: "insert" | "upsert", vectors: VectorizeVector[], props: IndexProps): VectorizeAsyncMutation {
    const operation = kind === "insert" ? "INSERT" : "UPSERT";
    demand(vectors.length > 0, operation, "no vectors in payload");
    demand(vectors.length <= LIMITS.vectorsPerMutation, operation, `too many vectors in payload; max is ${LIMITS.vectorsPerMutation}, got ${vectors.length}`);
    for (const vector of vectors) checkVector(vector, props, operation);
    return this.#mutate(props, (mutation, visibleAt) => {
      for (const { id, values, namespace = "", metadata } of vectors) {
        const components = Float32Array.from(values);
        const indexed = JSON.stringify(indexMetadata(metadata, props.metadataIndexes));
        this.#sql.exec(
          "INSERT INTO changes (mutation, visible_at, kind, id, namespace, components, norm, metadata, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          ...[mutation, visibleAt, kind, id, namespace, components.buffer, Math.sqrt(dot(components, components)), metadata === undefined ? null : JSON.stringify(metadata), indexed],
        );
      }
    });
  }

  deleteByIds(ids: string[], props: IndexProps): VectorizeAsyncMutation {
    checkIds(ids, LIMITS.idsPerDelete, "DELETE");
    return this.#mutate(props, (mutation, visibleAt) => {
      for (const id of ids) this.#sql.exec("INSERT INTO changes (mutation, visible_at, kind, id) VALUES (?, ?, 'delete', ?)", mutation, visibleAt, id);
    });
  }

  getByIds(ids: string[]): VectorizeVector[] {
    checkIds(ids, LIMITS.idsPerGet, "GET");
    this.#settle();
    return this.#sql.exec<StoredVector>("SELECT * FROM vectors WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(ids)).toArray().map(toVector);
  }

  describe({ dimensions }: IndexProps): IndexInfo {
    this.#settle();
    const { total } = this.#sql.exec<{ total: number }>("SELECT count(*) AS total FROM vectors").one();
    const [last] = this.#sql.exec<{ mutation: string; at: number }>("SELECT mutation, at FROM processed").toArray();
    return { vectorCount: total, dimensions, processedUpToDatetime: last ? new Date(last.at).toISOString() : null, processedUpToMutation: last?.mutation ?? null };
  }

  /** Compares with every vector, where the real index approximates: scores are exact, cosine similarity -1 to 1, best first. */
  query(vector: number[] | VectorFloatArray, options: VectorizeQueryOptions, { dimensions, metadataIndexes }: IndexProps): VectorizeMatches {
    const { topK = 5, namespace, filter, returnValues = false, returnMetadata = "none" } = options;
    const level = typeof returnMetadata === "string" ? returnMetadata : returnMetadata ? "all" : "none";
    const mostMatches = returnValues || level === "all" ? LIMITS.topKWithContents : LIMITS.topK;
    checkValues(vector, dimensions, "QUERY");
    demand(Number.isInteger(topK) && topK >= 1 && topK <= mostMatches, "QUERY", `topK must be 1 to ${mostMatches}`);
    if (namespace !== undefined) checkNamespace(namespace, "QUERY");
    if (filter !== undefined) checkFilter(filter, metadataIndexes);
    this.#settle();

    const wanted = Float32Array.from(vector);
    const wantedNorm = Math.sqrt(dot(wanted, wanted));
    const everyNamespace = namespace === undefined ? 1 : 0;
    const found: { row: StoredVector; indexed: IndexedMetadata; score: number }[] = [];
    for (const row of this.#sql.exec<StoredVector>("SELECT * FROM vectors WHERE namespace = ? OR ?", namespace ?? "", everyNamespace)) {
      const indexed = JSON.parse(row.indexed) as IndexedMetadata;
      if (filter !== undefined && !matchesFilter(indexed, filter)) continue;
      const norms = wantedNorm * row.norm;
      found.push({ row, indexed, score: norms === 0 ? 0 : dot(wanted, new Float32Array(row.components)) / norms });
    }
    found.sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1));
    const matches = found.slice(0, topK).map(({ row, indexed, score }): VectorizeMatch => {
      const { values, metadata, ...rest } = toVector(row);
      const shown = level === "all" ? metadata : level === "indexed" ? indexed : undefined;
      return { ...rest, score, ...(returnValues ? { values } : {}), ...(shown === undefined ? {} : { metadata: shown }) };
    });
    return { matches, count: matches.length };
  }

  #mutate({ visible_after_ms }: IndexProps, record: (mutation: string, visibleAt: number) => void): VectorizeAsyncMutation {
    const mutationId = crypto.randomUUID();
    this.ctx.storage.transactionSync(() => {
      record(mutationId, Date.now() + visible_after_ms);
    });
    this.#settle();
    return { mutationId };
  }

  /** Makes visible, in the order of arrival, what has waited long enough. */
  #settle(): void {
    const due = this.#sql
      .exec<{ seq: number; mutation: string; kind: keyof typeof APPLY }>("SELECT seq, mutation, kind FROM changes WHERE visible_at <= ? ORDER BY seq", Date.now())
      .toArray();
    if (due.length === 0) return;
    this.ctx.storage.transactionSync(() => {
      for (const { seq, mutation, kind } of due) {
        this.#sql.exec(APPLY[kind], seq);
        this.#sql.exec("DELETE FROM changes WHERE seq = ?", seq);
        this.#sql.exec("INSERT OR REPLACE INTO processed VALUES (1, ?, ?)", mutation, Date.now());
      }
    });
  }
}
