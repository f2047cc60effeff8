import { afterEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../errors.ts";
import { bytesOf, noise, streamOf } from "../../audio/wav.testing.ts";
import { createGeminiGateway } from "./gateway.ts";

const BASE = "http://gemini.test";
const FILE = { name: "files/abc-1", uri: `${BASE}/v1beta/files/abc-1`, mimeType: "audio/wav", state: "ACTIVE" };

interface Seen {
  call: string;
  headers: Headers;
  bytes: Uint8Array;
}
type Answer = () => Response;
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => () => Response.json(body, { status, headers });
const started = (url = `${BASE}/upload/v1beta/files?upload_id=7`): Answer => json({}, 200, { "X-Goog-Upload-URL": url });

/** Gemini's Files API on the wire: for each call the answers in turn, the last for ever. */
const wire = (answers: Record<string, Answer[]>) => {
  const seen: Seen[] = [];
  const fetch = async (input: string, init?: RequestInit): Promise<Response> => {
    const call = `${init?.method ?? "GET"} ${input.replace(BASE, "")}`;
    const body = init?.body;
    const bytes = body instanceof ReadableStream ? await bytesOf(body) : new TextEncoder().encode(typeof body === "string" ? body : "");
    const before = seen.filter((other) => other.call === call).length;
    seen.push({ call, headers: new Headers(init?.headers), bytes });
    const planned = answers[call] ?? [];
    return (planned[Math.min(before, planned.length - 1)] ?? json({ error: { message: `unexpected ${call}` } }, 404))();
  };
  return { seen, fetch };
};
const START = "POST /upload/v1beta/files";
const SEND = "POST /upload/v1beta/files?upload_id=7";
const POLL = "GET /v1beta/files/abc-1";
const DELETE = "DELETE /v1beta/files/abc-1";
const GOOD = { [START]: [started()], [SEND]: [json({ file: FILE })], [DELETE]: [json({})] };

const setUp = (answers: Record<string, Answer[]>) => {
  const { seen, fetch } = wire(answers);
  const wait = vi.fn(async () => Promise.resolve());
  const gateway = createGeminiGateway({ apiKey: "AQ.key", baseUrl: BASE, fetch, wait, random: () => 0 });
  const bytes = noise(100_000);
  const upload = { open: async () => Promise.resolve(streamOf(bytes, [1, 999])), byteLength: bytes.length, mimeType: "audio/wav" };
  return { seen, wait, gateway, bytes, upload, calls: () => seen.map(({ call }) => call) };
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("withFile", () => {
  it("uploads the bytes, waits until they are processed, lends the file and deletes it", async () => {
    const { gateway, upload, seen, calls, bytes, wait } = setUp({
      ...GOOD,
      [SEND]: [json({ file: { ...FILE, state: "PROCESSING" } })],
      [POLL]: [json({ ...FILE, state: "PROCESSING" }), json({}, 503), json(FILE)],
    });
    expect(await gateway.withFile(upload, async (part) => Promise.resolve(part))).toEqual({ fileData: { fileUri: FILE.uri, mimeType: "audio/wav" } });
    expect(calls()).toEqual([START, SEND, POLL, POLL, POLL, DELETE]);
    expect(wait.mock.calls.map(([ms]: unknown[]) => ms)).toEqual([500, 1000, 2000]);
    expect(seen[1]?.bytes).toEqual(bytes);
    const headers = (index: number, ...names: string[]) => names.map((name) => seen[index]?.headers.get(name));
    expect(headers(0, "x-goog-api-key", "x-goog-upload-protocol", "x-goog-upload-command", "x-goog-upload-header-content-length", "x-goog-upload-header-content-type")).toEqual([
      "AQ.key",
      "resumable",
      "start",
      "100000",
      "audio/wav",
    ]);
    expect(headers(1, "x-goog-upload-offset", "x-goog-upload-command")).toEqual(["0", "upload, finalize"]);
  });

  it.each([
    ["a file that is not wrapped", json(FILE)],
    ["a file without a state", json({ file: { name: FILE.name, uri: FILE.uri } })],
  ])("accepts %s", async (_, answer) => {
    const { gateway, upload, calls } = setUp({ ...GOOD, [SEND]: [answer] });
    await gateway.withFile(upload, async () => Promise.resolve());
    expect(calls()).toEqual([START, SEND, DELETE]);
  });

  it("deletes the file when its use fails, and when it cannot be processed", async () => {
    const failing = setUp(GOOD);
    await expect(failing.gateway.withFile(failing.upload, async () => Promise.reject(new Error("no luck")))).rejects.toThrow("no luck");
    expect(failing.calls()).toEqual([START, SEND, DELETE]);
    const broken = setUp({ ...GOOD, [SEND]: [json({ file: { ...FILE, state: "FAILED" } })] });
    await expect(broken.gateway.withFile(broken.upload, async () => Promise.resolve())).rejects.toMatchObject({ code: "gemini_file_failed", retryable: false });
    expect(broken.calls()).toEqual([START, SEND, DELETE]);
  });

  it("deletes the file although the caller has given up", async () => {
    const { gateway, upload, calls } = setUp(GOOD);
    const controller = new AbortController();
    const used = gateway.withFile({ ...upload, signal: controller.signal }, async () => {
      controller.abort(new Error("call was erased"));
      return Promise.reject(new Error("call was erased"));
    });
    await expect(used).rejects.toThrow("call was erased");
    expect(calls()).toEqual([START, SEND, DELETE]);
  });

  it("does not fail because a file could not be deleted", async () => {
    const { gateway, upload } = setUp({ ...GOOD, [DELETE]: [json({}, 500)] });
    expect(await gateway.withFile(upload, async () => Promise.resolve("done"))).toBe("done");
  });

  it("opens the bytes anew and tries again when the service fails, and not when it refuses", async () => {
    const again = setUp({ ...GOOD, [SEND]: [json({}, 503), json({ file: FILE })] });
    const open = vi.fn(again.upload.open);
    await again.gateway.withFile({ ...again.upload, open }, async () => Promise.resolve());
    expect([open.mock.calls.length, again.seen[3]?.bytes]).toEqual([2, again.bytes]);
    const refused = setUp({ ...GOOD, [START]: [json({ error: { message: "no" } }, 403)] });
    await expect(refused.gateway.withFile(refused.upload, async () => Promise.resolve())).rejects.toMatchObject({ code: "gemini_rejected", retryable: false });
    expect(refused.calls()).toEqual([START]);
  });

  it("passes on at once what opening the bytes throws", async () => {
    const { gateway, upload, calls } = setUp(GOOD);
    const lost = new TypeError("no such recording");
    await expect(gateway.withFile({ ...upload, open: async () => Promise.reject(lost) }, async () => Promise.resolve())).rejects.toBe(lost);
    expect(calls()).toEqual([START]);
  });

  it("gives up on a file that is never ready", async () => {
    const { gateway, upload, calls } = setUp({ ...GOOD, [SEND]: [json({ file: { ...FILE, state: "PROCESSING" } })], [POLL]: [json({ ...FILE, state: "PROCESSING" })] });
    await expect(gateway.withFile(upload, async () => Promise.resolve())).rejects.toMatchObject({ code: "gemini_file_timeout", retryable: true });
    expect(calls().filter((call) => call === POLL)).toHaveLength(90);
    expect(calls().at(-1)).toBe(DELETE);
  });

  it("keeps the key from another host that an upload is sent to", async () => {
    const { gateway, upload, seen } = setUp({ ...GOOD, [START]: [started("https://upload.test/7")], "POST https://upload.test/7": [json({ file: FILE })] });
    await gateway.withFile(upload, async () => Promise.resolve());
    expect(seen.map(({ headers }) => headers.get("x-goog-api-key"))).toEqual(["AQ.key", null, "AQ.key"]);
  });

  it("refuses a file name that would lead elsewhere", async () => {
    const { gateway, upload, calls } = setUp({ ...GOOD, [SEND]: [json({ file: { ...FILE, name: "files/../models" } })] });
    await expect(gateway.withFile(upload, async () => Promise.resolve())).rejects.toThrow("unknown shape");
    expect(calls()).not.toContain("DELETE /v1beta/models");
  });

  it("names the source as the cause when the source breaks or gives too little", async () => {
    const truncated = new AppError({ code: "audio_truncated", status: 422, message: "short" });
    const breaking = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(truncated);
      },
    });
    const first = setUp(GOOD);
    await expect(first.gateway.withFile({ ...first.upload, open: async () => Promise.resolve(breaking) }, async () => Promise.resolve())).rejects.toBe(truncated);
    const second = setUp(GOOD);
    await expect(
      second.gateway.withFile({ ...second.upload, open: async () => Promise.resolve(streamOf(noise(10))) }, async () => Promise.resolve()),
    ).rejects.toMatchObject({ code: "audio_source_failed", retryable: true });
  });

  it("does not wait for the rest of the bytes when the service has answered without them", async () => {
    const { upload, bytes } = setUp(GOOD);
    const canceled = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 10));
      },
      cancel: canceled,
    });
    const quick = createGeminiGateway({
      apiKey: "k",
      baseUrl: BASE,
      wait: async () => Promise.resolve(),
      fetch: async (input, init) => Promise.resolve(init?.method === "DELETE" ? Response.json({}) : (input.includes("upload_id") ? json({ file: FILE }) : started())()),
    });
    expect(await quick.withFile({ ...upload, open: async () => Promise.resolve(endless) }, async () => Promise.resolve("done"))).toBe("done");
    expect(canceled).toHaveBeenCalledOnce();
  });
});
