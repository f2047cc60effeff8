import { describe, expect, test } from "vitest";
import { objectIn } from "../kit/json.ts";
import { answerOf, audioPart, generate, MODEL } from "../testing/gemini.ts";
import { type JsonAnswer } from "../testing/stage.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage();

describe("a request", () => {
  const text = [{ text: "Hello there, my tap is leaking." }];

  test.each<[what: string, path: string, body: object, headers: Record<string, string>, status: number, reason: string]>([
    ["without a key", `${MODEL}:generateContent`, {}, { "x-goog-api-key": "" }, 403, "PERMISSION_DENIED"],
    ["to a retired model", "/v1beta/models/gemini-1.5-pro:generateContent", {}, {}, 404, "NOT_FOUND"],
    ["for an unknown method", `${MODEL}:paint`, { contents: [] }, {}, 404, "NOT_FOUND"],
    ["without contents", `${MODEL}:generateContent`, {}, {}, 400, "INVALID_ARGUMENT"],
    ["that ends with the model's turn", `${MODEL}:generateContent`, { contents: [{ role: "model", parts: text }] }, {}, 400, "INVALID_ARGUMENT"],
    ["with both schema dialects", `${MODEL}:generateContent`, { contents: [{ parts: text }], generationConfig: { responseMimeType: "application/json", responseSchema: {}, responseJsonSchema: {} } }, {}, 400, "INVALID_ARGUMENT"],
    ["with a schema but no JSON", `${MODEL}:generateContent`, { contents: [{ parts: text }], generationConfig: { responseJsonSchema: {} } }, {}, 400, "INVALID_ARGUMENT"],
  ])("%s is refused", async (_what, path, body, headers, status, reason) => {
    const answer = await stage.gemini(path, body, headers);
    expect([answer.status, objectIn(answer.body, "error")]).toEqual([status, expect.objectContaining({ code: status, status: reason })]);
  });

  test("is answered with all that the product reads", async () => {
    const { body } = await generate(stage, text);
    expect(body).toMatchObject({ candidates: [{ finishReason: "STOP", index: 0, content: { role: "model" } }], modelVersion: "gemini-3.5-flash-lite", responseId: expect.any(String) as string });
  });

  test("is cut at maxOutputTokens, and says so", async () => {
    const { body } = await generate(stage, text, { maxOutputTokens: 2 });
    expect(body["candidates"]).toMatchObject([{ finishReason: "MAX_TOKENS", content: { parts: [{ text: "Hello th" }] } }]);
  });

  test("is logged without its sound", async () => {
    await generate(stage, [{ text: "Listen:" }, audioPart(Buffer.alloc(100_000))]);
    const logged = JSON.stringify(stage.sandbox.events({ kind: "request" }).at(-1));
    expect(logged).toContain("Listen:");
    expect(logged.length).toBeLessThan(10_000);
  });

  test("for a health check shows the models", async () => {
    expect((await stage.gemini("/v1beta/models")).body["models"]).toContainEqual(expect.objectContaining({ name: "models/gemini-3.5-flash-lite" }));
    expect((await stage.gemini(MODEL)).body["name"]).toBe("models/gemini-3.5-flash-lite");
    expect((await stage.gemini(`${MODEL}:countTokens`, { contents: [{ parts: text }] })).body).toEqual({ totalTokens: 8 });
  });
});

describe("faults", () => {
  const JSON_CONFIG = { responseMimeType: "application/json", responseJsonSchema: { type: "object", properties: { summary: { type: "string" } } } };
  const ask = (): Promise<JsonAnswer> => generate(stage, [{ text: "My tap is leaking badly." }], JSON_CONFIG);
  const set = (kind: string): Promise<JsonAnswer> => stage.control("PUT", "/gemini/faults", { generate: { kind, times: 1 } });

  test.each([["429", "RESOURCE_EXHAUSTED"], ["500", "INTERNAL"], ["503", "UNAVAILABLE"], ["504", "DEADLINE_EXCEEDED"]])("%s comes once", async (kind, reason) => {
    await set(kind);
    const answer = await ask();
    expect([answer.status, objectIn(answer.body, "error")?.["status"]]).toEqual([Number(kind), reason]);
    expect((await ask()).status).toBe(200);
  });

  test("429 says when to come back", async () => {
    await set("429");
    expect(objectIn((await ask()).body, "error")?.["details"]).toContainEqual({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "21s" });
  });

  test("a blocked prompt has no candidates", async () => {
    await set("blocked");
    const { status, body } = await ask();
    expect([status, body["candidates"], body["promptFeedback"]]).toEqual([200, undefined, { blockReason: "PROHIBITED_CONTENT" }]);
  });

  test.each(["max_tokens", "invalid_json"])("%s gives what does not parse", async (kind) => {
    await set(kind);
    const text = answerOf(await ask());
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  test("thoughts come before the answer, marked", async () => {
    await set("thought");
    const answer = await ask();
    expect(answer.body["candidates"]).toMatchObject([{ content: { parts: [{ thought: true }, {}] } }]);
    expect(JSON.parse(answerOf(answer))).toEqual({ summary: "My tap is leaking badly." });
  });

  test("a connection can be cut", async () => {
    await set("destroy");
    await expect(ask()).rejects.toThrow();
  });

  test("a mistake in them is told", async () => {
    expect((await set("418")).status).toBe(400);
  });
});
