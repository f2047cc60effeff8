import { describe, expect, it } from "vitest";
import type { Source } from "../../../core/dna/schema/sniper.ts";
import { type Site, visitorOf } from "../../../core/web/web.testing.ts";
import { huntSource, type HuntSourceTools, type Wanted } from "./hunt-source.ts";
import type { Listing } from "./listing.ts";
import { newSource, sourceProgressSchema } from "./progress.ts";

const now = Date.parse("2026-11-26T02:00:00Z");
const source: Source = { kind: "html_list", url: "https://board.example/?p={page}", selectors: { item: "li" }, permission: { by: "own_site", statement: "It is the owner's own." } };
const wanted: Wanted = { keywords: [], negative_keywords: [], geo_filter: [], max_pages: 10, max_details: 0 };
const list = (...titles: string[]) => ({ body: titles.map((title) => `<li><h3>${title}</h3></li>`).join("") });
const page = (number: number): string => `https://board.example/?p=${number}`;

/** A hunt whose progress is stored as it would be, on a clock of its own, until it is over or dies. */
const setUp = (site: Site, over: Partial<HuntSourceTools> = {}) => {
  const { visitor, asked } = visitorOf(site);
  const state = { stored: JSON.stringify(newSource("board")), kept: [] as string[], clock: now };
  const attempt = async (more: Partial<HuntSourceTools> = {}, steps = 20) => {
    const progress = sourceProgressSchema.parse(JSON.parse(state.stored));
    const over_ = await huntSource({ name: "board", source }, wanted, progress, {
      visitor,
      reading: { platform: "board", country: "NZ", zone: "Pacific/Auckland", now, places: [] },
      model: null,
      spend: () => undefined,
      keep: async (listings: readonly Listing[]) => {
        // A post that is known joins its lead.
        const created = listings.map(({ title }) => title).filter((title) => !state.kept.includes(title));
        state.kept.push(...created);
        return Promise.resolve({ created, joined: listings.map(({ title }) => title).filter((title) => !created.includes(title)), dropped: [] });
      },
      save: async () => Promise.resolve(void (state.stored = JSON.stringify(progress))),
      now: () => state.clock,
      endsAt: now + 600_000,
      ...over,
      ...more,
    }, steps);
    return { over: over_, progress };
  };
  return { attempt, asked, state };
};

describe("a hunt on a source", () => {
  it("that dies before it has noted a page reads that page again, and no other", async () => {
    const { attempt, asked, state } = setUp({ [page(1)]: list("Tap"), [page(2)]: list("Drain"), [page(3)]: list("Sink"), [page(4)]: list() });
    let saves = 0;
    const dies = async (): Promise<void> => (++saves === 2 ? Promise.reject(new Error("the machine is gone")) : Promise.resolve());
    await expect(attempt({ save: dies }, 1)).resolves.toMatchObject({ over: false });
    // Nothing was noted, as nothing could be: all is read anew.
    const first = asked.length;
    await attempt({}, 1);
    expect(asked.slice(first)).toEqual([page(1)]);
    await expect(attempt({ keep: async () => Promise.reject(new Error("the database is gone")) })).rejects.toThrow("the database is gone");
    const { over, progress } = await attempt();
    expect([over, progress.stop, progress.found]).toEqual([true, "nothing_new", 3]);
    expect(state.kept).toEqual(["Tap", "Drain", "Sink"]);
    expect(asked.filter((url) => url === page(2))).toHaveLength(2);
  });

  it("goes on after a few pages where it was", async () => {
    const { attempt, asked } = setUp({ [page(1)]: list("Tap"), [page(2)]: list("Drain"), [page(3)]: list() });
    const results = [await attempt({}, 1), await attempt({}, 1), await attempt({}, 5)];
    expect(results.map(({ over }) => over)).toEqual([false, false, true]);
    expect(asked.filter((url) => url.includes("?p="))).toEqual([page(1), page(2), page(3)]);
  });

  it("leaves a site alone for longer each time that it does not answer, and then for good", async () => {
    const { attempt, state } = setUp({ [page(1)]: { status: 503 } });
    const waits: (number | null)[] = [];
    for (let over = false; !over; ) {
      const result = await attempt();
      over = result.over;
      waits.push(result.progress.not_before === null ? null : result.progress.not_before - state.clock);
      state.clock = result.progress.not_before ?? state.clock;
      if (over) expect(result.progress).toMatchObject({ stop: "unreachable", pages_read: 0 });
    }
    expect(waits).toEqual([60_000, 120_000, null]);
  });

  it("ends when its time is over, with what it has", async () => {
    const { attempt, state } = setUp({ [page(1)]: list("Tap"), [page(2)]: list("Drain") });
    const { progress } = await attempt({ save: async () => Promise.resolve(void (state.clock += 700_000)) });
    expect(progress).toMatchObject({ stop: "time_budget", pages_read: 1, found: 1 });
  });

  it("of what is no list says so", async () => {
    const { attempt } = setUp({ [page(1)]: list("Tap") });
    const feed: Source = { kind: "rss", url: page(1), permission: source.permission };
    const progress = newSource("board");
    const { visitor } = visitorOf({ [page(1)]: { body: "<p>Moved</p>" } });
    await huntSource({ name: "board", source: feed }, wanted, progress, { visitor, reading: { platform: "board", country: "NZ", zone: "UTC", now, places: [] }, model: null, spend: () => undefined, keep: async () => Promise.resolve({ created: [], joined: [], dropped: [] }), save: async () => Promise.resolve(), now: () => now, endsAt: now + 1000 }, 5);
    expect(progress).toMatchObject({ stop: "not_a_list", problems: [{ url: page(1), problem: "not_a_list" }] });
    expect((await attempt()).progress.stop).not.toBe("not_a_list");
  });
});
