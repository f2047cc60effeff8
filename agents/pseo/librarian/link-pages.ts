import type { PageLink, PageNode } from "../../../core/memory/page-links.types.ts";
import { anchorText } from "./anchor-text.ts";
import { chooseHub, fanoutFor, parentsOf } from "./contents.ts";
import { kmBetween } from "../../../core/providers/osm/distance.ts";
import { nearestOf } from "./nearest.ts";

export interface LinkOptions {
  /** A link beside the tree's is drawn from this relevance on, 0 to 1. */
  threshold: number;
  /** Links to pages of the same service nearby, and to pages about the same place, at most. */
  nearby: number;
  samePlace: number;
}

export const LINK_DEFAULTS: LinkOptions = { threshold: 0.3, nearby: 4, samePlace: 3 };

/** Links that a page bears at most among so many pages: its contents, the way up, and what is related. */
export const mostLinks = (pages: number, { nearby, samePlace }: LinkOptions = LINK_DEFAULTS): number => fanoutFor(pages) + 2 + nearby + samePlace;

/** The same service is half as relevant with every 8 km; another town's plumber is nobody's next page. */
const HALF_KM = 8;

type Place = NonNullable<PageNode["place"]>;
const located = (page: PageNode): page is PageNode & { place: Place & { lat: number; lon: number } } => page.place !== null && page.place.lat !== null && page.place.lon !== null;

const words = (page: PageNode): Set<string> => new Set(page.primary_keyword.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
/** Share of the words that both say (Jaccard). */
const overlap = (a: Set<string>, b: Set<string>): number => {
  let both = 0;
  for (const word of a) if (b.has(word)) both += 1;
  const all = a.size + b.size - both;
  return all === 0 ? 0 : both / all;
};

const samePlaceKey = ({ place }: PageNode): string | null => (place === null ? null : `${place.city ?? ""}/${place.slug}`);

/** How much somebody on one page has of the other, 0 to 1: the same place first, then the same service nearby; words in common add a little. */
const relevanceOf = (a: PageNode, b: PageNode, keywords: ReadonlyMap<string, Set<string>>): number => {
  const shared = 0.1 * overlap(keywords.get(a.id) ?? new Set(), keywords.get(b.id) ?? new Set());
  const sameService = a.service.slug === b.service.slug;
  const key = samePlaceKey(a);
  if (key !== null && key === samePlaceKey(b)) return (sameService ? 0.9 : 0.75) + shared;
  if (!sameService) return shared;
  // One of the two is about all places: as near as can be said.
  if (!located(a) || !located(b)) return 0.5 + shared;
  const km = kmBetween({ lat: a.place.lat, lon: a.place.lon }, { lat: b.place.lat, lon: b.place.lon });
  return 0.85 * 2 ** (-km / HALF_KM) + shared;
};

const groupBy = (pages: readonly PageNode[], keyOf: (page: PageNode) => string | null): Map<string, PageNode[]> => {
  const groups = new Map<string, PageNode[]>();
  for (const page of pages) {
    const key = keyOf(page);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(page);
    else groups.set(key, [page]);
  }
  return groups;
};

/**
 * The links between a project's pages: a tree from the hub by which each page is reached in at most three clicks, the way back up, and
 * what is near in place or topic. A pure function of the set of pages: neither their order nor the time has a say, so that the same pages
 * always have the same links. O(n log n) in time, O(n) in memory; each page bears at most `mostLinks` links.
 */
export const linkPages = (given: readonly PageNode[], options: LinkOptions = LINK_DEFAULTS): PageLink[] => {
  const pages = [...given].sort((a, b) => (a.id < b.id ? -1 : 1));
  const hub = chooseHub(pages);
  if (hub === undefined) return [];
  const parents = parentsOf(pages);
  const children = groupBy(pages, (page) => parents.get(page.id)?.id ?? null);
  const keywords = new Map(pages.map((page) => [page.id, words(page)]));

  const byService = groupBy(pages.filter(located), (page) => page.service.slug);
  const nearest = new Map([...byService].map(([slug, group]) => [slug, nearestOf(group.filter(located).map((page) => ({ id: page.id, lat: page.place.lat, lon: page.place.lon, page })))]));
  const neighbours = (page: PageNode): PageNode[] => (located(page) ? (nearest.get(page.service.slug)?.({ id: page.id, lat: page.place.lat, lon: page.place.lon }, options.nearby + 2) ?? []).map((found) => found.page) : []);

  // Services in a ring: each page of a place names the next few, so that all of them are named equally often.
  const rings = groupBy(pages, samePlaceKey);
  const placeInRing = new Map<string, { ring: PageNode[]; at: number }>();
  for (const ring of rings.values()) {
    ring.sort((a, b) => (a.service.slug < b.service.slug ? -1 : a.service.slug > b.service.slug ? 1 : a.id < b.id ? -1 : 1));
    ring.forEach((page, at) => placeInRing.set(page.id, { ring, at }));
  }
  const neighboursInRing = (page: PageNode): PageNode[] => {
    const { ring, at } = placeInRing.get(page.id) ?? { ring: [], at: 0 };
    return Array.from({ length: Math.min(options.samePlace, Math.max(0, ring.length - 1)) }, (_, step) => ring[(at + 1 + step) % ring.length]).filter((other) => other !== undefined);
  };

  const linksOf = (page: PageNode): PageLink[] => {
    const chosen = new Map<string, Pick<PageLink, "kind" | "relevance"> & { to: PageNode }>();
    const add = (to: PageNode, kind: PageLink["kind"]): boolean => {
      if (to.id === page.id || chosen.has(to.id)) return false;
      const relevance = Math.round(relevanceOf(page, to, keywords) * 1000) / 1000;
      const structural = kind === "contents" || kind === "up";
      if (!structural && relevance < options.threshold) return false;
      chosen.set(to.id, { to, kind, relevance: Math.min(1, relevance) });
      return true;
    };
    const parent = parents.get(page.id);
    for (const up of parent === undefined || parent.id === hub.id ? [parent] : [parent, hub]) if (up !== undefined) add(up, "up");
    for (const child of children.get(page.id) ?? []) add(child, "contents");
    for (const other of neighboursInRing(page)) add(other, "same_place");
    let near = 0;
    for (const other of neighbours(page)) if (near < options.nearby && add(other, "nearby")) near += 1;
    const taken = new Set<string>();
    return [...chosen.values()].map(({ to, kind, relevance }, position) => ({ from: page.id, to: to.id, anchor_text: anchorText(page, to, taken), relevance, kind, position }));
  };
  return pages.flatMap(linksOf);
};
