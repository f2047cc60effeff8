import { ascii, joined, unreadable, viewOf } from "./bytes.ts";

/** RIFF container (developers.google.com/speed/webp/docs/riff_container): Exif, XMP and what is unknown go. */
const KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** In the flags of VP8X: Exif and XMP. */
const METADATA_FLAGS = 0x08 | 0x04;

const sizeOf = (type: string, body: Uint8Array): { width: number; height: number } | null => {
  const view = viewOf(body);
  if (type === "VP8X" && body.length >= 10) return { width: 1 + (view.getUint32(4, true) & 0xffffff), height: 1 + (view.getUint16(7, true) | ((body[9] ?? 0) << 16)) };
  if (type === "VP8 " && body.length >= 10) return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  if (type === "VP8L" && body.length >= 5) {
    const bits = view.getUint32(1, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  return null;
};

/** @throws ImageUnreadable */
export const cleanWebp = (bytes: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; width: number; height: number } => {
  const view = viewOf(bytes);
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const kept: Uint8Array[] = [];
  let size: { width: number; height: number } | null = null;
  for (let at = 12; at + 8 <= end; ) {
    const length = view.getUint32(at + 4, true);
    const next = at + 8 + length + (length % 2);
    if (at + 8 + length > end) unreadable("a chunk is longer than the file");
    const type = ascii(bytes, at, 4);
    const body = bytes.subarray(at + 8, at + 8 + length);
    size ??= sizeOf(type, body);
    if (KEPT.has(type)) {
      const chunk = Uint8Array.from(bytes.subarray(at, Math.min(next, bytes.length)));
      if (type === "VP8X") chunk[8] = (chunk[8] ?? 0) & ~METADATA_FLAGS;
      kept.push(chunk);
    }
    at = next;
  }
  if (size === null) return unreadable("there is no picture in it");
  const whole = joined([bytes.subarray(0, 12), ...kept]);
  viewOf(whole).setUint32(4, whole.length - 8, true);
  return { bytes: whole, ...size };
};
