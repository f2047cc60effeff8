import { describe, expect, it } from "vitest";
import { plain } from "../demo/text.ts";
import { addressesOf, addressOn, hubOf, type ListedPage, listedPageSchema, renderPage } from "./show-pages.ts";

const listed = (name: string, over: Record<string, unknown> = {}): ListedPage =>
  listedPageSchema.parse({ id: `ent_${name}`, name, metadata: { status: "published", path: `/${name}`, expected_value: 1, service: { slug: "drains" }, place: { slug: "ponsonby" }, ...over } });

describe("the page above all others", () => {
  it("is that of all services, else of the service that is worth most, else the best page", () => {
    const [page, better] = [listed("page"), listed("better", { expected_value: 9 })];
    const [drains, water] = [listed("drains", { place: null }), listed("water", { place: null, expected_value: 5 })];
    const all = listed("all", { place: null, service: { slug: "hub" }, expected_value: 0 });
    expect(hubOf([page, drains, water, all])).toBe(all);
    expect(hubOf([better, page, drains, water])).toBe(water);
    expect(hubOf([page, better])).toBe(better);
    expect(hubOf([])).toBeUndefined();
  });
});

describe("a page that is shown", () => {
  const published = { hosted: { url: "http://x.pages.localhost/a", placement: "live" }, wordpress: { url: "http://127.0.0.1:1/a/", placement: "held" } };
  it("has the addresses at which it is live, its score, its sources, and what is wrong with it", () => {
    const page = listed("a", { published });
    expect([addressesOf(page), addressOn(page, "wordpress")]).toEqual([["http://x.pages.localhost/a"], null]);
    const source = { ref: "s1", kind: "anchor", id: "ent_1", text: "A school 0.1 km away.", cited: 2 };
    const lines = renderPage(page, { id: page.id, status: "published", content: { title: "A", words: 500, sources: [source, { ...source, text: "Nobody cites it.", cited: 0 }] }, review: { score: 92, findings: [] } }, ["the hosted target: has no JSON-LD"], { paint: plain, width: 100 });
    expect(lines).toEqual(["  a  published, score 92, 500 words", "    http://x.pages.localhost/a", "    the hosted target: has no JSON-LD", "    anchor   A school 0.1 km away."]);
  });
});
