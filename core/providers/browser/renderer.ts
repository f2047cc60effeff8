import type { BrowserWorker } from "@cloudflare/puppeteer";
import { vendorError } from "../../errors.ts";
import { createBrowserRule } from "../../security/egress/browser-rules.ts";
import type { UrlChecker } from "../../security/egress/resolve.ts";
import type { RenderPage } from "../../web/crawl.ts";
import { withBrowserPage } from "./session.ts";

/** Not needed to read a page, and most of its bytes. */
const LEFT_OUT = new Set(["image", "media", "font", "websocket", "eventsource"]);

/**
 * Cloudflare's Browser Rendering: a page's HTML once its scripts have run. Every request that the page makes is asked about
 * first, by the list that our own fetches obey; pictures, media, fonts and sockets are left out.
 * @throws AppError (every failure) 502 `browser_unavailable`, `browser_timeout`, `browser_too_large`
 */
export const createPageRenderer = ({ binding, check }: { binding: BrowserWorker; check: UrlChecker }): RenderPage =>
  async (url, { userAgent, timeoutMs, maxBytes }) => {
    const { url: checked } = await check(url);
    const mayAsk = createBrowserRule(check);
    return withBrowserPage(binding, timeoutMs, async (page) => {
      await page.setUserAgent(userAgent);
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        void (async () => {
          const allowed = !LEFT_OUT.has(request.resourceType()) && (await mayAsk(request.url()));
          await (allowed ? request.continue() : request.abort());
          // A page that is closing answers neither.
        })().catch(() => undefined);
      });
      const answer = await page.goto(checked.href, { waitUntil: "networkidle0", timeout: timeoutMs });
      const html = await page.content();
      if (html.length > maxBytes) throw vendorError("browser_too_large", "The page is larger than allowed.", { retryable: false });
      return { url: page.url(), html, ...(answer === null ? {} : { status: answer.status(), retryAfter: answer.headers()["retry-after"] ?? null }) };
    });
  };
