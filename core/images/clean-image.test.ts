import { describe, expect, it } from "vitest";
import { cleanImage, imageTypeOf } from "./clean-image.ts";
import { jpegOf, pngOf, SECRET, webpOf } from "./images.testing.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

describe("a picture", () => {
  it.each([
    ["JPEG", jpegOf({ width: 640, height: 480 }), "image/jpeg"],
    ["PNG", pngOf({ width: 640, height: 480 }), "image/png"],
    ["WebP", webpOf({ width: 640, height: 480 }), "image/webp"],
  ])("that is a %s keeps its size and loses what is written beside it", (_, file, type) => {
    expect(textOf(file)).toContain(SECRET);
    const clean = cleanImage(file);
    expect(clean).toMatchObject({ type, width: 640, height: 480 });
    expect(textOf(clean?.bytes ?? file)).not.toContain(SECRET);
    // Once clean, it stays as it is.
    expect(cleanImage(clean?.bytes ?? file)?.bytes).toEqual(clean?.bytes);
  });

  it("that was taken upright stays upright", () => {
    const clean = cleanImage(jpegOf({ width: 640, height: 480, orientation: 6 }));
    expect(clean).toMatchObject({ width: 480, height: 640 });
    expect(textOf(clean?.bytes ?? new Uint8Array())).not.toContain(SECRET);
    expect(cleanImage(clean?.bytes ?? new Uint8Array())).toEqual(clean);
  });

  it("that hides another behind its end loses it", () => {
    const file = jpegOf({ width: 640, height: 480 });
    const clean = cleanImage(Uint8Array.from([...file, ...jpegOf({ width: 10, height: 10 })]));
    expect(clean?.bytes).toEqual(cleanImage(file)?.bytes);
  });

  it("is told by what it holds, not by its name", () => {
    const others = ["<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "GIF89a", "%PDF-1.7", "", "\xff\xd8", "RIFF1234WAVE"];
    for (const other of others) expect(cleanImage(Uint8Array.from(other, (character) => character.charCodeAt(0)))).toBeNull();
    expect(imageTypeOf(new Uint8Array())).toBeNull();
  });

  it.each([["JPEG", jpegOf({ width: 64, height: 48 })], ["PNG", pngOf({ width: 64, height: 48 })], ["WebP", webpOf({ width: 64, height: 48 })]])("that is a %s and ends anywhere, or has any byte changed, is refused or read, and never hangs or throws", (_, file) => {
    for (let end = 0; end < file.length; end++) expect(() => cleanImage(file.slice(0, end))).not.toThrow();
    for (let at = 0; at < file.length; at++) {
      const broken = Uint8Array.from(file);
      broken[at] = 0xff;
      expect(() => cleanImage(broken)).not.toThrow();
    }
  });
});
