/** The one format used here: 16-bit linear PCM, little endian, in a RIFF container; 8 kHz is a telephone's rate. */
export const SAMPLE_RATE = 8000;
export const BYTES_PER_SAMPLE = 2;
export const HEADER_BYTES = 44;

export function wavHeader(channels: number, frames: number): Buffer {
  const blockAlign = channels * BYTES_PER_SAMPLE;
  const size = frames * blockAlign;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0, "ascii");
  header.writeUInt32LE(HEADER_BYTES - 8 + size, 4);
  header.write("WAVEfmt ", 8, "ascii");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * blockAlign, 28);
  header.writeUInt16LE(blockAlign, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write("data", 36, "ascii");
  header.writeUInt32LE(size, 40);
  return header;
}

export interface WavFormat {
  readonly channels: number;
  readonly sampleRate: number;
  /** Where the samples begin. */
  readonly dataOffset: number;
  /** As the header says; a writer that streams may not have known it. */
  readonly dataBytes: number;
}

/** Reads the head of a WAV file, stepping over chunks that it does not know. Undefined when it is not 16-bit PCM. */
export function readWavFormat(head: Buffer): WavFormat | undefined {
  if (head.length < 12 || head.toString("ascii", 0, 4) !== "RIFF" || head.toString("ascii", 8, 12) !== "WAVE") return undefined;
  let format: { channels: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString("ascii", at, at + 4);
    const size = head.readUInt32LE(at + 4);
    if (name === "data") return format === undefined ? undefined : { ...format, dataOffset: at + 8, dataBytes: size };
    if (name === "fmt " && at + 24 <= head.length) {
      const encoding = head.readUInt16LE(at + 8);
      const bits = head.readUInt16LE(at + 22);
      // 0xFFFE is the extensible header, which some tools write for plain PCM too.
      if ((encoding !== 1 && encoding !== 0xfffe) || bits !== 16) return undefined;
      format = { channels: head.readUInt16LE(at + 10), sampleRate: head.readUInt32LE(at + 12) };
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}
