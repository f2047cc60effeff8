import { ascii, joined, viewOf } from "./bytes.ts";

/*
 * A browser's screenshot is 24 bits a pixel, filtered as photographs are. A drawing of a few flat colours is a half to a third of that with
 * a palette (PNG, 3rd edition: 11.2.1 PLTE, 9 filters).
 */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const MOST_COLOURS = 256;
/** More than this is no drawing: left as it is. */
const MOST_SHADES = 8_000;

const through = async (bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});
const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

const chunk = (type: string, body: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(body.length + 12);
  const view = viewOf(whole);
  view.setUint32(0, body.length);
  whole.set(Uint8Array.from(type, (letter) => letter.charCodeAt(0)), 4);
  whole.set(body, 8);
  view.setUint32(body.length + 8, crcOf(whole.subarray(4, body.length + 8)));
  return whole;
};

const paeth = (a: number, b: number, c: number): number => {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** Takes the filters out, in place of the rows' own bytes. */
const unfiltered = (raw: Uint8Array, width: number, height: number, size: number): Uint8Array => {
  const stride = width * size;
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)] ?? 0;
    for (let at = 0; at < stride; at++) {
      const here = row * stride + at;
      const left = at >= size ? (out[here - size] ?? 0) : 0;
      const up = row > 0 ? (out[here - stride] ?? 0) : 0;
      const corner = row > 0 && at >= size ? (out[here - stride - size] ?? 0) : 0;
      const guess = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      out[here] = (raw[row * (stride + 1) + 1 + at] ?? 0) + guess;
    }
  }
  return out;
};

const distance = (a: number, b: number): number => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

/** The commonest shades first, each only if none nearer than `near` (squared) is there yet; null: there is no room for all that are left. */
const chosen = (ordered: readonly number[], near: number): number[] | null => {
  const palette: number[] = [];
  for (const shade of ordered) {
    if (palette.some((other) => distance(other, shade) < near)) continue;
    if (palette.length === MOST_COLOURS) return null;
    palette.push(shade);
  }
  return palette;
};

/** As fine a palette as has room, so that the commonest shades stay what they are and the rarest find one like them. */
const paletteOf = (shades: ReadonlyMap<number, number>): { colours: readonly number[]; entries: Map<number, number> } => {
  const ordered = [...shades].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([shade]) => shade);
  let near = 1;
  let palette = chosen(ordered, near);
  while (palette === null) palette = chosen(ordered, (near = Math.ceil(near * 1.5)));
  const colours = palette;
  const nearest = (shade: number): number => {
    let best = 0;
    for (let at = 1; at < colours.length; at++) if (distance(colours[at] ?? 0, shade) < distance(colours[best] ?? 0, shade)) best = at;
    return best;
  };
  return { colours, entries: new Map(ordered.map((shade) => [shade, nearest(shade)])) };
};

/**
 * The same picture with a palette, if it is a drawing: 8 bits a channel, opaque, not interlaced, of not too many shades. Of more than 256
 * those that differ least become one. Everything else comes back as it was. The same input gives the same bytes.
 */
export const withPalette = async (png: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
  const view = viewOf(png);
  const data: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= png.length; at += 12 + view.getUint32(at)) if (ascii(png, at + 4, 4) === "IDAT") data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  const [width, height, depth, type, interlaced] = [view.getUint32(16), view.getUint32(20), png[24], png[25], png[28]];
  const size = type === 2 ? 3 : type === 6 ? 4 : 0;
  if (depth !== 8 || size === 0 || interlaced !== 0) return png;
  // What cannot be unpacked is no business of ours: whoever shows it will see.
  const raw = await through(joined(data), new DecompressionStream("deflate")).catch(() => null);
  if (raw?.length !== height * (width * size + 1)) return png;
  const pixels = unfiltered(raw, width, height, size);
  const shades = new Map<number, number>();
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at++) {
    const from = at * size;
    if (size === 4 && pixels[from + 3] !== 255) return png;
    const shade = ((pixels[from] ?? 0) << 16) | ((pixels[from + 1] ?? 0) << 8) | (pixels[from + 2] ?? 0);
    colours[at] = shade;
    shades.set(shade, (shades.get(shade) ?? 0) + 1);
    if (shades.size > MOST_SHADES) return png;
  }
  const { colours: palette, entries } = paletteOf(shades);
  const rows = new Uint8Array(height * (width + 1));
  for (let at = 0; at < colours.length; at++) rows[Math.floor(at / width) + at + 1] = entries.get(colours[at] ?? 0) ?? 0;
  const header = Uint8Array.from([...png.subarray(16, 24), 8, 3, 0, 0, 0]);
  const small = joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(palette.flatMap((shade) => [shade >> 16, (shade >> 8) & 255, shade & 255]))),
    chunk("IDAT", await through(rows, new CompressionStream("deflate"))),
    chunk("IEND", new Uint8Array()),
  ]);
  return small.length < png.length ? small : png;
};
