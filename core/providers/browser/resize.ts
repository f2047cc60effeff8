import type { BrowserWorker } from "@cloudflare/puppeteer";
import { withBrowserPage } from "./session.ts";

export interface ResizableImage {
  bytes: Uint8Array;
  content_type: "image/png" | "image/jpeg" | "image/webp";
  width: number;
  height: number;
}

export interface ResizedImage {
  /** WebP. */
  bytes: Uint8Array;
  width: number;
  height: number;
}

/** Narrower copies of a picture, in the order of the widths (px), in its proportions. */
export type ResizeImage = (image: ResizableImage, widths: readonly number[], options: { timeoutMs: number }) => Promise<ResizedImage[]>;

/** Of 100: no difference to see in photos, at a third of the bytes of a telephone's JPEG. */
const QUALITY = 80;

/** Arguments of a call are limited, some 100,000 in V8. */
const CHUNK = 32_768;
const base64Of = (bytes: Uint8Array): string => {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(""));
};

/**
 * Cloudflare's Browser Rendering as a scaler of pictures: workerd has no decoder, and whoever sends a picture may send a broken one, which a
 * browser is built to bear. The document is ours, holds nothing but the picture, and nothing in it runs or is fetched.
 * @throws AppError (every failure) 502 `browser_unavailable`, `browser_timeout`, both worth trying again
 */
export const createImageResizer =
  ({ binding }: { binding: BrowserWorker }): ResizeImage =>
  async ({ bytes, content_type, width: full, height: fullHeight }, widths, { timeoutMs }) =>
    withBrowserPage(binding, timeoutMs, async (page) => {
      await page.setJavaScriptEnabled(false);
      await page.setOfflineMode(true);
      // Not by its address: browsers take none of more than 2 MB.
      await page.setContent(`<!doctype html><style>body{margin:0}img{display:block;width:100vw;height:100vh}</style><img alt="" src="data:${content_type};base64,${base64Of(bytes)}">`, { waitUntil: "load", timeout: timeoutMs });
      const copies: ResizedImage[] = [];
      for (const width of widths) {
        const height = Math.max(1, Math.round((fullHeight * width) / full));
        await page.setViewport({ width, height, deviceScaleFactor: 1 });
        copies.push({ width, height, bytes: new Uint8Array(await page.screenshot({ type: "webp", quality: QUALITY, clip: { x: 0, y: 0, width, height } })) });
      }
      return copies;
    });
