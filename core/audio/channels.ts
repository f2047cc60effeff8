import { ByteReader } from "./byte-reader.ts";
import { createSamplePicker } from "./sample-picker.ts";
import { readWavHeader, type WavFormat, type WavHeader } from "./wav-header.ts";
import { monoHeader, monoHeaderBytes } from "./wav-writer.ts";
import { audioError } from "./wav.errors.ts";

/** What is handed on at a time: a multiple of every sample width, so that no piece ends inside a sample. */
const PIECE_BYTES = 6 * 10_922;

export interface ExtractedChannel {
  /** The source's format, with the source's number of channels. */
  format: WavFormat;
  /** A mono WAV file: header, samples, and a byte of padding where RIFF asks for it. */
  stream: ReadableStream<Uint8Array>;
  /** Bytes of that file; null when neither the source's header nor the caller knew its length. */
  byteLength: number | null;
  /** Length of the audio in seconds; null as above. */
  durationS: number | null;
}

/** Bytes of one channel's samples, or null when unknown. What the file holds counts more than what its header claims. */
const channelBytes = ({ format, dataOffset, dataBytes }: WavHeader, totalBytes: number | undefined): number | null => {
  const present = totalBytes === undefined ? Infinity : Math.max(0, totalBytes - dataOffset);
  const interleaved = Math.min(dataBytes ?? Infinity, present);
  if (interleaved === Infinity) return null;
  return Math.floor(interleaved / (format.bytesPerSample * format.channels)) * format.bytesPerSample;
};

/**
 * Takes one channel out of a WAV file as it streams by: a mono WAV whose sample bytes are the source's own, copied and
 * never decoded. About 128 KiB are in memory at a time whatever the length, and nothing is read before it is asked for.
 * A file of one channel may be read too (channel 0), which gives it a clean header.
 * @param totalBytes size of the source in bytes, where known. It settles the length of a file whose header does not
 * know it, and lets a file that was cut short be read as far as it goes
 * @throws AppError those of `readWavHeader`, and `audio_unsupported` for a channel that is not there. The stream itself
 * fails with `audio_truncated` when the source ends before what its header promised and no `totalBytes` was given
 */
export const extractChannel = async (
  source: ReadableStream<Uint8Array>,
  channel: 0 | 1,
  { totalBytes }: { totalBytes?: number } = {},
): Promise<ExtractedChannel> => {
  const reader = new ByteReader(source);
  const header = await readWavHeader(reader)
    .then((read) => {
      if (read.format.channels <= 2 && channel < read.format.channels) return read;
      throw audioError("audio_unsupported", `Channel ${channel} of a WAV file with ${read.format.channels} channels cannot be taken.`);
    })
    .catch(async (error: unknown) => {
      // The reason the header is refused is the one worth knowing, not that the source would not close.
      await reader.cancel(error).catch(() => undefined);
      throw error;
    });
  const { format } = header;
  const expected = channelBytes(header, totalBytes);
  const stream = new ReadableStream<Uint8Array>(monoSource(reader, format, channel, expected), { highWaterMark: 0 });
  return {
    format,
    stream,
    byteLength: expected === null ? null : monoHeaderBytes(format) + expected + (expected & 1),
    durationS: expected === null ? null : expected / format.bytesPerSample / format.sampleRate,
  };
};

/** @param expected bytes of samples to give, or null for as many as come */
const monoSource = (reader: ByteReader, format: WavFormat, channel: number, expected: number | null): UnderlyingSource<Uint8Array> => {
  const picker = createSamplePicker(format, channel);
  let headerGiven = false;
  let given = 0;
  let unused: Uint8Array = new Uint8Array(0);

  /** The next piece of samples: shorter than asked for only at the end. */
  const nextPiece = async (): Promise<Uint8Array> => {
    const wanted = Math.min(PIECE_BYTES, expected === null ? PIECE_BYTES : expected - given);
    const piece = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      if (unused.byteLength === 0) {
        const next = await reader.take(PIECE_BYTES);
        if (next === null) break;
        unused = next;
      }
      const { used, written } = picker.pick(unused, 0, piece, filled);
      unused = unused.subarray(used);
      filled += written;
    }
    return piece.subarray(0, filled);
  };

  /** What follows the samples is of no use. Usually nothing does, and a source that is read to its end need not be torn down. */
  const letGo = async (): Promise<void> => {
    try {
      if ((await reader.take(PIECE_BYTES)) !== null) await reader.cancel();
    } catch {
      // The audio is complete; what the source does after it concerns nobody.
    }
  };

  return {
    async pull(controller) {
      if (!headerGiven) {
        headerGiven = true;
        controller.enqueue(monoHeader(format, expected));
        return;
      }
      const piece = await nextPiece();
      given += piece.byteLength;
      if (piece.byteLength > 0) controller.enqueue(piece);
      if (given === expected || piece.byteLength < PIECE_BYTES) {
        if (expected !== null && given < expected) throw audioError("audio_truncated", "The WAV file ends before its header says it does.");
        if ((given & 1) === 1) controller.enqueue(new Uint8Array(1));
        controller.close();
        await letGo();
      }
    },
    async cancel(reason) {
      await reader.cancel(reason);
    },
  };
};
