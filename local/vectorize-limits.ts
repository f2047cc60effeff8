/**
 * What the real index refuses, so that code which passes here passes there too.
 * Sources: developers.cloudflare.com/vectorize/platform/limits and /reference/metadata-filtering; the number of ids in one
 * delete is not in them, production answers "too many ids in payload; max id count is 100" (code 40007).
 */
export const LIMITS = {
  dimensions: 1536,
  vectorsPerMutation: 1000,
  idsPerDelete: 100,
  idsPerGet: 20,
  idBytes: 64,
  namespaceBytes: 64,
  metadataBytes: 10 * 1024,
  metadataKeyLength: 512,
  metadataIndexes: 10,
  /** Of a text, only so many bytes can be filtered by. */
  indexedTextBytes: 64,
  filterBytes: 2048,
  topK: 100,
  /** With values or all metadata. Copies of the documentation disagree (20 or 50). */
  topKWithContents: 50,
} as const;

/** How an index is set up: arrives as the binding's `props`, as a real index's set-up comes from `wrangler vectorize create`. */
export interface IndexProps {
  index: string;
  dimensions: number;
  metric: "cosine";
  metadataIndexes: readonly string[];
  /** Mutations of the real index show up after seconds. Default 0: at once. */
  visible_after_ms: number;
}

type Operation = "UPSERT" | "INSERT" | "DELETE" | "GET" | "QUERY" | "INDEX";

class VectorizeRefusal extends Error {
  override name = "VectorizeRefusal";
}

/** @throws VectorizeRefusal in the form of the real index's messages, when the condition does not hold */
export const demand = (condition: boolean, operation: Operation, message: string): void => {
  if (!condition) throw new VectorizeRefusal(`VECTOR_${operation}_ERROR: ${message}`);
};

const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).length;

export const checkProps = (given: Partial<IndexProps>): IndexProps => {
  const { index, dimensions, metric = "cosine", metadataIndexes = [], visible_after_ms = 0 } = given;
  demand(index !== undefined && index !== "", "INDEX", "the binding's props name no index");
  demand(dimensions !== undefined && dimensions >= 1 && dimensions <= LIMITS.dimensions, "INDEX", `dimensions must be 1 to ${LIMITS.dimensions}`);
  demand((metric as string) === "cosine", "INDEX", "this stand-in knows the metric cosine only");
  demand(metadataIndexes.length <= LIMITS.metadataIndexes, "INDEX", `max ${LIMITS.metadataIndexes} metadata indexes`);
  return { index: index ?? "", dimensions: dimensions ?? 0, metric, metadataIndexes, visible_after_ms };
};

const checkId = (id: string, operation: Operation): void => {
  demand(id !== "" && byteLength(id) <= LIMITS.idBytes, operation, `invalid id "${id}": 1 to ${LIMITS.idBytes} bytes`);
};

export const checkIds = (ids: readonly string[], max: number, operation: Operation): void => {
  demand(ids.length <= max, operation, `too many ids in payload; max id count is ${max}, got ${ids.length}`);
  for (const id of ids) checkId(id, operation);
};

export const checkNamespace = (namespace: string, operation: Operation): void => {
  demand(byteLength(namespace) <= LIMITS.namespaceBytes, operation, `invalid namespace "${namespace}": max ${LIMITS.namespaceBytes} bytes`);
};

export const checkValues = (values: readonly number[] | VectorFloatArray, dimensions: number, operation: Operation): void => {
  demand(values.length === dimensions, operation, `expected ${dimensions} dimensions, and got ${values.length} dimensions`);
  demand(Array.from(values).every(Number.isFinite), operation, "a vector's values must be finite numbers");
};

/** A dot separates the parts of a nested key, and `$` begins an operator. */
export const isMetadataKey = (key: string): boolean => key !== "" && key.length <= LIMITS.metadataKeyLength && !/^\$|[."]/.test(key);

const checkKeys = (metadata: object, operation: Operation): void => {
  for (const [key, value] of Object.entries(metadata) as [string, unknown][]) {
    demand(isMetadataKey(key), operation, `invalid metadata key "${key}": not empty, no dot or double quote in it, no $ before it, max ${LIMITS.metadataKeyLength} characters`);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) checkKeys(value, operation);
  }
};

export const checkVector = (vector: VectorizeVector, { dimensions }: IndexProps, operation: Operation): void => {
  checkId(vector.id, operation);
  checkNamespace(vector.namespace ?? "", operation);
  checkValues(vector.values, dimensions, operation);
  if (vector.metadata === undefined) return;
  checkKeys(vector.metadata, operation);
  demand(byteLength(JSON.stringify(vector.metadata)) <= LIMITS.metadataBytes, operation, `metadata of "${vector.id}" is larger than ${LIMITS.metadataBytes} bytes`);
};
