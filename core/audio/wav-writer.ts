import { FORMAT_TAG, type WavFormat } from "./wav-header.ts";

/** What a header says when the length is not known as it is written: the mark that ffmpeg leaves, and players accept. */
const UNKNOWN = 0xffffffff;

const putAscii = (view: DataView, at: number, text: string): void => {
  for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
};

/** Bytes that `monoHeader` takes: PCM has the plain 16-byte format chunk; all else needs `cbSize` and a fact chunk (RFC 2361). */
export const monoHeaderBytes = (format: WavFormat): number => (format.encoding === "pcm" ? 44 : 58);

/**
 * The header of a WAV file with one channel in the given format.
 * @param dataBytes bytes of samples that will follow, without padding; null when not known
 */
export const monoHeader = (format: WavFormat, dataBytes: number | null): Uint8Array<ArrayBuffer> => {
  const length = monoHeaderBytes(format);
  const view = new DataView(new ArrayBuffer(length));
  const formatBytes = format.encoding === "pcm" ? 16 : 18;
  putAscii(view, 0, "RIFF");
  view.setUint32(4, dataBytes === null ? UNKNOWN : length - 8 + dataBytes + (dataBytes & 1), true);
  putAscii(view, 8, "WAVE");
  putAscii(view, 12, "fmt ");
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, FORMAT_TAG[format.encoding], true);
  view.setUint16(22, 1, true);
  view.setUint32(24, format.sampleRate, true);
  view.setUint32(28, format.sampleRate * format.bytesPerSample, true);
  view.setUint16(32, format.bytesPerSample, true);
  view.setUint16(34, format.bitsPerSample, true);
  if (format.encoding !== "pcm") {
    putAscii(view, 38, "fact");
    view.setUint32(42, 4, true);
    view.setUint32(46, dataBytes === null ? UNKNOWN : dataBytes / format.bytesPerSample, true);
  }
  putAscii(view, length - 8, "data");
  view.setUint32(length - 4, dataBytes ?? UNKNOWN, true);
  return new Uint8Array(view.buffer);
};
