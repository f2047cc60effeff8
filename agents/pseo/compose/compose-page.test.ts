import { describe, expect, it } from "vitest";
import { pageContent, pageMetadata } from "../page.testing.ts";
import { fingerprintOf } from "../publisher/target.ts";
import { composePage, type ComposeInput } from "./compose-page.ts";
import { distanceText } from "./pictures.ts";

const photo = { url: "/-/media/a.jpg", sizes: [], width: 1200, height: 800, alt: "A camera in a drain", caption: "Our camera" };
const map = { url: "/-/media/m.png", sizes: [], width: 960, height: 720, alt: "Map of Ponsonby", caption: null, anchors: [{ name: "Court <b>", distance_km: 2.14 }] };
const input = (given: Partial<ComposeInput> = {}): ComposeInput => ({
  page: pageMetadata("Drains", "Ponsonby"),
  content: pageContent(),
  links: [{ href: "/drains", anchor_text: "Drains: all areas", kind: "up" }, { href: "/gas/ponsonby", anchor_text: "Gas in Ponsonby", kind: "same_place" }],
  media: { map, photos: [photo] },
  site: { business_name: "Harbour Plumbing", origin: "https://harbour.example", canonical: null },
  ...given,
});

describe("a composed page", () => {
  it("has its pictures, questions and links, and no marks of sources", () => {
    const { body_html, slug, path, title, h1 } = composePage(input());
    expect(body_html).not.toMatch(/data-source|<span/);
    expect(body_html).toContain("under Ponsonby.");
    expect(body_html).toContain(`<img src="/-/media/a.jpg" width="1200" height="800" alt="A camera in a drain" loading="lazy" decoding="async">`);
    expect(body_html).toContain("<details><summary>How soon can you come?</summary><p>Mostly the same day.</p></details>");
    expect(body_html).toContain(`© OpenStreetMap contributors`);
    expect(body_html).toContain("<li>Court &#60;b&#62;, 2.1 km</li>");
    expect(body_html.indexOf("Gas in Ponsonby")).toBeLessThan(body_html.indexOf("Drains: all areas"));
    expect([slug, path, title, h1]).toEqual(["ponsonby", "/drains/ponsonby", pageContent().title, pageContent().h1]);
  });

  it("has the first photo before the second section", () => {
    const { body_html } = composePage(input());
    const [photoAt, first, second] = ["<figure>", "What to do first", "What we do"].map((text) => body_html.indexOf(text)) as [number, number, number];
    expect(first < photoAt && photoAt < second).toBe(true);
  });

  it("says the way up in schema.org's terms, with whole addresses", () => {
    const crumbs = composePage(input()).json_ld.find((object) => object["@type"] === "BreadcrumbList");
    expect(crumbs?.itemListElement).toEqual([
      { "@type": "ListItem", position: 1, name: "Drains: all areas", item: "https://harbour.example/drains" },
      { "@type": "ListItem", position: 2, name: "Blocked drains in Ponsonby", item: "https://harbour.example/drains/ponsonby" },
    ]);
    expect(composePage(input({ site: { business_name: "x", origin: null, canonical: null } })).json_ld).toHaveLength(1);
  });

  it("offers narrower copies where the target has them", () => {
    const { body_html } = composePage(input({ media: { map: null, photos: [{ ...photo, url: "https://x.example/a.jpg", sizes: [{ width: 600, url: "https://x.example/a-600.jpg" }, { width: 4000, url: "https://x.example/no.jpg" }] }] } }));
    expect(body_html).toContain(`srcset="https://x.example/a-600.jpg 600w, https://x.example/a.jpg 1200w" sizes="(max-width: 46rem) 100vw, 44rem"`);
  });

  it("takes out what has no business in a page, whoever wrote it", () => {
    const content = pageContent({ body_html: `<p onclick="x()">a</p><script>alert(1)</script><h2>b</h2><a href="javascript:x()">c</a>`, faq: [{ question: "<img src=x onerror=1>", answer: "<script>", source: null }] });
    const { body_html } = composePage(input({ content, links: [{ href: `/"><script>`, anchor_text: "<script>", kind: "nearby" }] }));
    expect(body_html).not.toMatch(/<script|onclick|javascript:|<img src=x/);
  });

  it("is the same for the same input, and has another fingerprint for another", () => {
    expect(fingerprintOf(composePage(input()))).toBe(fingerprintOf(composePage(input())));
    expect(fingerprintOf(composePage(input({ links: [] })))).not.toBe(fingerprintOf(composePage(input())));
  });

  it("leaves out what there is none of", () => {
    const { body_html } = composePage(input({ links: [], media: { map: null, photos: [] }, content: pageContent({ faq: [] }) }));
    expect(body_html).not.toMatch(/<nav|<figure|<details|Common questions/);
  });
});

it.each([[0.004, "10 m"], [0.284, "280 m"], [0.99, "990 m"], [0.996, "1.0 km"], [2.149, "2.1 km"]])("%d km are %s", (km, text) => expect(distanceText(km)).toBe(text));
