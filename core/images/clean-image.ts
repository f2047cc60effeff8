import { ascii, ImageUnreadable } from "./bytes.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

export type ImageType = "image/png" | "image/jpeg" | "image/webp";

export interface CleanImage {
  type: ImageType;
  bytes: Uint8Array<ArrayBuffer>;
  /** As it is shown, in px. */
  width: number;
  height: number;
}

/** What a file is by its first bytes, whatever it is called; null: none that we take (SVG among them: it is a program). */
export const imageTypeOf = (bytes: Uint8Array): ImageType | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  if (ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return "image/webp";
  return null;
};

/**
 * The picture without what a camera or a program wrote beside it: place, time, device, owner. It is not decoded, so that what cannot be
 * shown may pass; no more than it is kept.
 * @returns null for what is no JPEG, PNG or WebP that can be read to its end
 */
export const cleanImage = (bytes: Uint8Array): CleanImage | null => {
  const type = imageTypeOf(bytes);
  if (type === null) return null;
  const clean = { "image/jpeg": cleanJpeg, "image/png": cleanPng, "image/webp": cleanWebp }[type];
  try {
    return { type, ...clean(bytes) };
  } catch (error) {
    if (error instanceof ImageUnreadable || error instanceof RangeError) return null;
    throw error;
  }
};
