import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planDialogue } from "../audio/dialogue.ts";
import { wavChunks } from "../audio/recording.stream.ts";
import { isObject, objectIn } from "../kit/json.ts";
import { Stage } from "../testing/stage.ts";
import { channelOf } from "../testing/wav.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const KEY = { "x-goog-api-key": "any" };
const dialogue = planDialogue("files", "owner", "customer");
const wav = channelOf(Buffer.concat([...wavChunks(dialogue, "dual")]), 1);

async function begin(): Promise<string> {
  const response = await stage.fetch("/upload/v1beta/files", {
    method: "POST",
    headers: { ...KEY, "X-Goog-Upload-Protocol": "resumable", "X-Goog-Upload-Command": "start", "X-Goog-Upload-Header-Content-Length": String(wav.length), "X-Goog-Upload-Header-Content-Type": "audio/wav" },
    body: JSON.stringify({ file: { display_name: "call" } }),
  });
  return response.headers.get("x-goog-upload-url") ?? "";
}

function put(url: string, bytes: Buffer, offset: number, command: string): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "X-Goog-Upload-Offset": String(offset), "X-Goog-Upload-Command": command }, body: new Uint8Array(bytes) });
}

async function uploaded(): Promise<{ name: string; uri: string; state: unknown }> {
  const answer: unknown = await (await put(await begin(), wav, 0, "upload, finalize")).json();
  const file = isObject(answer) ? objectIn(answer, "file") : undefined;
  return { name: String(file?.["name"]), uri: String(file?.["uri"]), state: file?.["state"] };
}

const transcribe = (fileUri: string): ReturnType<Stage["gemini"]> =>
  stage.gemini("/v1beta/models/gemini-3.6-flash:generateContent", { contents: [{ role: "user", parts: [{ fileData: { fileUri, mimeType: "audio/wav" } }] }] });

describe("the Files API", () => {
  test("takes a file, processes it, understands it, and forgets it", async () => {
    const { name, uri, state } = await uploaded();
    expect(state).toBe("PROCESSING");
    expect((await transcribe(uri)).body).toMatchObject({ error: { code: 400, status: "FAILED_PRECONDITION" } });
    const states = [(await stage.gemini(`/v1beta/${name}`)).body["state"], (await stage.gemini(`/v1beta/${name}`)).body["state"]];
    expect(states).toEqual(["PROCESSING", "ACTIVE"]);
    const text = JSON.stringify((await transcribe(uri)).body);
    for (const line of dialogue.lines) expect(text.includes(line.clip.text)).toBe(line.channel === 1);
    expect((await stage.fetch(`/v1beta/${name}`, { method: "DELETE", headers: KEY })).status).toBe(200);
    expect((await stage.gemini(`/v1beta/${name}`)).status).toBe(403);
    expect((await transcribe(uri)).status).toBe(403);
  });

  test("takes it in pieces, each where the last one ended", async () => {
    const url = await begin();
    const half = Math.floor(wav.length / 2);
    expect((await put(url, wav.subarray(0, half), 0, "upload")).status).toBe(200);
    const query = await put(url, Buffer.alloc(0), 0, "query");
    expect(query.headers.get("x-goog-upload-size-received")).toBe(String(half));
    expect((await put(url, wav.subarray(half), 0, "upload, finalize")).status).toBe(400);
    const answer: unknown = await (await put(url, wav.subarray(half), half, "upload, finalize")).json();
    expect(isObject(answer) && objectIn(answer, "file")?.["sizeBytes"]).toBe(String(wav.length));
    expect((await put(url, wav, 0, "upload, finalize")).status).toBe(404);
  });

  test("can fail at a file", async () => {
    await stage.control("PUT", "/gemini/faults", { files: { kind: "failed_file", times: 2 } });
    const { name, state } = await uploaded();
    expect(state).toBe("FAILED");
    expect((await stage.gemini(`/v1beta/${name}`)).body).toMatchObject({ state: "FAILED", error: { code: 3 } });
    await stage.control("DELETE", "/gemini/faults");
  });

  test("takes no other protocol, and nothing without a key", async () => {
    const start = (headers: Record<string, string>): Promise<Response> => stage.fetch("/upload/v1beta/files", { method: "POST", headers: { "X-Goog-Upload-Command": "start", ...headers }, body: "{}" });
    expect((await start({ ...KEY, "X-Goog-Upload-Protocol": "multipart" })).status).toBe(400);
    expect((await start({ "X-Goog-Upload-Protocol": "resumable" })).status).toBe(403);
  });
});

describe("embeddings", () => {
  const MODEL = "/v1beta/models/gemini-embedding-001";
  const vector = async (text: string, outputDimensionality = 256): Promise<number[]> => {
    const { body } = await stage.gemini(`${MODEL}:embedContent`, { content: { parts: [{ text }] }, taskType: "RETRIEVAL_QUERY", outputDimensionality });
    return (objectIn(body, "embedding")?.["values"] ?? []) as number[];
  };
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

  test("are of the asked size, of unit length, and near for similar texts", async () => {
    const [drain, drains, will] = [await vector("My kitchen drain is blocked"), await vector("The drains in the kitchen are blocked"), await vector("Please help me write a will")];
    expect(drain).toHaveLength(256);
    expect(dot(drain, drain)).toBeCloseTo(1);
    expect(dot(drain, drains)).toBeGreaterThan(dot(drain, will) + 0.2);
    expect(await vector("x", 3072)).toHaveLength(3072);
    expect(await vector("My kitchen drain is blocked")).toEqual(drain);
  });

  test("come in batches", async () => {
    const request = (text: string): object => ({ model: "models/gemini-embedding-001", content: { parts: [{ text }] }, outputDimensionality: 128 });
    const { body } = await stage.gemini(`${MODEL}:batchEmbedContents`, { requests: [request("a"), request("b")] });
    expect(body["embeddings"]).toHaveLength(2);
    const full = Array.from({ length: 101 }, (_, i) => request(`text ${i}`));
    expect((await stage.gemini(`${MODEL}:batchEmbedContents`, { requests: full.slice(1) })).status).toBe(200);
    expect((await stage.gemini(`${MODEL}:batchEmbedContents`, { requests: full })).status).toBe(400);
  });

  test("take the words that tell a model its task for no part of the text", async () => {
    const plain = await vector("blocked drain");
    expect(await vector("task: search result | query: blocked drain")).toEqual(plain);
    expect(await vector("title: none | text: blocked drain")).toEqual(plain);
    expect(await vector("text: blocked drain")).not.toEqual(plain);
  });

  test("need a text and a possible size", async () => {
    expect((await stage.gemini(`${MODEL}:embedContent`, { content: { parts: [] } })).status).toBe(400);
    expect((await stage.gemini(`${MODEL}:embedContent`, { content: { parts: [{ text: "a" }] }, outputDimensionality: 9999 })).status).toBe(400);
  });
});
