import fc from "fast-check";
import type { PageNode } from "../../../core/memory/page-links.types.ts";

/** A page of a made-up business, for tests and the bench. */
export const pageNode = (id: string, given: Partial<Omit<PageNode, "id">> = {}): PageNode => ({
  id,
  service: { name: "Hot water", slug: "hot-water" },
  place: { name: "Ponsonby", slug: "ponsonby", city: "Auckland", lat: -36.85, lon: 174.74 },
  intent: "service",
  primary_keyword: "hot water ponsonby",
  path: `/${id}`,
  expected_value: 1,
  ...given,
});

/** So many pages of a business: services by places, with a hub and a page for each service. The same number, the same pages. */
export const businessOf = (count: number, services = 20): PageNode[] => {
  const pages = [pageNode("page-hub", { service: { name: "All", slug: "hub" }, place: null, intent: "hub", path: "/", primary_keyword: "plumber auckland" })];
  for (let at = 0; pages.length < count; at++) {
    const [service, place] = [at % services, Math.floor(at / services) - 1];
    const name = `Service ${service}`;
    const base = { service: { name, slug: `service-${service}` }, path: `/service-${service}/${place}`, primary_keyword: `${name} suburb ${place}` };
    // A town of suburbs about 1.5 km apart.
    const [row, column] = [Math.floor(place / 16), place % 16];
    pages.push(pageNode(`page-${at}`, place < 0 ? { ...base, place: null, intent: "hub", path: `/service-${service}` } : { ...base, place: { name: `Suburb ${place}`, slug: `suburb-${place}`, city: "Auckland", lat: -36.9 + row * 0.0135, lon: 174.6 + column * 0.0168 } }));
  }
  return pages;
};

const name = fc.constantFrom("Richmond", "Ponsonby", "Grey Lynn", "St Mary’s", "Épinay", "東京");
const place = fc.record({
  name,
  slug: fc.constantFrom("richmond", "ponsonby", "grey-lynn", "x"),
  city: fc.option(fc.constantFrom("Nelson", "Auckland")),
  lat: fc.option(fc.double({ min: -90, max: 90, noNaN: true })),
  lon: fc.option(fc.double({ min: -180, max: 180, noNaN: true })),
});
const node = fc.record({
  service: fc.constantFrom({ name: "Hot water", slug: "hot-water" }, { name: "Drains", slug: "drains" }, { name: "HVAC", slug: "hvac" }, { name: "All", slug: "hub" }),
  place: fc.option(place),
  intent: fc.constantFrom("hub", "service", "emergency", "price", "near_anchor"),
  primary_keyword: fc.constantFrom("plumber ponsonby", "hot water", "", "drains richmond nelson"),
  expected_value: fc.double({ min: 0, max: 100, noNaN: true }),
});

/** Any set of pages, the strange ones too: no hub or several, all at one point, names that are the same. */
export const anyPages = fc.array(node, { maxLength: 120 }).map((nodes) => nodes.map((page, at): PageNode => ({ ...page, id: `ent_${String(at).padStart(4, "0")}`, path: `/p/${at}` })));
