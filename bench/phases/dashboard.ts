import type { BrowserContext, Page } from "playwright-core";
import { freePort } from "../../scripts/lib/ports.ts";
import { percentile } from "../../core/stats/percentile.ts";
import type { Bench } from "../lib/bench.ts";
import { newVisitor, openDashboard, signIn, weighLoads } from "../lib/dashboard.ts";
import { fillDatabase } from "../lib/fill.ts";
import { ownerPhone } from "../lib/people.ts";
import { rollUp } from "../lib/roll-up.ts";
import { createBusinesses, signUp } from "../lib/tenants.ts";

const SIZES = {
  full: { leads: 100_000, times: 9, scrolled: 2_000 },
  quick: { leads: 5_000, times: 3, scrolled: 300 },
} as const;
const ROW = "[data-testid=lead-row]";
/** A frame that takes longer is felt as a stutter (w3c.github.io/longtasks). */
const LONG_FRAME_MS = 50;

interface Load {
  /** As gzip makes it, and how many requests. */
  bytes: number;
  requests: number;
  p50: number;
  p95: number;
}

export interface DashboardFigures {
  leads: number;
  times: number;
  chromium: string;
  /** Of somebody who was never here, to the form for signing in: until it can be typed into. */
  signIn: Load;
  /** Of somebody who is signed in and has nothing cached, to the leads: until the first rows are shown. */
  firstRows: Load;
  /** From the person's act to what was asked for. */
  interactions: Record<string, { p50: number; p95: number }>;
  /** Going down the list, page by page. */
  scroll: { rows: number; ms: number; longFrames: number; longestFrameMs: number; nodes: number; heapBytes: number };
}

const spread = (values: readonly number[]) => ({ p50: percentile(values, 50), p95: percentile(values, 95) });

/** When something was there, in ms since the page began to load; looked at each frame. */
const shownAt = async (page: Page, selector: string): Promise<number> => {
  const shown = await page.waitForFunction((wanted) => (document.querySelector(wanted) === null ? null : performance.now()), selector, { polling: "raf" });
  return Number(await shown.jsonValue());
};

const load = async (open: () => Promise<Page>, url: string, selector: string, times: number): Promise<Load> => {
  const taken: number[] = [];
  let weight = { bytes: 0, requests: 0 };
  for (let turn = 0; turn < times; turn += 1) {
    const page = await open();
    const weigh = weighLoads(page);
    await page.goto(url);
    taken.push(await shownAt(page, selector));
    await page.waitForLoadState("networkidle");
    weight = await weigh();
    await page.close();
  }
  return { ...weight, ...spread(taken) };
};

/** In the page: ms from the person's act (its click or change) until the condition holds, looked at each frame. */
const timed = async (page: Page, event: "click" | "change" | "input", act: () => Promise<unknown>, isDone: string): Promise<number> => {
  await page.evaluate((name) => window.addEventListener(name, () => performance.mark("act"), { capture: true, once: true }), event);
  await act();
  const done = await page.waitForFunction(`${isDone} ? performance.now() - performance.getEntriesByName("act").at(-1).startTime : null`, undefined, { polling: "raf" });
  return Number(await done.jsonValue());
};

const allRows = (condition: string): string => `(() => { const rows = [...document.querySelectorAll("${ROW}")]; return rows.length > 0 && rows.every((row) => ${condition}); })()`;

const interact = async (page: Page, url: string, leads: number, times: number): Promise<DashboardFigures["interactions"]> => {
  const taken: Record<string, number[]> = { "filter by status": [], "open a lead": [], "search (250 ms of it is the wait for more letters)": [] };
  const note = async (name: string, ms: Promise<number>): Promise<void> => void taken[name]?.push(await ms);
  for (let turn = 0; turn <= times; turn += 1) {
    await page.goto(url);
    await page.locator(ROW).first().waitFor();
    if (turn === 0) continue;
    await note("filter by status", timed(page, "change", async () => page.getByRole("combobox", { name: "Status", exact: true }).selectOption("won"), allRows('row.textContent.includes("Booked")')));
    await note("open a lead", timed(page, "click", async () => page.locator(ROW).first().click(), 'document.querySelector("main h1, h1")?.textContent?.startsWith("Visitor ") === true'));
    await page.goto(url);
    await page.locator(ROW).first().waitFor();
    await note("search (250 ms of it is the wait for more letters)", timed(page, "input", async () => page.getByRole("searchbox").fill(`job${leads - turn}`), allRows(`row.textContent.includes("Visitor ${leads - turn}")`)));
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, spread(values)]));
};

/** Watches the frames that a page draws. @returns how long each took, when asked */
const watchFrames = async (page: Page): Promise<() => Promise<number[]>> => {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    let last = performance.now();
    const next = (): void => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  return async () => page.evaluate(() => (window as unknown as { frames: number[] }).frames);
};

const scroll = async (page: Page, url: string, rows: number): Promise<DashboardFigures["scroll"]> => {
  await page.goto(url);
  await page.locator(ROW).first().waitFor();
  const frames = await watchFrames(page);
  const begun = performance.now();
  let reached = 0;
  while (reached < rows) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const more = await page.waitForFunction((before) => {
      const last = Math.max(...[...document.querySelectorAll("li[aria-posinset]")].map((row) => Number(row.getAttribute("aria-posinset"))));
      return last > before ? last : null;
    }, reached, { polling: "raf" });
    reached = Number(await more.jsonValue());
  }
  const ms = performance.now() - begun;
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  const all = await frames();
  return { rows: reached, ms, longFrames: all.filter((frame) => frame > LONG_FRAME_MS).length, longestFrameMs: Math.max(...all), nodes: metric("Nodes"), heapBytes: metric("JSHeapUsedSize") };
};

/** A further window of somebody signed in, whose browser keeps nothing but that, as on the first visit after a deployment. */
const uncached = (signedIn: BrowserContext) => async (): Promise<Page> => {
  const page = await signedIn.newPage();
  const session = await signedIn.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  return page;
};

/** The dashboard in a real Chromium, before a real Worker whose business has very many leads. */
export const measureDashboard = async (bench: Bench): Promise<DashboardFigures> => {
  const { quick, stateDir, start, say } = bench;
  const { leads, times, scrolled } = quick ? SIZES.quick : SIZES.full;
  const port = await freePort();
  const options = { kind: "product", state: "product", callsPerSecond: 1000, cron: false, vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } } as const;
  const first = await start(options);
  const account = await signUp(first.url);
  const [business] = await createBusinesses(account, "dashboard", 1, () => [ownerPhone(0)]);
  if (business === undefined) throw new Error("There is no business.");
  await first.stop();
  const own = `${stateDir}/${options.state}`;
  await fillDatabase(own, { projectId: business.projectId, leads, neighbours: 0, now: Date.now() });
  const { url: api } = await start(options);
  await rollUp(api, own);
  say(`${leads} leads; the dashboard is built`);
  const { url, browser } = await openDashboard(bench, { port, api });
  say("somebody new opens it");
  const newcomer = await load(async () => newVisitor(browser), `${url}/sign-in`, "input[type=password]", times);
  const page = await newVisitor(browser);
  await signIn(page, url, account);
  const list = `${url}/${business.projectId}/leads`;
  // What it follows live would be at work meanwhile.
  await page.goto("about:blank");
  const firstRows = await load(uncached(page.context()), list, ROW, times);
  say("filters, leads and words are tried");
  const interactions = await interact(page, list, leads, times);
  say("down the list");
  return { leads, times, chromium: browser.version(), signIn: newcomer, firstRows, interactions, scroll: await scroll(page, list, scrolled) };
};
