import { deflateSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { cleanImage } from "./clean-image.ts";
import { withPalette } from "./palette-png.ts";

type Rgb = readonly [number, number, number];
const u32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const chunk = (type: string, body: Iterable<number>): number[] => {
  const bytes = [...body];
  return [...u32(bytes.length), ...new TextEncoder().encode(type), ...bytes, 0, 0, 0, 0];
};
const paeth = (a: number, b: number, c: number): number => {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** A PNG of these pixels, each row filtered in another of the five ways. */
const pngOf = (width: number, height: number, colour: (x: number, y: number) => Rgb, alpha?: number): Uint8Array<ArrayBuffer> => {
  const size = alpha === undefined ? 3 : 4;
  const rows = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => [...colour(x, y), ...(alpha === undefined ? [] : [alpha])]).flat());
  const filtered = rows.flatMap((row, y) => {
    const filter = y % 5;
    return [filter, ...row.map((value, at) => {
      const [left, up, corner] = [at < size ? 0 : (row[at - size] ?? 0), rows[y - 1]?.[at] ?? 0, at < size ? 0 : (rows[y - 1]?.[at - size] ?? 0)];
      return (value - ([0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0)) & 255;
    })];
  });
  return Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, ...chunk("IHDR", [...u32(width), ...u32(height), 8, size === 3 ? 2 : 6, 0, 0, 0]), ...chunk("IDAT", deflateSync(Uint8Array.from(filtered), { level: 0 })), ...chunk("IEND", [])]);
};

/** The pixels of a PNG with a palette and no filters. */
const pixelsOf = (png: Uint8Array): Rgb[] => {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) chunks.set(String.fromCharCode(...png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + view.getUint32(at)));
  const width = view.getUint32(16);
  const [palette, rows] = [chunks.get("PLTE") ?? new Uint8Array(), inflateSync(chunks.get("IDAT") ?? new Uint8Array())];
  return [...rows].filter((_, at) => at % (width + 1) !== 0).map((entry) => [palette[entry * 3] ?? 0, palette[entry * 3 + 1] ?? 0, palette[entry * 3 + 2] ?? 0]);
};

const FLAT: Rgb[] = [[246, 244, 238], [11, 92, 74], [179, 64, 42], [255, 255, 255]];
const drawing = (x: number, y: number): Rgb => FLAT[(x * 7 + y * 3 + ((x * y) >> 3)) % FLAT.length] ?? [0, 0, 0];

describe("a drawing with a palette", () => {
  it.each([undefined, 255])("is the same picture in less, whatever its filters (alpha %s)", async (alpha) => {
    const png = pngOf(40, 25, drawing, alpha);
    const small = await withPalette(png);
    expect(small.length).toBeLessThan(png.length / 3);
    expect(cleanImage(small)).toMatchObject({ type: "image/png", width: 40, height: 25 });
    expect(pixelsOf(small)).toEqual(Array.from({ length: 25 }, (_, y) => Array.from({ length: 40 }, (_, x) => drawing(x, y))).flat());
    expect(await withPalette(png)).toEqual(small);
  });

  it("of more shades than it has room for is nearly the same", async () => {
    const shade = (x: number, y: number): Rgb => [x * 4, y * 4, 128];
    const pixels = pixelsOf(await withPalette(pngOf(60, 60, shade)));
    const furthest = Math.max(...pixels.map(([r, g, b], at) => Math.hypot(r - (at % 60) * 4, g - Math.floor(at / 60) * 4, b - 128)));
    expect(furthest).toBeLessThan(28);
  });

  it("is left as it was where it is none: see-through, too many shades, or not to be read", async () => {
    const clear = pngOf(10, 10, drawing, 128);
    expect(await withPalette(clear)).toBe(clear);
    const photo = pngOf(160, 160, (x, y) => [x, y, (x * y) % 256]);
    expect(await withPalette(photo)).toBe(photo);
  });
});
