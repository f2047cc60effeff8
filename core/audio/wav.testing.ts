/** Builds WAV files for tests, by a way of its own: it shares nothing with the reader and writer that it tests. */
export interface WavRecipe {
  tag?: number;
  channels?: number;
  sampleRate?: number;
  bits?: number;
  data: Uint8Array;
  /** Chunks between the format and the samples. */
  before?: { id: string; body: Uint8Array }[];
  /** Bytes after the samples. */
  after?: Uint8Array;
  /** What the header says of the samples' length, when not the truth. */
  claimedBytes?: number;
  extensible?: boolean;
}

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): number[] => [...u16(value & 65535), ...u16(Math.floor(value / 65536) & 65535)];
const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const chunk = (id: string, body: ArrayLike<number>): number[] => [
  ...ascii(id),
  ...u32(body.length),
  ...Array.from(body),
  ...(body.length % 2 === 1 ? [0] : []),
];

export const buildWav = (recipe: WavRecipe): Uint8Array<ArrayBuffer> => {
  const { tag = 1, channels = 2, sampleRate = 8000, bits = 16, data, before = [], after = new Uint8Array(0), claimedBytes = data.length } = recipe;
  const block = (channels * bits) / 8;
  const common = [...u16(channels), ...u32(sampleRate), ...u32(sampleRate * block), ...u16(block), ...u16(bits)];
  const guid = [...u16(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  const format = recipe.extensible === true ? [...u16(0xfffe), ...common, ...u16(22), ...u16(bits), ...u32(3), ...guid] : [...u16(tag), ...common];
  const head = [...ascii("WAVE"), ...chunk("fmt ", format), ...before.flatMap(({ id, body }) => chunk(id, body)), ...ascii("data"), ...u32(claimedBytes)];
  const riff = [...ascii("RIFF"), ...u32(head.length + data.length + after.length), ...head];
  const file = new Uint8Array(riff.length + data.length + after.length);
  file.set(riff, 0);
  file.set(data, riff.length);
  file.set(after, riff.length + data.length);
  return file;
};

/** A stream of the bytes, cut into pieces of the given sizes in turn, the last one repeated. */
export const streamOf = (bytes: Uint8Array, sizes: number[] = [65_536]): ReadableStream<Uint8Array> => {
  let at = 0;
  let turn = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) {
        controller.close();
        return;
      }
      const size = sizes[Math.min(turn, sizes.length - 1)] ?? 1;
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
      turn += 1;
    },
  });
};

export const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await new Response(stream).arrayBuffer());

/** Deterministic bytes that differ from place to place. */
export const noise = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  let state = 12_345;
  for (let index = 0; index < length; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    bytes[index] = Math.floor(state / 65_536) & 255;
  }
  return bytes;
};
