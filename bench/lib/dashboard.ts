import path from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/lib/browser-cache.ts";
import { buildDashboard, serveDashboard } from "../../scripts/lib/dashboard.ts";
import type { Bench } from "./bench.ts";
import { type Account, PASSWORD } from "./tenants.ts";

const SIZE = { width: 1280, height: 860 };

/** The dashboard as it is deployed, before a Worker, and a Chromium to look at it with. Both are closed with the phase. */
export const openDashboard = async ({ stateDir, closing }: Bench, { port, api }: { port: number; api: string }): Promise<{ url: string; browser: Browser }> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium on this machine, and npm has none for it: set CHROME_PATH.");
  const outDir = path.join(stateDir, "dashboard");
  await buildDashboard(outDir);
  const dashboard = await serveDashboard({ port, api, outDir });
  closing(async () => dashboard.close());
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  closing(async () => browser.close());
  return { url: dashboard.url, browser };
};

/** A window of somebody who was never here: nothing is cached. */
export const newVisitor = async (browser: Browser): Promise<Page> => (await browser.newContext({ viewport: SIZE, locale: "en-NZ" })).newPage();

/** Adds up what a page loads. A file's size is what gzip makes of it, as Cloudflare would send it; the local server sends it as it is. */
export const weighLoads = (page: Page): (() => Promise<{ bytes: number; requests: number }>) => {
  const loads: Promise<number>[] = [];
  const weigh = (response: { body: () => Promise<Buffer> }): void => void loads.push(response.body().then((body) => gzipSync(body).length, () => 0));
  page.on("response", weigh);
  return async () => {
    page.off("response", weigh);
    return { bytes: (await Promise.all(loads)).reduce((sum, bytes) => sum + bytes, 0), requests: loads.length };
  };
};

export const signIn = async (page: Page, url: string, { email }: Account): Promise<void> => {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/now$/);
};
