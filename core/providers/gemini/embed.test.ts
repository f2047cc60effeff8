import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { problem, type Sent, setUp, wire } from "./gemini.testing.ts";
import type { EmbeddingModel } from "./models.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const model: EmbeddingModel = { id: "embedder", maxInputTokens: 100, dimensions: 2, taskIn: "text", timeoutMs: 1000 };
const requestsSchema = z.object({ requests: z.array(z.object({ model: z.string(), content: z.object({ parts: z.array(z.object({ text: z.string() })) }), taskType: z.string().optional(), outputDimensionality: z.number() })) });
const requestsOf = (sent: Sent | undefined) => requestsSchema.parse(sent?.body).requests;
const vectors = (...values: number[][]) => ({ embeddings: values.map((one) => ({ values: one })) });
/** Answers each request with as many vectors as it has texts. */
const answering = (vector: number[]) => async (): Promise<Response> => Promise.resolve(Response.json(vectors(...Array.from({ length: 100 }, () => vector))));

describe("embed", () => {
  it("asks for all texts at once, in the vendor's wire format, and gives vectors of unit length", async () => {
    const sent = wire({ ...vectors([3, 4], [0, -2]), usageMetadata: { promptTokenCount: 7 } });
    const { gateway, usages } = setUp();
    expect(await gateway.embed({ model, task: "document", texts: ["a", "b"] })).toEqual({ vectors: [[0.6, 0.8], [0, -1]], usage: { input_tokens: 7, output_tokens: 0, model: "embedder" } });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("http://gemini.test/v1beta/models/embedder:batchEmbedContents");
    expect(requestsOf(sent[0])[1]).toEqual({ model: "models/embedder", content: { parts: [{ text: "title: none | text: b" }] }, outputDimensionality: 2 });
    expect(usages).toEqual([{ purpose: "embedding", duration_ms: expect.any(Number) as number, input_tokens: 7, output_tokens: 0, model: "embedder" }]);
  });

  it.each([
    ["text", "document", "title: none | text: x", undefined],
    ["text", "query", "task: search result | query: x", undefined],
    ["field", "document", "x", "RETRIEVAL_DOCUMENT"],
    ["field", "query", "x", "RETRIEVAL_QUERY"],
  ] as const)("tells a model that wants its task in its %s that this is a %s", async (taskIn, task, text, taskType) => {
    const sent = wire(vectors([1, 0]));
    await setUp().gateway.embed({ model: { ...model, taskIn }, task, texts: ["x"] });
    const [request] = requestsOf(sent[0]);
    expect(request?.content.parts).toEqual([{ text }]);
    expect(request?.taskType).toBe(taskType);
  });

  it("sends no more than a hundred texts in one request, and asks nothing for none", async () => {
    const sent = wire(answering([1, 0]), answering([0, 1]), vectors([1, 1]));
    const texts = Array.from({ length: 201 }, (_, index) => `text ${index}`);
    const { gateway, usages } = setUp();
    const { vectors: found } = await gateway.embed({ model, task: "document", texts });
    expect(sent.map((one) => requestsOf(one).length)).toEqual([100, 100, 1]);
    expect([found.length, found[0], found[100]]).toEqual([201, [1, 0], [0, 1]]);
    // The vendor counted nothing: by length.
    expect(usages.reduce((sum, { input_tokens }) => sum + input_tokens, 0)).toBeGreaterThan(texts.join("").length / 5);
    expect((await gateway.embed({ model, task: "document", texts: [] })).vectors).toEqual([]);
    expect(sent).toHaveLength(3);
  });

  it.each([
    ["fewer vectors than texts", vectors([1, 0])],
    ["vectors of another length", vectors([1, 0, 0], [1, 0, 0])],
    ["a vector without a direction", vectors([1, 0], [0, 0])],
  ])("takes %s for a bad answer and asks again", async (_, bad) => {
    const sent = wire(bad, vectors([1, 0], [0, 1]));
    expect((await setUp().gateway.embed({ model, task: "query", texts: ["a", "b"] })).vectors).toEqual([[1, 0], [0, 1]]);
    expect(sent).toHaveLength(2);
  });

  it("gives up after three tries, retryably, and at once where trying again is of no use", async () => {
    const sent = wire(problem(503));
    await expect(setUp().gateway.embed({ model, task: "query", texts: ["a"] })).rejects.toMatchObject({ code: "gemini_unavailable", retryable: true });
    expect(sent).toHaveLength(3);
    vi.restoreAllMocks();
    const refused = wire(problem(400));
    await expect(setUp().gateway.embed({ model, task: "query", texts: ["a"] })).rejects.toMatchObject({ code: "gemini_rejected", retryable: false });
    expect(refused).toHaveLength(1);
  });
});
