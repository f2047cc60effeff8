import "../../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { createGeminiGateway } from "../../providers/gemini/gateway.ts";
import { indexOf, newBusiness, serving } from "../context/context.testing.ts";
import type { ContextIndex } from "../context/vector-index.ts";
import type { TenantMemory } from "../memory.ts";
import { createSimilarTexts, likeness, type SimilarTexts } from "./similar-texts.ts";

let wire: ReturnType<typeof standInForEmbeddings>;
beforeEach(() => {
  wire = standInForEmbeddings();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const gateway = createGeminiGateway({ apiKey: "k", baseUrl: "https://gemini.test", wait: async () => Promise.resolve() });
const similarOf = (memory: TenantMemory, indexes: { serving?: ContextIndex; filling?: ContextIndex } = {}): SimilarTexts => createSimilarTexts({ memory, gatewayOf: () => gateway, serving: indexes.serving ?? serving, filling: indexes.filling });
const idOf = (name: string): string => `ent_${name}_${crypto.randomUUID().slice(0, 8)}`;

const putAll = async (similar: SimilarTexts, project: string, texts: { id: string; text: string }[]): Promise<void> => similar.put("leads", project, await similar.place("leads", project, texts));

describe("texts of a project", () => {
  it("are found by what says nearly the same, best first, never by themselves", async () => {
    const { store, project } = await newBusiness();
    const similar = similarOf(store);
    const [leak, paint, again] = [idOf("leak"), idOf("paint"), idOf("again")];
    await putAll(similar, project, [{ id: leak, text: "Kitchen tap leaks all night" }, { id: paint, text: "Paint my fence white" }]);
    const [placed] = await similar.place("leads", project, [{ id: again, text: "kitchen tap leaks, all night!" }]);
    if (!placed) throw new Error("one text was placed");
    await similar.put("leads", project, [placed]);
    const [found] = await similar.nearest("leads", project, [placed], { limit: 5 });
    expect(found?.map(({ id }) => id)).toEqual([leak, paint]);
    expect(found?.[0]?.score).toBeCloseTo(1, 5);
    expect(found?.[1]?.score).toBeLessThan(0.5);
  });

  it("that come together are compared before the index shows them", async () => {
    const { store, project } = await newBusiness();
    const [one, two] = await similarOf(store).place("leads", project, [{ id: idOf("a"), text: "Lost my keys" }, { id: idOf("b"), text: "lost my keys" }]);
    expect(one && two && likeness(one, two)).toBeCloseTo(1, 5);
  });

  it("cost the model once, as long as they stay as they are", async () => {
    const { store, project } = await newBusiness();
    const similar = similarOf(store);
    const texts = Array.from({ length: 45 }, (_, n) => ({ id: idOf(`${n}`), text: `A text of its own, number ${n}` }));
    await putAll(similar, project, texts);
    const paid = wire.texts.length;
    const [first, ...rest] = texts;
    const placed = await similar.place("leads", project, [{ id: first?.id ?? "", text: "changed" }, ...rest]);
    expect(wire.texts.slice(paid).map(({ text }) => text)).toEqual(["changed"]);
    expect(placed.every(({ vector }) => vector.length === serving.model.dimensions)).toBe(true);
  });

  it("are never compared with another tenant's, another project's or another kind", async () => {
    const [mine, theirs] = [await newBusiness(), await newBusiness()];
    const text = "The very same words";
    const other = await mine.newProject();
    const similar = similarOf(mine.store);
    await putAll(similarOf(theirs.store), theirs.project, [{ id: idOf("theirs"), text }]);
    await putAll(similar, other, [{ id: idOf("other"), text }]);
    const page = { id: idOf("page"), text };
    await similar.put("pages", mine.project, await similar.place("pages", mine.project, [page]));
    const placed = await similar.place("leads", mine.project, [{ id: idOf("mine"), text }]);
    expect(await similar.nearest("leads", mine.project, placed, { limit: 50 })).toEqual([[]]);
  });

  it("of another tenant cannot be overwritten or removed by naming their id", async () => {
    const [mine, theirs] = [await newBusiness(), await newBusiness()];
    const id = idOf("theirs");
    await putAll(similarOf(theirs.store), theirs.project, [{ id, text: "Burst pipe in Ponsonby" }]);
    await putAll(similarOf(mine.store), mine.project, [{ id, text: "Something else entirely" }]);
    expect(await similarOf(mine.store).remove([id])).toBe(0);
    const asked = await similarOf(theirs.store).place("leads", theirs.project, [{ id: idOf("again"), text: "burst pipe in ponsonby" }]);
    expect((await similarOf(theirs.store).nearest("leads", theirs.project, asked, { limit: 5 }))[0]).toMatchObject([{ id, score: expect.closeTo(1, 5) as number }]);
  });

  it("are found no more once they are removed, and leave nothing behind when the tenant goes", async () => {
    const { store, project } = await newBusiness();
    const similar = similarOf(store);
    const ids = Array.from({ length: 120 }, (_, n) => idOf(`${n}`));
    await putAll(similar, project, ids.map((id, n) => ({ id, text: `number ${n % 7}` })));
    expect(await similar.remove(ids.slice(0, 3))).toBe(3);
    expect(await similar.remove(ids.slice(0, 3))).toBe(0);
    expect(await similar.clearTenant()).toBe(117);
    expect(await env.VECTORIZE.getByIds(ids.slice(0, 20))).toEqual([]);
    expect(await store.similar.any(1)).toEqual([]);
  });

  it("whose writing was cut off are known all the same, so that they can be removed", async () => {
    const { store, project } = await newBusiness();
    const id = idOf("cut");
    const cut = similarOf(store, { serving: { ...serving, vectors: { upsert: async (all) => { await env.VECTORIZE.upsert(all); throw new Error("cut off"); }, query: async (...asked) => env.VECTORIZE.query(...asked), deleteByIds: async (ids) => env.VECTORIZE.deleteByIds(ids), getByIds: async (ids) => env.VECTORIZE.getByIds(ids) } } });
    await expect(putAll(cut, project, [{ id, text: "half-way" }])).rejects.toMatchObject({ code: "vectors_unavailable", retryable: true });
    const placed = await similarOf(store).place("leads", project, [{ id: idOf("other"), text: "half-way" }]);
    expect(await similarOf(store).nearest("leads", project, placed, { limit: 5 })).toEqual([[]]);
    expect(await similarOf(store).clearTenant()).toBe(1);
    expect(await env.VECTORIZE.getByIds([id])).toEqual([]);
  });

  it("go into the index that is being filled too, by its own model", async () => {
    const { store, project } = await newBusiness();
    const next = indexOf(env.VECTORIZE_NARROW, "next-model", 64);
    const id = idOf("both");
    await putAll(similarOf(store, { filling: next }), project, [{ id, text: "in both" }]);
    expect(wire.texts.filter(({ text }) => text === "in both").map(({ model }) => model)).toEqual([serving.model.id, "next-model"]);
    expect((await env.VECTORIZE_NARROW.getByIds([id]))[0]?.values).toHaveLength(64);
  });
});
