import { ascii, joined, unreadable, viewOf } from "./bytes.ts";

/*
 * JPEG (ITU-T T.81) as a list of segments. Kept: what is needed to show the picture, its colours (APP2 with an ICC profile, APP14) and
 * which way is up. Everything else of APPn and COM goes: Exif with place and camera, XMP, IPTC, thumbnails, and whatever follows
 * the picture's end (phones hide a second picture or a film there, with places of their own).
 */

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const START_OF_FRAME = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
/** Markers without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);

/** Exif's tag 0x0112 (Exif 2.3, 4.6.4): 1 to 8; 1 where there is none that can be read. */
const orientationOf = (segment: Uint8Array): number => {
  try {
    if (ascii(segment, 0, 6) !== "Exif\0\0") return 1;
    const tiff = viewOf(segment.subarray(6));
    const little = tiff.getUint16(0) === 0x4949;
    const directory = tiff.getUint32(4, little);
    const entries = tiff.getUint16(directory, little);
    for (let at = 0; at < Math.min(entries, 200); at++) {
      const entry = directory + 2 + at * 12;
      if (tiff.getUint16(entry, little) === 0x0112) {
        const value = tiff.getUint16(entry + 8, little);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
  } catch {
    // Broken Exif says nothing.
  }
  return 1;
};

/** Exif that says which way is up, and nothing else. */
const exifWith = (orientation: number): Uint8Array => Uint8Array.from([0xff, APP1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);

const isKept = (marker: number, body: Uint8Array): boolean => {
  if (marker === 0xe0) return ascii(body, 0, 5) === "JFIF\0";
  if (marker === 0xe2) return ascii(body, 0, 12) === "ICC_PROFILE\0";
  if (marker === 0xee) return ascii(body, 0, 5) === "Adobe";
  return !((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe);
};

/** Where the coded data of a scan end: at the next marker that is neither stuffing nor a restart. */
const endOfScan = (bytes: Uint8Array, from: number): number => {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return unreadable("the picture ends in the middle");
};

/** @throws ImageUnreadable */
export const cleanJpeg = (bytes: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; width: number; height: number } => {
  const view = viewOf(bytes);
  const kept: Uint8Array[] = [];
  let size: { width: number; height: number } | null = null;
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (at + 2 > bytes.length || bytes[at] !== 0xff) unreadable("not a JPEG's segments");
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) break;
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    if (at + 4 > bytes.length) unreadable("the picture ends in the middle");
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length || end < at + 4) unreadable("a segment is longer than the file");
    const body = bytes.subarray(at + 4, end);
    if (START_OF_FRAME.has(marker)) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker === APP1) orientation = orientation === 1 ? orientationOf(body) : orientation;
    if (marker === SOS) {
      const next = endOfScan(bytes, end);
      kept.push(bytes.subarray(at, next));
      at = next;
      continue;
    }
    if (isKept(marker, body)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (size === null) return unreadable("there is no picture in it");
  const turned = orientation >= 5;
  const start = Uint8Array.from([0xff, SOI]);
  const end = Uint8Array.from([0xff, EOI]);
  return {
    bytes: joined([start, ...(orientation === 1 ? [] : [exifWith(orientation)]), ...kept, end]),
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
  };
};
