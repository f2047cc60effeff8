import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { extractChannel } from "./channels.ts";
import { readWavHeader } from "./wav-header.ts";
import { buildWav, bytesOf, noise, streamOf, type WavRecipe } from "./wav.testing.ts";

const headerOf = async (wav: Uint8Array) => readWavHeader(new ByteReader(streamOf(wav)));
const samplesOf = async (wav: Uint8Array): Promise<Uint8Array> => {
  const { dataOffset, dataBytes } = await headerOf(wav);
  return wav.slice(dataOffset, dataBytes === null ? undefined : dataOffset + dataBytes);
};
/** The plain definition: every sample whose turn it is. */
const deinterleaved = (data: Uint8Array, channels: number, width: number, channel: number): number[] => {
  const whole = data.length - (data.length % (channels * width));
  return Array.from(data.slice(0, whole)).filter((_, index) => Math.floor(index / width) % channels === channel);
};

const FORMATS: { name: string; recipe: Omit<WavRecipe, "data">; width: number; headerBytes: number }[] = [
  { name: "PCM of 8 bits", recipe: { bits: 8 }, width: 1, headerBytes: 44 },
  { name: "PCM of 16 bits", recipe: { bits: 16 }, width: 2, headerBytes: 44 },
  { name: "PCM of 24 bits", recipe: { bits: 24, sampleRate: 48_000 }, width: 3, headerBytes: 44 },
  { name: "µ-law", recipe: { tag: 7, bits: 8 }, width: 1, headerBytes: 58 },
  { name: "A-law", recipe: { tag: 6, bits: 8 }, width: 1, headerBytes: 58 },
  { name: "PCM in the extensible format", recipe: { bits: 16, extensible: true }, width: 2, headerBytes: 44 },
];

describe("extractChannel", () => {
  it.each(FORMATS)("copies each channel's samples of $name into a mono WAV", async ({ recipe, width, headerBytes }) => {
    const data = noise(width * 2 * 999);
    const wav = buildWav({ ...recipe, data });
    for (const channel of [0, 1] as const) {
      const extracted = await extractChannel(streamOf(wav), channel);
      const mono = await bytesOf(extracted.stream);
      const header = await headerOf(mono);
      expect(header.format).toEqual({ ...extracted.format, channels: 1 });
      expect(header.dataOffset).toBe(headerBytes);
      expect(mono.length).toBe(extracted.byteLength);
      expect(new DataView(mono.buffer).getUint32(4, true)).toBe(mono.length - 8);
      expect(extracted.durationS).toBeCloseTo(999 / (recipe.sampleRate ?? 8000));
      expect(Array.from(await samplesOf(mono))).toEqual(deinterleaved(data, 2, width, channel));
    }
  });

  it("gives the same bytes wherever the source's chunks end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMATS),
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.integer({ min: 1, max: 61 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(0 as const, 1 as const),
        async ({ recipe, width }, data, sizes, channel) => {
          const wav = buildWav({ ...recipe, data, before: [{ id: "LIST", body: noise(7) }] });
          const inPieces = await bytesOf((await extractChannel(streamOf(wav, sizes), channel)).stream);
          const atOnce = await bytesOf((await extractChannel(streamOf(wav, [wav.length]), channel)).stream);
          expect(inPieces).toEqual(atOnce);
          expect(Array.from(await samplesOf(inPieces)).slice(0, deinterleaved(data, 2, width, channel).length)).toEqual(
            deinterleaved(data, 2, width, channel),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("gives the same bytes for files longer than one piece and cuts inside samples", async () => {
    const wav = buildWav({ data: noise(300_000) });
    const whole = await bytesOf((await extractChannel(streamOf(wav, [wav.length]), 1)).stream);
    for (const sizes of [[1, 65_533], [4093], [65_531, 3, 131_074]]) {
      expect(await bytesOf((await extractChannel(streamOf(wav, sizes), 1)).stream)).toEqual(whole);
    }
    expect(Array.from(await samplesOf(whole))).toEqual(deinterleaved(noise(300_000), 2, 2, 1));
  });

  it("passes over LIST, fact and other chunks before the samples, padded or not, and leaves out what follows", async () => {
    const data = noise(64);
    const before = [
      { id: "fact", body: new Uint8Array(4) },
      { id: "LIST", body: noise(33) },
      { id: "bext", body: noise(602) },
    ];
    const mono = await bytesOf((await extractChannel(streamOf(buildWav({ data, before, after: noise(50) }), [5]), 0)).stream);
    expect(Array.from(await samplesOf(mono))).toEqual(deinterleaved(data, 2, 2, 0));
  });

  it.each([0, 0xffffffff, 0x7ffff000])("reads a streamed file whose size is given as %i to its end", async (claimedBytes) => {
    const data = noise(4001);
    const wav = buildWav({ data, claimedBytes });
    const extracted = await extractChannel(streamOf(wav, [97]), 1);
    expect(extracted).toMatchObject({ byteLength: null, durationS: null });
    const mono = await bytesOf(extracted.stream);
    expect((await headerOf(mono)).dataBytes).toBeNull();
    expect(Array.from(await samplesOf(mono))).toEqual(deinterleaved(data, 2, 2, 1));
  });

  it("knows the length of a streamed file from the file's own size", async () => {
    const data = noise(4000);
    const wav = buildWav({ data, claimedBytes: 0xffffffff });
    const extracted = await extractChannel(streamOf(wav), 0, { totalBytes: wav.length });
    expect(extracted.byteLength).toBe(44 + 2000);
    const mono = await bytesOf(extracted.stream);
    expect(mono.length).toBe(44 + 2000);
    expect((await headerOf(mono)).dataBytes).toBe(2000);
  });

  it("reads a file that was cut short as far as it goes when told its size, and fails otherwise", async () => {
    const wav = buildWav({ data: noise(4000), claimedBytes: 8000 });
    const extracted = await extractChannel(streamOf(wav), 0, { totalBytes: wav.length });
    expect((await bytesOf(extracted.stream)).length).toBe(extracted.byteLength);
    await expect(bytesOf((await extractChannel(streamOf(wav), 0)).stream)).rejects.toMatchObject({ code: "audio_truncated" });
  });

  it("pads samples of odd length, as RIFF asks", async () => {
    const extracted = await extractChannel(streamOf(buildWav({ bits: 8, data: noise(6) })), 0);
    const mono = await bytesOf(extracted.stream);
    expect([mono.length, extracted.byteLength, (await headerOf(mono)).dataBytes]).toEqual([48, 48, 3]);
  });

  it("takes a file of one channel too, and a file without samples", async () => {
    const data = noise(100);
    const mono = await bytesOf((await extractChannel(streamOf(buildWav({ channels: 1, data })), 0)).stream);
    expect(await samplesOf(mono)).toEqual(data);
    const none = buildWav({ data: new Uint8Array(0) });
    expect(await bytesOf((await extractChannel(streamOf(none), 1)).stream)).toHaveLength(44);
    expect(await extractChannel(streamOf(none), 1, { totalBytes: none.length })).toMatchObject({ byteLength: 44, durationS: 0 });
  });

  const REFUSED: { name: string; bytes: Uint8Array; channel?: 0 | 1; code: string }[] = [
    { name: "an MP3", bytes: noise(2000), code: "audio_not_wav" },
    { name: "nothing", bytes: new Uint8Array(0), code: "audio_not_wav" },
    { name: "samples of floating point", bytes: buildWav({ tag: 3, bits: 32, data: noise(64) }), code: "audio_unsupported" },
    { name: "a second channel that is not there", bytes: buildWav({ channels: 1, data: noise(64) }), channel: 1, code: "audio_unsupported" },
    { name: "more than two channels", bytes: buildWav({ channels: 6, data: noise(64) }), code: "audio_unsupported" },
    { name: "no channel at all", bytes: buildWav({ channels: 0, data: noise(64) }), code: "audio_unsupported" },
    { name: "a header cut short", bytes: buildWav({ data: noise(64) }).slice(0, 30), code: "audio_truncated" },
    { name: "a header without samples", bytes: buildWav({ data: noise(64) }).slice(0, 36), code: "audio_truncated" },
    { name: "a chunk that claims to be enormous", bytes: buildWav({ data: noise(8), before: [{ id: "LIST", body: noise(1_100_000) }] }), code: "audio_unsupported" },
  ];
  it.each(REFUSED)("refuses $name and lets go of the source", async ({ bytes, channel = 0, code }) => {
    let canceled = false;
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        if (code !== "audio_unsupported") controller.close();
      },
      cancel() {
        canceled = true;
      },
    });
    await expect(extractChannel(source, channel)).rejects.toMatchObject({ code, retryable: false });
    expect(canceled).toBe(code === "audio_unsupported");
  });

  it("passes on a failure of the source, and a loss of interest to the source", async () => {
    const wav = buildWav({ data: noise(200_000) });
    const failing = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(wav.slice(0, 1000));
      },
      pull() {
        throw new Error("the line broke");
      },
    });
    await expect(bytesOf((await extractChannel(failing, 0)).stream)).rejects.toThrow("the line broke");

    let reason: unknown;
    const watched = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(wav.slice(0, 1000));
      },
      cancel(why) {
        reason = why;
      },
    });
    await (await extractChannel(watched, 0)).stream.cancel("enough");
    expect(reason).toBe("enough");
  });

  it("reads an hour as it is asked for and no further", async () => {
    const hour = 3600 * 8000 * 4;
    const head = buildWav({ data: new Uint8Array(0), claimedBytes: hour });
    let supplied = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(supplied === 0 ? head : new Uint8Array(65_536));
          supplied += 1;
        },
      },
      { highWaterMark: 0 },
    );
    const extracted = await extractChannel(source, 0);
    expect(extracted).toMatchObject({ byteLength: 44 + hour / 2, durationS: 3600 });
    const reader = extracted.stream.getReader();
    await reader.read();
    await reader.read();
    await reader.read();
    expect(supplied).toBeLessThan(8);
    await reader.cancel();
  });
});
