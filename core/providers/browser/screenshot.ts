import type { BrowserWorker } from "@cloudflare/puppeteer";
import { withBrowserPage } from "./session.ts";

export interface ScreenshotOptions {
  /** In CSS pixels, which are the picture's too. */
  width: number;
  height: number;
  timeoutMs: number;
}

/** A PNG of a document of our own. */
export type TakeScreenshot = (html: string, options: ScreenshotOptions) => Promise<Uint8Array>;

/**
 * Cloudflare's Browser Rendering: a picture of a document that is handed over whole. Nothing in it runs, and nothing is fetched for it.
 * @throws AppError (every failure) 502 `browser_unavailable`, `browser_timeout`, both worth trying again
 */
export const createScreenshotTaker =
  ({ binding }: { binding: BrowserWorker }): TakeScreenshot =>
  async (html, { width, height, timeoutMs }) =>
    withBrowserPage(binding, timeoutMs, async (page) => {
      await page.setJavaScriptEnabled(false);
      await page.setOfflineMode(true);
      await page.setViewport({ width, height, deviceScaleFactor: 1 });
      await page.goto(`data:text/html;charset=utf-8;base64,${btoa(String.fromCharCode(...new TextEncoder().encode(html)))}`, { waitUntil: "load", timeout: timeoutMs });
      return new Uint8Array(await page.screenshot({ type: "png", clip: { x: 0, y: 0, width, height } }));
    });
