import type { ByteReader } from "./byte-reader.ts";
import { audioError } from "./wav.errors.ts";

export type WavEncoding = "pcm" | "mulaw" | "alaw";

/** How samples lie in a WAV file. Samples of the channels alternate, `bytesPerSample` bytes each. */
export interface WavFormat {
  encoding: WavEncoding;
  channels: number;
  /** Samples per second of one channel. */
  sampleRate: number;
  /** 8, 16 or 24 for PCM; 8 for G.711. */
  bitsPerSample: number;
  bytesPerSample: number;
}

export interface WavHeader {
  format: WavFormat;
  /** Where the samples begin, in bytes from the start of the file. */
  dataOffset: number;
  /** Bytes of samples as the header claims them; null when its writer streamed and did not know. */
  dataBytes: number | null;
}

/** WAVE format tags (RFC 2361; `mmreg.h`). */
export const FORMAT_TAG = { pcm: 0x0001, alaw: 0x0006, mulaw: 0x0007 } as const;
const EXTENSIBLE = 0xfffe;
/** The 14 bytes that follow the format tag in a WAVE_FORMAT_EXTENSIBLE sub-format: KSDATAFORMAT_SUBTYPE's fixed part. */
const SUBTYPE_TAIL = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

/** A header is small. A file that has not come to its samples by here is not one that we want to read on. */
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_FMT_BYTES = 1024;
/**
 * Programs that write to a pipe cannot go back and fill in the size. They leave 0 or 0xFFFFFFFF (ffmpeg), or
 * 0x7FFFF000 (SoX, eSpeak). No telephone recording has 2 GiB, so that whatever is as large is such a mark.
 */
const UNKNOWN_FROM = 0x7ffff000;

const ascii = (bytes: Uint8Array, start: number): string => String.fromCharCode(...bytes.subarray(start, start + 4));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const encodingOf = (tag: number, bits: number): WavEncoding | null => {
  if (tag === FORMAT_TAG.pcm && (bits === 8 || bits === 16 || bits === 24)) return "pcm";
  if (tag === FORMAT_TAG.mulaw && bits === 8) return "mulaw";
  if (tag === FORMAT_TAG.alaw && bits === 8) return "alaw";
  return null;
};

const parseFormat = (chunk: Uint8Array): WavFormat => {
  const view = viewOf(chunk);
  let tag = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockAlign = view.getUint16(12, true);
  const bitsPerSample = view.getUint16(14, true);
  if (tag === EXTENSIBLE) {
    const known = chunk.byteLength >= 40 && SUBTYPE_TAIL.every((byte, index) => chunk[26 + index] === byte);
    if (!known) throw audioError("audio_unsupported", "The WAV file's extensible format is not one of the standard ones.");
    tag = view.getUint16(24, true);
  }
  const encoding = encodingOf(tag, bitsPerSample);
  const bytesPerSample = bitsPerSample / 8;
  if (encoding === null || channels === 0 || sampleRate === 0 || blockAlign !== channels * bytesPerSample) {
    throw audioError(
      "audio_unsupported",
      `WAV format ${tag} with ${channels} channels of ${bitsPerSample} bits in blocks of ${blockAlign} bytes is not supported.`,
    );
  }
  return { encoding, channels, sampleRate, bitsPerSample, bytesPerSample };
};

/**
 * Reads a WAV file's header and leaves the reader at the first sample. Chunks that are not needed (LIST, fact, bext, …)
 * are passed over wherever they stand.
 * @throws AppError `audio_not_wav` when the bytes are not RIFF/WAVE; `audio_unsupported` for formats other than PCM of
 * 8, 16 or 24 bits, µ-law and A-law, and for a header that makes no sense; `audio_truncated` when it ends too soon
 */
export const readWavHeader = async (source: ByteReader): Promise<WavHeader> => {
  const riff = await source.read(12);
  if (riff === null || ascii(riff, 0) !== "RIFF" || ascii(riff, 8) !== "WAVE") throw audioError("audio_not_wav", "The audio is not a WAV file.");
  let format: WavFormat | null = null;
  for (;;) {
    const head = await source.read(8);
    if (head === null) throw audioError("audio_truncated", "The WAV file ends before its samples.");
    const id = ascii(head, 0);
    const size = viewOf(head).getUint32(4, true);
    if (id === "data") {
      if (format === null) throw audioError("audio_unsupported", "The WAV file has samples before it says their format.");
      return { format, dataOffset: source.position, dataBytes: size === 0 || size >= UNKNOWN_FROM ? null : size };
    }
    // RIFF: a chunk of odd size is followed by one byte of padding that its size does not count.
    const padded = size + (size & 1);
    if (source.position + padded > MAX_HEADER_BYTES) throw audioError("audio_unsupported", "The WAV file's header is too large.");
    if (id === "fmt ") {
      if (size < 16 || size > MAX_FMT_BYTES) throw audioError("audio_unsupported", `A WAV format chunk of ${size} bytes is not supported.`);
      const chunk = await source.read(padded);
      if (chunk === null) throw audioError("audio_truncated", "The WAV file ends inside its header.");
      format = parseFormat(chunk.subarray(0, size));
    } else if (!(await source.skip(padded))) {
      throw audioError("audio_truncated", "The WAV file ends inside its header.");
    }
  }
};
