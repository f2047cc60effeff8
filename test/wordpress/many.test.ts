import { describe, expect, it } from "vitest";
import { AppError } from "../../core/errors.ts";
import type { OutgoingPage, StateOf } from "../../agents/pseo/publisher/target.ts";
import { outgoing } from "./support/pages.ts";
import { openTarget } from "./support/target.ts";
import { useWordpress } from "./support/use-wordpress.ts";

const wordpress = useWordpress();
/** 500 for figures: `WORDPRESS_PAGES=500 npm run test:wordpress -- many`. */
const PAGES = Number(process.env.WORDPRESS_PAGES ?? 20);
const AT_ONCE = 4;
const TELL_EVERY = 50;
/** As often as a page's run is tried. */
const MOST_TRIES = 10;

/** How many pages the site has, by its own count. */
const pagesThere = async (): Promise<number> => {
  const response = await fetch(`${wordpress().site.url}/wp-json/wp/v2/pages?per_page=1&_fields=id`);
  await response.arrayBuffer();
  return Number(response.headers.get("X-WP-Total"));
};

describe("many pages", () => {
  it("go out with three requests each, none of them twice however slow the site is, and with no request the second time", { timeout: 4 * 3_600_000 }, async () => {
    const { target } = await openTarget(wordpress());
    const pages = Array.from({ length: PAGES }, () => outgoing());
    const states = new Map<string, StateOf<"wordpress">>();
    let retries = 0;
    /** A site that has no answer in time is asked again, as a page's run is. */
    const publish = async (page: OutgoingPage): Promise<StateOf<"wordpress">> => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await target.publish(page, null);
        } catch (error) {
          if (!(error instanceof AppError) || !error.retryable || tries === MOST_TRIES) throw error;
          retries += 1;
        }
      }
    };
    const before = await pagesThere();
    wordpress().site.door.requests();
    const began = performance.now();
    const secondsSince = (): number => (performance.now() - began) / 1000;
    const waiting = [...pages];
    const work = async (): Promise<void> => {
      for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
        states.set(page.page_id, await publish(page));
        if (states.size % TELL_EVERY === 0) console.error(`${states.size} of ${PAGES} pages after ${secondsSince().toFixed(0)} s`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const seconds = secondsSince();
    const requests = wordpress().site.door.requests();
    console.error(`${PAGES} pages in ${seconds.toFixed(0)} s: ${((PAGES / seconds) * 3600).toFixed(0)} an hour, ${(requests.length / PAGES).toFixed(1)} requests each, ${((seconds / requests.length) * 1000).toFixed(0)} ms a request, ${retries} tried again`);
    // Whoever is tried again looks for what was done: at most all of a page's requests, and what tells its own from others'.
    expect(requests.length).toBeGreaterThanOrEqual(PAGES * 3);
    expect(requests.length).toBeLessThanOrEqual(PAGES * 3 + retries * 6);
    expect(new Set([...states.values()].map(({ url }) => url)).size).toBe(PAGES);
    expect([...states.values()].every(({ placement }) => placement === "live")).toBe(true);
    expect(await pagesThere()).toBe(before + PAGES);
    wordpress().site.door.requests();
    for (const page of pages) await target.publish(page, states.get(page.page_id) ?? null);
    expect(wordpress().site.door.requests()).toEqual([]);
  });
});
