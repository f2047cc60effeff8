import { ascii, joined, unreadable, viewOf } from "./bytes.ts";

const SIGNATURE_BYTES = 8;
/** Chunks that are needed to show the picture and its colours (PNG, 3rd edition, 11); text, times, Exif and what is unknown go. */
const KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"]);

/** @throws ImageUnreadable */
export const cleanPng = (bytes: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; width: number; height: number } => {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  let size: { width: number; height: number } | null = null;
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + 12 > bytes.length) unreadable("the picture ends in the middle");
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) unreadable("a chunk is longer than the file");
    const type = ascii(bytes, at + 4, 4);
    if (type === "IHDR") size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === "IEND") break;
    at = end;
  }
  if (size === null) return unreadable("there is no picture in it");
  return { bytes: joined(kept), ...size };
};
