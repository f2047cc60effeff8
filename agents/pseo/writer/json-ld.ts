import type { BreadcrumbList, FAQPage, LocalBusiness, OpeningHoursSpecification, Place, Service, WithContext } from "schema-dts";
import { type Hours, WEEKDAYS } from "../../../core/dna/hours.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { PageContent, PageMetadata } from "../page.schemas.ts";
import { currencyOf, serviceOf } from "../sources/dna-sources.ts";

/*
 * schema.org as the DNA says it; no model has a hand in it. Addresses within it are relative to the page's own, which JSON-LD in HTML
 * resolves against the document (JSON-LD 1.1, section 7.1): the page has no host before it is published.
 */

const CONTEXT = "https://schema.org";
const BUSINESS = "#business";

const TYPES = {
  plumber: "Plumber", locksmith: "Locksmith", electrician: "Electrician", roofer: "RoofingContractor", dentist: "Dentist", lawyer: "LegalService",
  accountant: "ProfessionalService", architect: "ProfessionalService", surveyor: "ProfessionalService", engineer: "ProfessionalService",
} as const;

export type BusinessType = (typeof TYPES)[keyof typeof TYPES] | "LocalBusiness";

export const businessTypeOf = (niche: string | undefined): BusinessType => {
  const known: Readonly<Record<string, BusinessType>> = TYPES;
  const name = (niche ?? "").trim().toLowerCase();
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? "LocalBusiness";
};

const DAY_NAMES = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" } as const;

const openingHours = (hours: Hours | undefined): OpeningHoursSpecification[] =>
  WEEKDAYS.flatMap((day) =>
    (hours?.[day] ?? []).map((window): OpeningHoursSpecification => {
      const [opens = "00:00", closes = "24:00"] = window === "24h" ? [] : window.split("-");
      // xsd:time knows no 24:00 that schema.org's readers would take.
      return { "@type": "OpeningHoursSpecification", dayOfWeek: DAY_NAMES[day], opens, closes: closes === "24:00" ? "23:59" : closes };
    }),
  );

const placeOf = ({ name, city, lat, lon }: NonNullable<PageMetadata["place"]>): Place => ({
  "@type": "Place",
  name,
  ...(city === null ? {} : { containedInPlace: { "@type": "City", name: city } }),
  ...(lat === null || lon === null ? {} : { geo: { "@type": "GeoCoordinates", latitude: lat, longitude: lon } }),
});

const areaOf = (place: PageMetadata["place"], dna: Dna): Place | Place[] => {
  if (place !== null) return placeOf(place);
  const { suburbs, cities } = dna.modules.local_seo.scout_settings.geo_scope;
  return [...suburbs, ...cities].slice(0, 50).map((name): Place => ({ "@type": "Place", name }));
};

const businessNode = ({ identity }: Dna, area: Place | Place[]): WithContext<LocalBusiness> => {
  const { contact, website, business_name, opening_hours } = identity;
  const hours = openingHours(opening_hours);
  const fields = {
    "@context": CONTEXT,
    "@id": BUSINESS,
    name: business_name,
    ...(contact?.phone === undefined ? {} : { telephone: contact.phone }),
    ...(contact?.email === undefined ? {} : { email: contact.email }),
    ...(contact?.address === undefined ? {} : { address: contact.address }),
    ...(website === undefined ? {} : { url: website }),
    ...(hours.length === 0 ? {} : { openingHoursSpecification: hours }),
    areaServed: area,
  } as const;
  return { ...fields, "@type": businessTypeOf(identity.niche) };
};

export interface JsonLdInput {
  metadata: Pick<PageMetadata, "service" | "place" | "path">;
  content: Pick<PageContent, "h1" | "faq">;
  /** The page above this one, where there is one. */
  hub: { name: string; path: string } | null;
}

const serviceNode = ({ metadata: { service, place } }: JsonLdInput, dna: Dna, area: Place | Place[]): WithContext<Service> => {
  const entry = serviceOf(dna, { service });
  const currency = currencyOf(dna.identity.country);
  return {
    "@context": CONTEXT,
    "@type": "Service",
    name: place === null ? service.name : `${service.name}, ${place.name}`,
    serviceType: service.name,
    provider: { "@id": BUSINESS },
    areaServed: area,
    ...(entry?.price_from === undefined || currency === null ? {} : { offers: { "@type": "Offer", priceSpecification: { "@type": "PriceSpecification", minPrice: entry.price_from, priceCurrency: currency } } }),
  };
};

const faqNode = (faq: PageContent["faq"]): WithContext<FAQPage> => ({
  "@context": CONTEXT,
  "@type": "FAQPage",
  mainEntity: faq.map(({ question, answer }) => ({ "@type": "Question", name: question, acceptedAnswer: { "@type": "Answer", text: answer } })),
});

const breadcrumbNode = (hub: NonNullable<JsonLdInput["hub"]>, { metadata, content }: JsonLdInput): WithContext<BreadcrumbList> => ({
  "@context": CONTEXT,
  "@type": "BreadcrumbList",
  itemListElement: [
    { "@type": "ListItem", position: 1, name: hub.name, item: hub.path },
    { "@type": "ListItem", position: 2, name: content.h1, item: metadata.path },
  ],
});

/** A page's JSON-LD, a node for each thing that is true of it. */
export const jsonLdFor = (input: JsonLdInput, dna: Dna): PageContent["json_ld"] => {
  const area = areaOf(input.metadata.place, dna);
  const nodes = [
    businessNode(dna, area),
    ...(serviceOf(dna, input.metadata) === undefined ? [] : [serviceNode(input, dna, area)]),
    ...(input.content.faq.length === 0 ? [] : [faqNode(input.content.faq)]),
    ...(input.hub === null ? [] : [breadcrumbNode(input.hub, input)]),
  ];
  return nodes.map((node): Record<string, unknown> => ({ ...(node as object) }));
};
