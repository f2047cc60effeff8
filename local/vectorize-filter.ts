import { byteLength, demand, isMetadataKey, LIMITS } from "./vectorize-limits.ts";

/** What can be filtered by: text, numbers and booleans under the keys that had a metadata index when the vector was written. */
export type IndexedMetadata = Record<string, string | number | boolean>;

const truncate = (text: string): string => {
  if (byteLength(text) <= LIMITS.indexedTextBytes) return text;
  const bytes = new TextEncoder().encode(text).slice(0, LIMITS.indexedTextBytes);
  // `stream` holds back a character that was cut in two instead of replacing it.
  return new TextDecoder().decode(bytes, { stream: true });
};

const valueAt = (metadata: unknown, key: string): unknown =>
  key.split(".").reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined),
    metadata,
  );

/** The part of a vector's metadata that its metadata indexes keep; a dotted index name reaches into nested objects. */
export const indexMetadata = (metadata: VectorizeVector["metadata"], keys: readonly string[]): IndexedMetadata => {
  const indexed: IndexedMetadata = {};
  for (const key of keys) {
    const value = valueAt(metadata, key);
    if (typeof value === "string") indexed[key] = truncate(value);
    else if (typeof value === "number" || typeof value === "boolean") indexed[key] = value;
  }
  return indexed;
};

type Scalar = string | number | boolean | null;

const comparable = (value: Scalar): Scalar => (typeof value === "string" ? truncate(value) : value);

/** Null for values of different types, which have no order: no range holds then. */
const order = (a: Scalar, b: Scalar): number | null => {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return null;
};

type Operator = VectorizeVectorMetadataFilterOp | VectorizeVectorMetadataFilterCollectionOp;

const OPERATORS: Record<Operator, (value: Scalar, operand: Scalar | Scalar[]) => boolean> = {
  $eq: (value, operand) => value === one(operand),
  $ne: (value, operand) => value !== one(operand),
  $lt: (value, operand) => (order(value, one(operand)) ?? 0) < 0,
  $lte: (value, operand) => (order(value, one(operand)) ?? 1) <= 0,
  $gt: (value, operand) => (order(value, one(operand)) ?? 0) > 0,
  $gte: (value, operand) => (order(value, one(operand)) ?? -1) >= 0,
  $in: (value, operand) => many(operand).includes(value),
  $nin: (value, operand) => !many(operand).includes(value),
};

const one = (operand: Scalar | Scalar[]): Scalar => {
  if (Array.isArray(operand)) throw new TypeError("VECTOR_QUERY_ERROR: a list is for $in and $nin only");
  return comparable(operand);
};

const many = (operand: Scalar | Scalar[]): Scalar[] => {
  if (!Array.isArray(operand)) throw new TypeError("VECTOR_QUERY_ERROR: $in and $nin need a list");
  return operand.map(comparable);
};

const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATORS, name);

/**
 * Refuses what the real index refuses, and one thing more: a filter by a key without a metadata index, which the real
 * one answers with an empty list.
 */
export const checkFilter = (filter: VectorizeVectorMetadataFilter, indexes: readonly string[]): void => {
  const conditions = Object.entries(filter);
  demand(conditions.length > 0, "QUERY", "a filter must not be empty");
  demand(byteLength(JSON.stringify(filter)) < LIMITS.filterBytes, "QUERY", `a filter must be smaller than ${LIMITS.filterBytes} bytes`);
  for (const [key, condition] of conditions) {
    demand(key.split(".").every(isMetadataKey), "QUERY", `invalid filter key "${key}"`);
    demand(indexes.includes(key), "QUERY", `there is no metadata index for "${key}"`);
    if (typeof condition !== "object" || condition === null) continue;
    const operators = Object.keys(condition);
    demand(operators.length > 0 && operators.every(isOperator), "QUERY", `unknown operator in the filter for "${key}"`);
  }
};

/** Whether a vector passes: every condition has to hold. A missing value is null. */
export const matchesFilter = (indexed: IndexedMetadata, filter: VectorizeVectorMetadataFilter): boolean =>
  Object.entries(filter).every(([key, condition]) => {
    const value = Object.hasOwn(indexed, key) ? (indexed[key] ?? null) : null;
    if (typeof condition !== "object" || condition === null) return OPERATORS.$eq(value, condition);
    return (Object.entries(condition) as [Operator, Scalar | Scalar[]][]).every(([operator, operand]) => OPERATORS[operator](value, operand));
  });
