import type { PageNode } from "../../../core/memory/page-links.types.ts";

/*
 * The tree by which every page is found: hub → services → districts → pages. Three clicks, whatever number of pages there are; that
 * settles how many links a page of contents must bear.
 */

export const MOST_CLICKS = 3;
/** A page of contents has no more links than this unless there are so many pages that three clicks would not reach them. */
const USUAL_FANOUT = 12;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many pages can hang below one, itself left out, in so many clicks. */
const capacity = (fanout: number, clicks: number): number => (clicks === 0 ? 0 : fanout * (1 + capacity(fanout, clicks - 1)));

/** Links that a page of contents bears at most, for so many pages. */
export const fanoutFor = (pages: number): number => {
  let fanout = USUAL_FANOUT;
  while (capacity(fanout, MOST_CLICKS) < pages - 1) fanout += 1;
  return fanout;
};

/** Along a Hilbert curve: neighbours on the map are mostly neighbours in the order. 16 bits each way, about 600 m at the equator. */
const alongTheMap = ({ place }: PageNode): number => {
  if (place?.lat == null || place.lon == null) return -1;
  const side = 1 << 16;
  let x = Math.min(side - 1, Math.floor(((place.lon + 180) / 360) * side));
  let y = Math.min(side - 1, Math.floor(((place.lat + 90) / 180) * side));
  let index = 0;
  for (let s = side >> 1; s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0;
    const ry = (y & s) > 0 ? 1 : 0;
    index += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) [x, y] = [side - 1 - x, side - 1 - y];
      [x, y] = [y, x];
    }
  }
  return index;
};

const NO_CONTENTS = 3;
/** What stands for a group: a page of contents before any other, then what is worth most. */
const rank = (page: PageNode): number => (page.service.slug === "hub" && page.place === null ? 0 : page.place === null ? 1 : page.intent === "hub" ? 2 : NO_CONTENTS);
const standsFirst = (a: PageNode, b: PageNode): number => rank(a) - rank(b) || b.expected_value - a.expected_value || compare(a.id, b.id);

export const chooseHub = (pages: readonly PageNode[]): PageNode | undefined => pages.reduce<PageNode | undefined>((best, page) => (best === undefined || standsFirst(page, best) < 0 ? page : best), undefined);

/** Evenly, into as many pieces as it takes for none to be larger than `most`. */
const cut = <T>(list: readonly T[], most: number): T[][] => {
  const pieces = Math.ceil(list.length / most);
  return Array.from({ length: pieces }, (_, at) => list.slice(Math.floor((at * list.length) / pieces), Math.floor(((at + 1) * list.length) / pieces)));
};

const byService = (pages: readonly PageNode[]): PageNode[][] => {
  const groups = new Map<string, PageNode[]>();
  for (const page of pages) {
    const group = groups.get(page.service.slug);
    if (group) group.push(page);
    else groups.set(page.service.slug, [page]);
  }
  return [...groups.values()];
};

/** A service for itself while that makes no more groups than a page may link to; else cut where the count says. `pages` are in order, services together. */
const split = (pages: readonly PageNode[], fanout: number, clicksBelow: number): PageNode[][] => {
  const most = 1 + capacity(fanout, clicksBelow);
  const services = byService(pages).flatMap((group) => cut(group, most));
  // One service is laid out over the page's whole fanout, or its pages would hang in the fewest, largest districts.
  if (services.length === 1) return cut(pages, Math.max(1, Math.ceil(pages.length / fanout)));
  return services.length <= fanout ? services : cut(pages, Math.ceil(pages.length / fanout));
};

/**
 * Each page's parent in the tree; the hub has none.
 * Sorting dominates: O(n log n). The order in which pages are given makes no difference.
 */
export const parentsOf = (pages: readonly PageNode[]): Map<string, PageNode> => {
  const parents = new Map<string, PageNode>();
  const hub = chooseHub(pages);
  if (hub === undefined) return parents;
  const fanout = fanoutFor(pages.length);
  const places = new Map(pages.map((page) => [page.id, alongTheMap(page)]));
  const at = (page: PageNode): number => places.get(page.id) ?? -1;
  const ordered = pages.filter((page) => page.id !== hub.id).sort((a, b) => compare(a.service.slug, b.service.slug) || at(a) - at(b) || compare(a.id, b.id));
  const hang = (below: readonly PageNode[], parent: PageNode, clicks: number): void => {
    if (below.length === 0) return;
    // Few pages need no districts, unless one of them is a page of contents.
    const flat = below.length <= fanout && (clicks === 1 || below.every((page) => rank(page) === NO_CONTENTS));
    const groups = flat ? below.map((page) => [page]) : split(below, fanout, clicks - 1);
    for (const group of groups) {
      const head = chooseHub(group);
      if (head === undefined) continue;
      parents.set(head.id, parent);
      hang(group.filter((page) => page.id !== head.id), head, clicks - 1);
    }
  };
  hang(ordered, hub, MOST_CLICKS);
  return parents;
};
