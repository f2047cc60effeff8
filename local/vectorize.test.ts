import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

const index = env.VECTORIZE_SMALL;
const X = [1, 0, 0];

/** Storage is shared within this file: every test writes under a namespace of its own. */
const freshNamespace = (): string => `ns-${crypto.randomUUID()}`;
const vector = (namespace: string, name: string, values: number[], metadata?: VectorizeVector["metadata"]): VectorizeVector => ({
  id: `${namespace.slice(0, 20)}-${name}`,
  namespace,
  values,
  ...(metadata === undefined ? {} : { metadata }),
});
/** The words of a refusal. Not `expect(…).rejects`, which takes an RPC promise apart and leaves one half of it unhandled. */
const refusal = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return "accepted";
  } catch (error) {
    return String(error);
  }
};
const names = ({ matches }: VectorizeMatches): string[] => matches.map(({ id }) => id.slice(21));

describe("a query", () => {
  it("ranks by cosine similarity, whatever the lengths, and shows only id and score by default", async () => {
    const namespace = freshNamespace();
    await index.upsert([vector(namespace, "opposite", [-2, 0, 0]), vector(namespace, "near", [10, 1, 0]), vector(namespace, "across", [0, 0, 5]), vector(namespace, "same", [0.5, 0, 0])]);
    const found = await index.query(X, { namespace, topK: 10 });
    expect(names(found)).toEqual(["same", "near", "across", "opposite"]);
    expect(found.count).toBe(4);
    expect(found.matches.map(({ score }) => Math.round(score * 1000) / 1000)).toEqual([1, 0.995, 0, -1]);
    expect(Object.keys(found.matches[0] ?? {}).sort()).toEqual(["id", "namespace", "score"]);
  });

  it("looks into one namespace, or into all of them", async () => {
    const [one, other] = [freshNamespace(), freshNamespace()];
    await index.upsert([vector(one, "a", X), vector(other, "b", X)]);
    expect(names(await index.query(X, { namespace: one }))).toEqual(["a"]);
    expect(names(await index.query(X, { namespace: freshNamespace() }))).toEqual([]);
    expect(names(await index.query(X, { topK: 100 }))).toEqual(expect.arrayContaining(["a", "b"]));
  });

  it("returns values and metadata on request; indexed metadata is the indexed keys only, cut to 64 bytes", async () => {
    const namespace = freshNamespace();
    const metadata = { project_id: "ä".repeat(40), text: "long", author: { name: "Ann" } };
    await index.upsert([vector(namespace, "a", X, metadata)]);
    const all = await index.query(X, { namespace, returnValues: true, returnMetadata: "all" });
    expect(all.matches[0]).toMatchObject({ values: X, metadata });
    const indexed = await index.query(X, { namespace, returnMetadata: "indexed" });
    expect(indexed.matches[0]?.metadata).toEqual({ project_id: "ä".repeat(32), "author.name": "Ann" });
  });

  it("takes typed arrays too, and can start from a stored vector", async () => {
    const namespace = freshNamespace();
    await index.upsert([{ ...vector(namespace, "a", X), values: new Float32Array(X) }, vector(namespace, "b", [0, 1, 0])]);
    expect(names(await index.query(new Float32Array([0, 2, 0]), { namespace, topK: 1 }))).toEqual(["b"]);
    expect(names(await index.queryById(vector(namespace, "a", X).id, { namespace, topK: 1 }))).toEqual(["a"]);
    expect(await refusal(index.queryById("nobody"))).toContain("there is no vector");
  });

  it.each<[string, VectorizeQueryOptions]>([
    ["more than 100 results", { topK: 101 }],
    ["more than 50 results with values", { topK: 51, returnValues: true }],
    ["more than 50 results with all metadata", { topK: 51, returnMetadata: true }],
    ["no results", { topK: 0 }],
    ["a filter by a key without an index", { filter: { colour: "red" } }],
    ["an empty filter", { filter: {} }],
    ["an unknown operator", { filter: { year: { $regex: "x" } as never } }],
    ["a filter of 2 KiB", { filter: { project_id: "x".repeat(2048) } }],
    ["a namespace over 64 bytes", { namespace: "ä".repeat(33) }],
  ])("refuses %s", async (_, options) => {
    expect(await refusal(index.query(X, options))).toContain("VECTOR_QUERY_ERROR");
  });

  it("allows the limits themselves", async () => {
    expect(await refusal(index.query(X, { topK: 100, returnMetadata: "indexed" }))).toBe("accepted");
    expect(await refusal(index.query(X, { topK: 50, returnValues: true, returnMetadata: "all" }))).toBe("accepted");
  });

  it("refuses a vector of another size or with values that are no numbers", async () => {
    expect(await refusal(index.query([1, 0]))).toContain("expected 3 dimensions, and got 2 dimensions");
    expect(await refusal(index.query([1, 0, NaN]))).toContain("finite");
  });
});

describe("a metadata filter", () => {
  it.each<[VectorizeVectorMetadataFilter, string[]]>([
    [{ project_id: "plumber" }, ["old", "shut"]],
    [{ project_id: { $ne: "plumber" } }, ["bare", "new"]],
    [{ project_id: { $in: ["lawyer", "plumber"] } }, ["new", "old", "shut"]],
    [{ project_id: { $nin: ["lawyer"] } }, ["bare", "old", "shut"]],
    [{ year: { $gte: 2020, $lt: 2025 } }, ["old", "shut"]],
    [{ year: { $gt: 2020 } }, ["new", "shut"]],
    [{ year: { $lte: 2020 } }, ["old"]],
    [{ year: { $gt: "2000" } }, []],
    [{ project_id: { $gte: "l", $lt: "m" } }, ["new"]],
    [{ open: false }, ["shut"]],
    [{ open: null }, ["bare", "new"]],
    [{ project_id: "plumber", open: true }, ["old"]],
    [{ "author.name": "Ann" }, ["new"]],
    [{ project_id: "toString" }, []],
  ])("passes for %j what it should", async (filter, expected) => {
    const namespace = freshNamespace();
    await index.upsert([
      vector(namespace, "old", X, { project_id: "plumber", year: 2020, open: true }),
      vector(namespace, "shut", X, { project_id: "plumber", year: 2024, open: false }),
      vector(namespace, "new", X, { project_id: "lawyer", year: 2026, author: { name: "Ann" } }),
      vector(namespace, "bare", X),
    ]);
    expect(names(await index.query(X, { namespace, filter })).sort()).toEqual(expected);
  });
});

describe("writing", () => {
  it("answers with a mutation id only; an upsert replaces a vector whole and an insert leaves it", async () => {
    const namespace = freshNamespace();
    const first = vector(namespace, "a", X, { project_id: "plumber" });
    expect(Object.keys(await index.upsert([first]))).toEqual(["mutationId"]);
    await index.insert([{ ...first, values: [0, 1, 0] }]);
    expect(await index.getByIds([first.id])).toEqual([first]);
    await index.upsert([{ id: first.id, values: [0, 0, 1] }]);
    expect(await index.getByIds([first.id])).toEqual([{ id: first.id, values: [0, 0, 1] }]);
  });

  it("deletes by id and describes what is left", async () => {
    const namespace = freshNamespace();
    const [a, b] = [vector(namespace, "a", X), vector(namespace, "b", X)];
    await index.upsert([a, b]);
    const before = await index.describe();
    const { mutationId } = await index.deleteByIds([a.id, "never existed"]);
    expect(await index.describe()).toMatchObject({ vectorCount: before.vectorCount - 1, dimensions: 3, processedUpToMutation: mutationId });
    expect(await index.getByIds([a.id, b.id])).toEqual([b]);
  });

  it("takes a thousand vectors at once and refuses one more", async () => {
    const namespace = freshNamespace();
    const many = Array.from({ length: 1001 }, (_, i) => vector(namespace, String(i), [i, 1, 0]));
    expect(await refusal(index.upsert(many))).toContain("max is 1000, got 1001");
    expect(await refusal(index.upsert([]))).toContain("no vectors");
    await index.upsert(many.slice(1));
    expect(names(await index.query(X, { namespace, topK: 2 }))).toEqual(["1000", "999"]);
  });

  it("refuses to delete more than 100 or get more than 20 ids at once", async () => {
    const ids = Array.from({ length: 101 }, (_, i) => String(i));
    expect(await refusal(index.deleteByIds(ids))).toContain("max id count is 100, got 101");
    expect(await refusal(index.getByIds(ids.slice(0, 21)))).toContain("max id count is 20, got 21");
    expect(await refusal(index.deleteByIds(ids.slice(1)))).toBe("accepted");
  });

  it.each<[string, Partial<VectorizeVector>]>([
    ["an id over 64 bytes", { id: "ä".repeat(33) }],
    ["an empty id", { id: "" }],
    ["a namespace over 64 bytes", { namespace: "x".repeat(65) }],
    ["too many dimensions", { values: [1, 0, 0, 0] }],
    ["a value that is no number", { values: [1, 0, Infinity] }],
    ["metadata over 10 KiB", { metadata: { text: "x".repeat(10_240) } }],
    ["an empty metadata key", { metadata: { "": "x" } }],
    ["a dot in a metadata key", { metadata: { "a.b": "x" } }],
    ["a double quote in a metadata key", { metadata: { 'a"b': "x" } }],
    ["a metadata key that begins like an operator", { metadata: { $a: "x" } }],
    ["a bad key in nested metadata", { metadata: { author: { $a: "x" } } }],
    ["a metadata key over 512 characters", { metadata: { ["k".repeat(513)]: "x" } }],
  ])("refuses %s, and then none of the batch is written", async (_, flaw) => {
    const namespace = freshNamespace();
    const good = vector(namespace, "good", X);
    expect(await refusal(index.upsert([good, { ...vector(namespace, "bad", X), ...flaw }]))).toContain("VECTOR_UPSERT_ERROR");
    expect(await index.getByIds([good.id])).toEqual([]);
  });
});

describe("an index that is eventually consistent", () => {
  it("does not show a mutation that was accepted", async () => {
    const { mutationId } = await env.VECTORIZE_LATE.upsert([{ id: "a", values: X }]);
    expect(mutationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await env.VECTORIZE_LATE.query(X)).toEqual({ matches: [], count: 0 });
    expect(await env.VECTORIZE_LATE.getByIds(["a"])).toEqual([]);
    expect(await env.VECTORIZE_LATE.describe()).toMatchObject({ vectorCount: 0, processedUpToMutation: null });
  });

  it("shows mutations after a while, in the order in which they were made", async () => {
    await env.VECTORIZE_SOON.upsert([{ id: "a", values: X }, { id: "b", values: X }]);
    await env.VECTORIZE_SOON.upsert([{ id: "a", values: [0, 1, 0] }]);
    const { mutationId } = await env.VECTORIZE_SOON.deleteByIds(["b"]);
    await vi.waitUntil(async () => String((await env.VECTORIZE_SOON.describe()).processedUpToMutation) === mutationId, { timeout: 10_000 });
    expect(await env.VECTORIZE_SOON.getByIds(["a", "b"])).toEqual([{ id: "a", values: [0, 1, 0] }]);
  });
});
