/* Files with as little in them as can be, and with what cameras write beside the picture. They need not be shown, only read. */

export const SECRET = "GPS-36.8485,174.7633";
const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const le32 = (value: number): number[] => u32(value).reverse();

interface Size {
  width: number;
  height: number;
}

const segment = (marker: number, body: number[]): number[] => [0xff, marker, ...u16(body.length + 2), ...body];

export const jpegOf = ({ width, height, orientation = 1 }: Size & { orientation?: number }): Uint8Array<ArrayBuffer> => {
  const exif = [...text("Exif\0\0II"), 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0, ...text(SECRET)];
  return Uint8Array.from([
    0xff, 0xd8,
    ...segment(0xe0, [...text("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segment(0xe1, exif),
    ...segment(0xe1, text(`http://ns.adobe.com/xap/1.0/\0${SECRET}`)),
    ...segment(0xed, text(`Photoshop 3.0\0${SECRET}`)),
    ...segment(0xfe, text(SECRET)),
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...segment(0xc0, [8, ...u16(height), ...u16(width), 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56,
    0xff, 0xd9,
  ]);
};

const chunk = (type: string, body: number[]): number[] => [...u32(body.length), ...text(type), ...body, 0, 0, 0, 0];

export const pngOf = ({ width, height }: Size): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, ...chunk("IHDR", [...u32(width), ...u32(height), 8, 2, 0, 0, 0]), ...chunk("tEXt", text(`Location\0${SECRET}`)), ...chunk("eXIf", text(SECRET)), ...chunk("IDAT", [1, 2, 3]), ...chunk("IEND", [])]);

const riff = (type: string, body: number[]): number[] => [...text(type), ...le32(body.length), ...body, ...(body.length % 2 === 1 ? [0] : [])];

export const webpOf = ({ width, height }: Size): Uint8Array<ArrayBuffer> => {
  const three = (value: number): number[] => le32(value).slice(0, 3);
  const chunks = [...riff("VP8X", [0x0c, 0, 0, 0, ...three(width - 1), ...three(height - 1)]), ...riff("VP8L", [0x2f, 1, 2, 3, 4]), ...riff("EXIF", text(SECRET)), ...riff("XMP ", text(`${SECRET}!`))];
  return Uint8Array.from([...text("RIFF"), ...le32(chunks.length + 4), ...text("WEBP"), ...chunks]);
};
