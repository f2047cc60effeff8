import { describe, expect, it } from "vitest";
import { contentOf, dnaFrom, honestDraft, pageMetadata, SOURCES } from "../pages.testing.ts";
import { businessTypeOf, jsonLdFor } from "./json-ld.ts";
import { renderDraft } from "./render.ts";

const options = { sources: SOURCES, phone: "+6493601234", country: "NZ" };
const bodyWith = (text: string, sources: string[] = []): string => renderDraft({ ...honestDraft(), intro: [{ text, sources }], sections: [] }, options).body_html;

describe("a draft as HTML", () => {
  it.each<[what: string, text: string, sources: string[], html: string]>([
    ["a sentence with what it rests on", "It is near.", ["s4", "s5"], '<p><span data-source="s4 s5">It is near.</span></p>'],
    ["a sentence that rests on nothing", "It is near.", [], "<p>It is near.</p>"],
    ["marks as models write them, each once", "It is near.", ["[S4]", "s4"], '<p><span data-source="s4">It is near.</span></p>'],
    ["a mark that was not handed out", "It is near.", ["s77", '"><script>'], "<p>It is near.</p>"],
    ["HTML, which is text", "<b>x</b> & <script>alert(1)</script>", [], "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;.</p>"],
    ["Markdown, which is dropped", "**Stop** the `tap`", [], "<p>Stop the tap.</p>"],
    ["the business's phone, which is a link", "Ring 09 360 1234 now.", ["s2"], '<p><span data-source="s2">Ring <a href="tel:+6493601234" rel="noopener noreferrer nofollow">09 360 1234</a> now.</span></p>'],
    ["another phone, which is none", "Ring 09 360 9999 now.", [], "<p>Ring 09 360 9999 now.</p>"],
  ])("shows %s", (_, text, sources, html) => {
    expect(bodyWith(text, sources)).toBe(html);
  });

  it("has each block on a line, and lists as lists", () => {
    expect(contentOf(honestDraft()).body_html.split("\n").map((line) => /^<\/?(\w+)/.exec(line)?.[1])).toEqual(["p", "h2", "ol", "li", "li", "li", "li", "ol", "h2", "p", "h2", "ul", "li", "li", "ul"]);
  });
});

describe("JSON-LD", () => {
  it("says what the DNA says, by the trade", () => {
    const nodes = jsonLdFor({ metadata: pageMetadata(), content: contentOf(honestDraft()), hub: { name: "Blocked drains", path: "/blocked-drains" } }, dnaFrom());
    expect(nodes.map((node) => node["@type"])).toEqual(["Plumber", "Service", "FAQPage", "BreadcrumbList"]);
    expect(nodes[0]).toMatchObject({
      name: "Harbour Plumbing", telephone: "+6493601234", url: "https://harbour.example",
      areaServed: { "@type": "Place", name: "Ponsonby", containedInPlace: { name: "Auckland" }, geo: { latitude: -36.85 } },
      openingHoursSpecification: [{ dayOfWeek: "Monday", opens: "08:00", closes: "17:30" }, { dayOfWeek: "Saturday", opens: "22:00", closes: "06:00" }],
    });
    expect(nodes[1]).toMatchObject({ provider: { "@id": "#business" }, offers: { priceSpecification: { minPrice: 180, priceCurrency: "NZD" } } });
    expect(nodes[3]).toMatchObject({ itemListElement: [{ item: "/blocked-drains" }, { item: "/blocked-drains/ponsonby" }] });
  });

  it.each([["plumber", "Plumber"], [" Lawyer ", "LegalService"], ["locksmith", "Locksmith"], ["electrician", "Electrician"], ["roofer", "RoofingContractor"], ["dentist", "Dentist"], ["accountant", "ProfessionalService"], ["falconer", "LocalBusiness"], ["constructor", "LocalBusiness"], [undefined, "LocalBusiness"]])("marks a %s up as %s", (niche, type) => {
    expect(businessTypeOf(niche)).toBe(type);
  });
});
