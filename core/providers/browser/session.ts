import type { Browser, BrowserWorker, Page } from "@cloudflare/puppeteer";
import { AppError, vendorError } from "../../errors.ts";

const withDeadline = async <T>(work: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(vendorError("browser_timeout", "The page was not ready in time.", { retryable: true })), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Opens a browser with one page, and closes it whatever happens.
 * @throws AppError (every failure) 502 `browser_unavailable`, `browser_timeout`, or what `work` throws
 */
export const withBrowserPage = async <T>(binding: BrowserWorker, timeoutMs: number, work: (page: Page) => Promise<T>): Promise<T> => {
  let browser: Browser | undefined;
  const open = async (): Promise<T> => {
    // Large, and no lead needs it: it costs nothing before somebody asks for a page.
    const { default: puppeteer } = await import("@cloudflare/puppeteer");
    browser = await puppeteer.launch(binding);
    return work(await browser.newPage());
  };
  try {
    return await withDeadline(open(), timeoutMs);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw vendorError("browser_unavailable", "The page could not be opened in the browser.", { retryable: true, cause: error });
  } finally {
    await browser?.close().catch(() => undefined);
  }
};
