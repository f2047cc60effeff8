import { describe, expect, it } from "vitest";
import { readPage } from "../../core/web/page.ts";
import { hoursOf } from "./business-node.ts";
import { readFacts } from "./read-pages.ts";

const ld = (node: object): string => `<script type="application/ld+json">${JSON.stringify(node)}</script>`;
const read = (...htmls: string[]) => readFacts(htmls.map((html, index) => readPage(html, `https://shop.example/${index}`)), { country: "NZ" });

describe("readFacts", () => {
  it("believes what the business says to machines before what a link says, and asks about further phones", () => {
    const { phone, other_phones, email, address } = read(
      `${ld({ "@type": ["Plumber", "Organization"], telephone: "09 631 5540", address: { streetAddress: "1 High St", addressLocality: "Epsom", postalCode: 1023 } })}<a href="tel:021 555 0123">x</a>`,
      '<a href="tel:0215550123">x</a><a href="mailto:a@shop.example">x</a>',
    );
    expect(phone).toEqual({ text: "+6496315540", origin: "json-ld", source_url: "https://shop.example/0", confidence: 0.95 });
    expect(other_phones.map((one) => one.text)).toEqual(["+64215550123"]);
    expect([email?.text, address?.text]).toEqual(["a@shop.example", "1 High St, Epsom, 1023"]);
  });

  it("reads a labelled phone from the text, never a fax or a number that stands there for itself", () => {
    expect(read("<p>Tel: 09 631 5540, Fax: 09 631 5541. Licence 021 555 0123</p>")).toMatchObject({ phone: { text: "+6496315540", origin: "markup" }, other_phones: [] });
    expect(read("<p>Ring us on 1234.</p>").phone).toBeNull();
  });

  it("reads catalogues, offers and services that stand for themselves, each once, with the price that is named", () => {
    const { services } = read(
      ld({ "@graph": [{ "@type": "Service", name: "Taps", offers: { price: "90" } }, { "@type": "Offer", itemOffered: { "@type": "Service", name: "Drains" }, priceSpecification: { minPrice: 180 } }, { "@type": "Offer", itemOffered: { name: "taps" }, price: 0 }] }),
    );
    expect(services.map(({ name, price_from }) => [name, price_from])).toEqual([["taps", 90], ["Drains", 180]]);
  });

  it("says nothing of a site that says nothing", () => {
    expect(read("<p>Hello</p>")).toMatchObject({ phone: null, email: null, address: null, hours: null, services: [], places: [], name: null });
  });
});

describe("hoursOf", () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ["specifications, several a day", { openingHoursSpecification: [{ dayOfWeek: "Monday", opens: "08:00", closes: "12:00" }, { dayOfWeek: ["http://schema.org/Monday"], opens: "13:00:00", closes: "17:00:00" }] }, { mon: ["08:00-12:00", "13:00-17:00"] }],
    ["around the clock", { openingHoursSpecification: { dayOfWeek: "Sunday", opens: "00:00", closes: "23:59" } }, { sun: ["24h"] }],
    ["the short form, in order of the week", { openingHours: ["Sa-Su 10:00-14:00", "Mo,We 9:00-17:00"] }, { mon: ["09:00-17:00"], wed: ["09:00-17:00"], sat: ["10:00-14:00"], sun: ["10:00-14:00"] }],
    ["nonsense", { openingHours: "whenever", openingHoursSpecification: [{ dayOfWeek: "Monday", opens: "25:00", closes: "x" }] }, null],
  ])("reads %s", (_, node, hours) => {
    expect(hoursOf(node)).toEqual(hours);
  });
});
