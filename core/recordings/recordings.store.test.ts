import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { bytesOf, noise, streamOf } from "../audio/wav.testing.ts";
import { createRecordingsStore, recordingKey, type RecordingsBucket } from "./recordings.store.ts";

const bucket: R2Bucket = env.STORAGE;
const store = createRecordingsStore({ bucket });
let calls = 0;
const freshKey = (): string => {
  calls += 1;
  return recordingKey({ tenantId: "ten_1", projectId: "plumber-1", callId: `call_${calls}`, recordingSid: "RE1" });
};
const MIB = 1024 * 1024;
/** A stream of zeros that fails after so many bytes. */
const breaksAfter = (bytes: number): ReadableStream<Uint8Array> => {
  let given = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (given >= bytes) throw new Error("connection reset");
      controller.enqueue(new Uint8Array(Math.min(MIB, bytes - given)));
      given += MIB;
    },
  });
};
const stored = async (key: string): Promise<Uint8Array | null> => {
  const opened = await store.open(key);
  return opened.kind === "full" ? bytesOf(opened.stream) : null;
};
/** A bucket that notes what becomes of its uploads, and may fail on the way. */
const watchedBucket = (failAt?: "part" | "complete" | "put") => {
  const seen: string[] = [];
  const fail = (step: string): void => {
    seen.push(step.split(" ")[0] === failAt ? `${step} failed` : step);
    if (step.split(" ")[0] === failAt) throw new Error("R2 is having a moment");
  };
  const watched: RecordingsBucket = {
    get: bucket.get.bind(bucket),
    head: bucket.head.bind(bucket),
    delete: bucket.delete.bind(bucket),
    put: (async (...given: Parameters<R2Bucket["put"]>) => {
      fail("put");
      return bucket.put(...given);
    }) as R2Bucket["put"],
    async createMultipartUpload(key, options) {
      const upload = await bucket.createMultipartUpload(key, options);
      return {
        key: upload.key,
        uploadId: upload.uploadId,
        async uploadPart(partNumber, value) {
          fail(`part ${partNumber}: ${value instanceof Uint8Array ? value.byteLength : "?"}`);
          return upload.uploadPart(partNumber, value);
        },
        async complete(parts) {
          fail("complete");
          return upload.complete(parts);
        },
        async abort() {
          seen.push("abort");
          await upload.abort();
        },
      };
    },
  };
  return { watched, seen };
};

describe("recordingKey", () => {
  it("puts the tenant first", () => {
    expect(recordingKey({ tenantId: "ten_1", projectId: "p-1", callId: "call_1", recordingSid: "RE1" })).toBe("ten_1/recordings/p-1/call_1/RE1.wav");
  });
  it.each(["", "..", "a/b", "a b", "ä"])("refuses the id %j, which could reach elsewhere", (bad) => {
    expect(() => recordingKey({ tenantId: "ten_1", projectId: bad, callId: "call_1", recordingSid: "RE1" })).toThrow("letters");
  });
});

describe("saveStream", () => {
  it.each([
    { what: "a known length", contentLength: 200_001, size: 200_001 },
    { what: "an unknown length of one part", contentLength: null, size: 200_001 },
    { what: "no bytes and a known length", contentLength: 0, size: 0 },
    { what: "no bytes and an unknown length", contentLength: null, size: 0 },
  ])("stores a body of $what as it arrives", async ({ contentLength, size }) => {
    const key = freshKey();
    const bytes = noise(size);
    expect(await store.saveStream({ key, body: streamOf(bytes, [1, 7001]), contentLength, contentType: "audio/x-wav" })).toEqual({ size });
    expect(await stored(key)).toEqual(bytes);
    expect(await store.open(key)).toMatchObject({ kind: "full", size, contentType: "audio/x-wav" });
  });

  it("sends a long body of unknown length in equal parts of 8 MiB and a rest", async () => {
    const { watched, seen } = watchedBucket();
    const key = freshKey();
    const bytes = new Uint8Array(20 * MIB + 5).fill(9);
    bytes[8 * MIB] = 1;
    bytes[bytes.length - 1] = 2;
    await createRecordingsStore({ bucket: watched }).saveStream({ key, body: streamOf(bytes, [3 * MIB + 1]), contentLength: null, contentType: "audio/wav" });
    expect(seen).toEqual([`part 1: ${8 * MIB}`, `part 2: ${8 * MIB}`, `part 3: ${4 * MIB + 5}`, "complete"]);
    const opened = await stored(key);
    expect(opened?.length).toBe(bytes.length);
    expect([opened?.[8 * MIB - 1], opened?.[8 * MIB], opened?.[bytes.length - 1]]).toEqual([9, 1, 2]);
  });

  it("needs no empty part when a body of unknown length ends with one", async () => {
    const { watched, seen } = watchedBucket();
    const body = streamOf(new Uint8Array(16 * MIB), [MIB]);
    await createRecordingsStore({ bucket: watched }).saveStream({ key: freshKey(), body, contentLength: null, contentType: "audio/wav" });
    expect(seen).toEqual([`part 1: ${8 * MIB}`, `part 2: ${8 * MIB}`, "complete"]);
  });

  it("overwrites with the same when the same is saved again", async () => {
    const key = freshKey();
    const bytes = noise(5000);
    for (const contentLength of [5000, null, 5000]) await store.saveStream({ key, body: streamOf(bytes), contentLength, contentType: "audio/wav" });
    expect(await stored(key)).toEqual(bytes);
  });

  it.each([
    { what: "fewer bytes than announced", body: () => streamOf(noise(999)), contentLength: 1000, code: "recording_length_mismatch" },
    { what: "more bytes than announced", body: () => streamOf(noise(1001)), contentLength: 1000, code: "recording_length_mismatch" },
    { what: "more bytes than announced, in a chunk of their own", body: () => streamOf(noise(1001), [1000, 1]), contentLength: 1000, code: "recording_length_mismatch" },
    { what: "bytes where none were announced", body: () => streamOf(noise(10)), contentLength: 0, code: "recording_length_mismatch" },
    { what: "a line that breaks, length known", body: () => breaksAfter(MIB), contentLength: 2 * MIB, code: "recording_source_failed" },
    { what: "a line that breaks in the first part", body: () => breaksAfter(MIB), contentLength: null, code: "recording_source_failed" },
    { what: "a line that breaks in a later part", body: () => breaksAfter(9 * MIB), contentLength: null, code: "recording_source_failed" },
  ])("leaves nothing behind on $what", async ({ body, contentLength, code }) => {
    const key = freshKey();
    await expect(store.saveStream({ key, body: body(), contentLength, contentType: "audio/wav" })).rejects.toMatchObject({ code, retryable: true });
    expect(await store.open(key)).toEqual({ kind: "not_found" });
  });

  it("leaves what was there when a later save fails", async () => {
    const key = freshKey();
    await store.saveStream({ key, body: streamOf(noise(50)), contentLength: 50, contentType: "audio/wav" });
    for (const contentLength of [49, 51]) {
      await expect(store.saveStream({ key, body: streamOf(noise(50)), contentLength, contentType: "audio/wav" })).rejects.toThrow();
    }
    expect(await stored(key)).toEqual(noise(50));
  });

  it.each([
    { failAt: "part" as const, contentLength: null, size: 9 * MIB, aborts: true },
    { failAt: "complete" as const, contentLength: null, size: 9 * MIB, aborts: true },
    { failAt: "put" as const, contentLength: null, size: 10, aborts: false },
    { failAt: "put" as const, contentLength: 9 * MIB, size: 9 * MIB, aborts: false },
  ])("reports a store that fails at its $failAt, lets go of the source and aborts what was begun", async ({ failAt, contentLength, size, aborts }) => {
    const { watched, seen } = watchedBucket(failAt);
    const save = createRecordingsStore({ bucket: watched }).saveStream({
      key: freshKey(),
      body: streamOf(new Uint8Array(size), [MIB]),
      contentLength,
      contentType: "audio/wav",
    });
    await expect(save).rejects.toMatchObject({ code: "recording_store_failed", retryable: true });
    expect(seen.includes("abort")).toBe(aborts);
  });
});

describe("open", () => {
  it("answers a range with the stretch that was asked for", async () => {
    const key = freshKey();
    const bytes = noise(1000);
    await store.saveStream({ key, body: streamOf(bytes), contentLength: 1000, contentType: "audio/wav" });
    for (const [range, from, to] of [
      ["bytes=0-0", 0, 1],
      ["bytes=10-19", 10, 20],
      ["bytes=990-", 990, 1000],
      ["bytes=990-5000", 990, 1000],
      ["bytes=-100", 900, 1000],
      ["bytes=-5000", 0, 1000],
    ] as const) {
      const opened = await store.open(key, range);
      expect(opened).toMatchObject({ kind: "partial", offset: from, length: to - from, size: 1000, contentType: "audio/wav" });
      expect(opened.kind === "partial" ? await bytesOf(opened.stream) : null).toEqual(bytes.slice(from, to));
    }
    for (const range of ["bytes=1000-", "bytes=-0"]) expect(await store.open(key, range)).toEqual({ kind: "unsatisfiable", size: 1000 });
    for (const range of ["bytes=0-1,5-6", "items=0-1", "bytes=b-a", "bytes=9-2"]) {
      const opened = await store.open(key, range);
      expect(opened.kind === "full" ? await bytesOf(opened.stream) : null).toEqual(bytes);
    }
  });

  it("says that a recording is not there, with a range or without, and after it was deleted", async () => {
    const key = freshKey();
    expect([await store.open(key), await store.open(key, "bytes=0-1")]).toEqual([{ kind: "not_found" }, { kind: "not_found" }]);
    await store.saveStream({ key, body: streamOf(noise(10)), contentLength: 10, contentType: "audio/wav" });
    await store.delete(key);
    await store.delete(key);
    expect(await store.open(key)).toEqual({ kind: "not_found" });
  });
});
