import { mkdirSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { findChromium } from "../../../scripts/lib/browser-cache.ts";
import { buildDashboard, type Dashboard, serveDashboard } from "../../../scripts/lib/dashboard.ts";
import { ROOT } from "../../../scripts/lib/wrangler.ts";
import type { House } from "./house.ts";
import { madeOnce } from "./made-once.ts";

/** Where a run puts the pictures that docs show, when asked to (`npm run screenshots`). */
const PICTURES = process.env["SCREENSHOTS"] === undefined ? null : path.resolve(ROOT, process.env["SCREENSHOTS"]);

/** A list that goes on as one scrolls would go on for ever. */
const TALLEST = 4_000;
/** A telephone's window. */
export const PHONE = { width: 360, height: 760 };

export interface Screens {
  readonly url: string;
  /** A person's browser: nothing is shared with another's. One that a test opens is closed when the test is over. */
  visitor(size?: { width: number; height: number }): Promise<Page>;
  /** Signs in by the form on the way to an address, and waits until the screen there follows what happens. @param where a path; where one comes to by oneself when left out */
  signIn(page: Page, credentials: { email: string; password: string }, where?: string): Promise<void>;
  /** No violation of WCAG 2.2 A and AA that axe can see, and nothing wider than the window. */
  expectAccessible(page: Page, name: string): Promise<void>;
  /** Kept for the docs, when asked to. */
  picture(page: Page, name: string): Promise<void>;
}

const violationsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (context: Document, options: unknown) => Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } }).axe;
    return run.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));
};

/** The dashboard as it is deployed, before a house, in a real Chromium. @param port that the house's DASHBOARD_ORIGINS names */
export const useScreens = (house: House, port: number): Screens => {
  let dashboard: Dashboard | undefined;
  let browser: Browser | undefined;
  const problems: string[] = [];
  let ofThisTest: BrowserContext[] | undefined;

  beforeEach(() => {
    ofThisTest = [];
  });
  // A page that stays open asks anew for all that it shows, at each thing that happens.
  afterEach(async () => {
    await Promise.all((ofThisTest ?? []).map(async (context) => context.close()));
    ofThisTest = undefined;
  });

  beforeAll(async () => {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error("There is no Chromium on this machine, and npm has none for it: set CHROME_PATH.");
    dashboard = await serveDashboard({ port, api: house.url, outDir: await madeOnce("dashboard", buildDashboard) });
    // Drawn without a graphics processor or its imitation: a tenth of the processor less.
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"] });
  });
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
    expect(problems, "errors in the page").toEqual([]);
  });

  return {
    get url() { return dashboard?.url ?? ""; },
    async visitor(size = { width: 1280, height: 860 }) {
      const context = await (browser as Browser).newContext({ viewport: size, locale: "en-NZ", reducedMotion: "reduce" });
      ofThisTest?.push(context);
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(error.message));
      // What React's boundaries catch is no error of the page's, but of the same interest to whoever reads a failed test.
      page.on("console", (message) => { if (message.type() === "error") console.error(`In the page: ${message.text()}`); });
      return page;
    },
    async signIn(page, { email, password }, where) {
      await page.goto(`${dashboard?.url}/sign-in${where === undefined ? "" : `?to=${encodeURIComponent(where)}`}`);
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(where === undefined ? /\/now$/ : (url) => url.pathname !== "/sign-in");
      await page.getByRole("status").getByText("Live", { exact: true }).waitFor({ state: "attached" });
    },
    async expectAccessible(page, name) {
      const size = page.viewportSize() ?? PHONE;
      const height = await page.evaluate(() => (document.querySelector("[role=dialog]") === null ? document.documentElement.scrollHeight : 0));
      // All of it at once: what a bar that stays lies over at this moment comes out from under it when one scrolls.
      const whole = height > size.height && height < TALLEST;
      if (whole) await page.setViewportSize({ ...size, height });
      expect(await violationsOf(page), `axe on ${name}`).toEqual([]);
      if (whole) await page.setViewportSize(size);
      const tooWide = await page.evaluate(() => {
        const edge = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= edge) return [];
        const scrolls = (element: Element | null): boolean => element !== null && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
        const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > edge + 0.5 && !scrolls(element.parentElement));
        return ["the page", ...wide.map((element) => element.outerHTML.slice(0, 200)).slice(0, 5)];
      });
      expect(tooWide, `what makes ${name} wider than the window`).toEqual([]);
    },
    async picture(page, name) {
      if (PICTURES === null) return;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
    },
  };
};
