import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PageLink, PageNode } from "../../../core/memory/page-links.types.ts";
import { chooseHub, MOST_CLICKS } from "./contents.ts";
import { LINK_DEFAULTS, linkPages, mostLinks } from "./link-pages.ts";
import { anyPages, businessOf, pageNode } from "./link-pages.testing.ts";
import { kmBetween } from "../../../core/providers/osm/distance.ts";
import { nearestOf } from "./nearest.ts";

const clicksFrom = (hub: string, links: readonly PageLink[]): Map<string, number> => {
  const next = new Map<string, string[]>();
  for (const { from, to } of links) next.set(from, [...(next.get(from) ?? []), to]);
  const clicks = new Map([[hub, 0]]);
  let edge = [hub];
  for (let away = 1; edge.length > 0; away++) {
    edge = edge.flatMap((id) => next.get(id) ?? []).filter((id) => !clicks.has(id) && clicks.set(id, away));
  }
  return clicks;
};
const hubOf = (pages: readonly PageNode[]): string => chooseHub(pages)?.id ?? "";
const ofPage = (links: readonly PageLink[]): Map<string, PageLink[]> => {
  const pages = new Map<string, PageLink[]>();
  for (const link of links) pages.set(link.from, [...(pages.get(link.from) ?? []), link]);
  return pages;
};

describe("the links of any set of pages", () => {
  const holds = (check: (pages: PageNode[], links: PageLink[]) => void): void => fc.assert(fc.property(anyPages, (pages) => check(pages, linkPages(pages))), { numRuns: 150 });

  it("reach every page from the hub in at most three clicks, so that none is an orphan", () => {
    holds((pages, links) => {
      const clicks = clicksFrom(hubOf(pages), links);
      expect(pages.filter((page) => (clicks.get(page.id) ?? Infinity) > MOST_CLICKS)).toEqual([]);
      const linked = new Set(links.map((link) => link.to));
      expect(pages.filter((page) => page.id !== hubOf(pages) && !linked.has(page.id))).toEqual([]);
    });
  });

  it("are bounded, lead to other pages of the set, and once to each", () => {
    holds((pages, links) => {
      const ids = new Set(pages.map((page) => page.id));
      for (const [from, own] of ofPage(links)) {
        expect(own.length).toBeLessThanOrEqual(mostLinks(pages.length));
        expect(new Set(own.map((link) => link.to)).size).toBe(own.length);
        expect(own.map((link) => link.position)).toEqual(own.map((_, at) => at));
        for (const { to } of own) expect(ids.has(to) && to !== from).toBe(true);
      }
    });
  });

  it("never give two pages the same text", () => {
    holds((_, links) => {
      for (const own of ofPage(links).values()) expect(new Set(own.map((link) => link.anchor_text.toLowerCase())).size).toBe(own.length);
    });
  });

  it("are as relevant as asked for, those of the tree apart", () => {
    holds((_, links) => {
      expect(links.filter((link) => (link.kind === "nearby" || link.kind === "same_place") && link.relevance < LINK_DEFAULTS.threshold)).toEqual([]);
      expect(links.filter((link) => !(link.relevance >= 0 && link.relevance <= 1))).toEqual([]);
    });
  });

  it("are the same whatever the order in which the pages come", () => {
    const shuffledToo = anyPages.chain((pages) => fc.tuple(fc.constant(pages), fc.shuffledSubarray(pages, { minLength: pages.length })));
    fc.assert(
      fc.property(shuffledToo, ([pages, shuffled]) => {
        expect(linkPages(shuffled)).toEqual(linkPages(pages));
      }),
      { numRuns: 100 },
    );
  });

  it("are whole again without a page that was removed", () => {
    fc.assert(
      fc.property(anyPages, fc.nat(), (pages, which) => {
        const left = pages.filter((_, at) => at !== which % Math.max(1, pages.length));
        const gone = pages.find((page) => !left.includes(page))?.id;
        const links = linkPages(left);
        expect(links.filter((link) => link.from === gone || link.to === gone)).toEqual([]);
        expect(clicksFrom(hubOf(left), links).size).toBe(Math.max(1, left.length));
      }),
      { numRuns: 100 },
    );
  });
});

describe("the links of a business", () => {
  const pages = businessOf(400);
  const links = linkPages(pages);
  const byId = new Map(pages.map((page) => [page.id, page]));
  const of = (id: string): PageLink[] => links.filter((link) => link.from === id);

  it("lead from the hub to services when each has a page of its own, and up again", () => {
    const small = businessOf(60, 4);
    const fromHub = linkPages(small).filter((link) => link.from === "page-hub" && link.kind === "contents");
    expect(fromHub.map((link) => small.find((page) => page.id === link.to)?.place)).toEqual([null, null, null, null]);
    const up = linkPages(small).filter((link) => link.kind === "up" && link.from === "page-40");
    expect(up.map((link) => link.to)).toContain("page-hub");
  });

  it("lead to the same service nearby and to other services of the same place", () => {
    const page = pages.find((one) => one.place?.slug === "suburb-5" && one.service.slug === "service-3");
    const own = of(page?.id ?? "");
    expect(own.filter((link) => link.kind === "same_place").map((link) => byId.get(link.to)?.place?.slug)).toEqual(["suburb-5", "suburb-5", "suburb-5"]);
    const near = own.filter((link) => link.kind === "nearby").map((link) => byId.get(link.to));
    expect(near).toHaveLength(LINK_DEFAULTS.nearby);
    for (const other of near) expect([other?.service.slug, kmBetween(place(other), place(page)) < 5]).toEqual(["service-3", true]);
  });

  it("say in words what is at the other end", () => {
    for (const { to, anchor_text } of links) {
      const page = byId.get(to);
      const name = page?.place?.name ?? (page?.service.slug === "hub" ? "areas|services" : page?.service.name);
      expect(anchor_text).toMatch(new RegExp(name ?? "nothing", "i"));
    }
  });

  it("are worded in several ways", () => {
    const toOne = links.filter((link) => link.to === "page-hub").map((link) => link.anchor_text);
    expect(new Set(toOne).size).toBeGreaterThan(2);
  });

  it("tell two places of one name apart", () => {
    const twins = ["Nelson", "Auckland"].map((city) => pageNode(`page-${city}`, { place: { name: "Richmond", slug: `richmond-${city}`, city, lat: null, lon: null }, primary_keyword: "hot water" }));
    // As many as there are wordings, and the hub links to all of them.
    const many = Array.from({ length: 3 }, (_, at) => twins.map((twin) => ({ ...twin, id: `${twin.id}-${at}`, path: `/${twin.id}/${at}`, intent: "price" }))).flat();
    const texts = linkPages([pageNode("hub", { place: null, service: { name: "All", slug: "hub" } }), ...many]).filter((link) => link.from === "hub").map((link) => link.anchor_text);
    expect(new Set(texts).size).toBe(6);
    expect(texts.some((text) => text.endsWith(", Nelson") || text.endsWith(", Auckland"))).toBe(true);
  });

  it("of one page are none, and of no page neither", () => {
    expect(linkPages([pageNode("only")])).toEqual([]);
    expect(linkPages([])).toEqual([]);
  });
});

const place = (page: PageNode | undefined): { lat: number; lon: number } => ({ lat: page?.place?.lat ?? NaN, lon: page?.place?.lon ?? NaN });

describe("nearest places", () => {
  const located = fc.array(fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lon: fc.double({ min: -180, max: 180, noNaN: true }) }), { minLength: 2, maxLength: 60 }).map((points) => points.map((point, at) => ({ ...point, id: `p${at}` })));

  it("are those that comparing all with all finds", () => {
    fc.assert(
      fc.property(located, fc.integer({ min: 1, max: 8 }), (points, k) => {
        const [asked] = points;
        if (!asked) return;
        const distances = (list: typeof points) => list.map((point) => kmBetween(asked, point));
        const all = distances(points.filter((point) => point !== asked)).sort((a, b) => a - b).slice(0, k);
        distances(nearestOf(points)(asked, k)).forEach((km, at) => expect(km).toBeCloseTo(all[at] ?? NaN, 6));
        expect(nearestOf(points)(asked, k)).toHaveLength(all.length);
      }),
    );
  });

  it("are found across the date line, and measured along the globe", () => {
    const [fiji, east, west] = [{ id: "a", lat: -17, lon: 179.9 }, { id: "b", lat: -17, lon: -179.9 }, { id: "c", lat: -17, lon: 178 }];
    expect(nearestOf([fiji, east, west])(fiji, 1)[0]?.id).toBe("b");
    // Auckland to Wellington, as the crow flies (Geoscience: 493 km).
    expect(kmBetween({ lat: -36.8485, lon: 174.7633 }, { lat: -41.2866, lon: 174.7756 })).toBeCloseTo(493.5, 0);
  });
});
