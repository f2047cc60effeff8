import { describe, expect, it } from "vitest";
import { outgoing } from "./support/pages.ts";
import { openTarget } from "./support/target.ts";
import { useWordpress } from "./support/use-wordpress.ts";

const wordpress = useWordpress();
/** 500 for figures: `WORDPRESS_PAGES=500 npm run test:wordpress -- many`. */
const PAGES = Number(process.env.WORDPRESS_PAGES ?? 20);
const AT_ONCE = 4;

describe("many pages", () => {
  it("go out with three requests each, and with none the second time", { timeout: 4 * 3_600_000 }, async () => {
    const { target } = await openTarget(wordpress());
    const pages = Array.from({ length: PAGES }, () => outgoing());
    const states = new Map<string, Awaited<ReturnType<typeof target.publish>>>();
    wordpress().site.door.requests();
    const began = performance.now();
    const waiting = [...pages];
    const work = async (): Promise<void> => {
      for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) states.set(page.page_id, await target.publish(page, null));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const seconds = (performance.now() - began) / 1000;
    const requests = wordpress().site.door.requests();
    console.error(`${PAGES} pages in ${seconds.toFixed(0)} s: ${((PAGES / seconds) * 3600).toFixed(0)} an hour, ${(requests.length / PAGES).toFixed(1)} requests each, ${((seconds / requests.length) * 1000).toFixed(0)} ms a request`);
    expect(requests).toHaveLength(PAGES * 3);
    expect(new Set([...states.values()].map(({ url }) => url)).size).toBe(PAGES);
    expect([...states.values()].every(({ placement }) => placement === "live")).toBe(true);
    for (const page of pages) await target.publish(page, states.get(page.page_id) ?? null);
    expect(wordpress().site.door.requests()).toEqual([]);
  });
});
