import countryToCurrency from "country-to-currency";
import parsePhoneNumber from "libphonenumber-js/max";
import type { Dna } from "../../../core/dna/schema.ts";
import { WEEKDAYS } from "../../../core/dna/hours.ts";
import type { PageMetadata } from "../page.schemas.ts";
import { type NewSource, sourceText } from "./source-texts.ts";

type Subject = Pick<PageMetadata, "service" | "place">;

const DAYS = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" } as const;

const dna = (id: string, text: string): NewSource => ({ kind: "dna", id, text: sourceText(text) });
const given = (id: string, value: string | undefined, say: (value: string) => string): NewSource[] => (value === undefined || value.trim() === "" ? [] : [dna(id, say(value.trim()))]);

/** As people of the country write it, and as the world does. */
const phoneText = (e164: string): string => {
  const phone = parsePhoneNumber(e164);
  return phone === undefined ? e164 : `${phone.formatNational()} (${phone.formatInternational()})`;
};

/** The DNA's entry for a page's service, and whether it is written down under its slug. */
export const serviceOf = ({ services }: Pick<Dna, "services">, { service }: Pick<Subject, "service">) =>
  services.find(({ slug, name }) => slug === service.slug || name.toLowerCase() === service.name.toLowerCase());

/** `450 NZD`: which sign the country writes before it is not ours to guess. */
export const currencyOf = (country: string): string | null => {
  const currencies: Readonly<Partial<Record<string, string>>> = countryToCurrency;
  return currencies[country] ?? null;
};

/** The page above all services has none of its own. */
const HUB = "hub";

const serviceSources = (from: Dna, subject: Subject): NewSource[] => {
  if (subject.service.slug === HUB) return given("services", from.services.slice(0, 30).map(({ name }) => name).join(", "), (names) => `${from.identity.business_name} does this work: ${names}.`);
  const service = serviceOf(from, subject);
  if (service === undefined) return [];
  const path = `services[${subject.service.slug}]`;
  const [asked, about] = [service.primary_keywords ?? [], service.context_keywords ?? []];
  const currency = currencyOf(from.identity.country);
  return [
    dna(path, `${from.identity.business_name} does this work: ${service.name}.`),
    ...(asked.length === 0 ? [] : [dna(`${path}.primary_keywords`, `Customers ask for it as: ${asked.join(", ")}.`)]),
    ...(about.length === 0 ? [] : [dna(`${path}.context_keywords`, `To the matter belong: ${about.join(", ")}.`)]),
    ...(service.price_from === undefined || currency === null ? [] : [dna(`${path}.price_from`, `The price of ${service.name} begins from ${service.price_from} ${currency}.`)]),
    ...(service.emergency === true ? [dna(`${path}.emergency`, `Calls about ${service.name} do not wait for opening hours.`)] : []),
  ];
};

const areaSources = ({ identity, modules }: Dna, { place }: Subject): NewSource[] => {
  const { cities, suburbs } = modules.local_seo.scout_settings.geo_scope;
  const path = "modules.local_seo.scout_settings.geo_scope";
  // A hub says of all places that the business works there; there may be hundreds.
  if (place === null) return given(path, [...suburbs.slice(0, 12), ...cities.slice(0, 4)].join(", "), (names) => `${identity.business_name} works in ${names}.`);
  const named = [...suburbs, ...cities].some((name) => name.toLowerCase().split(",")[0]?.trim() === place.name.toLowerCase());
  return named ? [dna(path, `${identity.business_name} works in ${place.name}${place.city === null ? "" : `, ${place.city}`}.`)] : [];
};

const hoursSources = ({ identity: { opening_hours: hours } }: Dna): NewSource[] => {
  if (hours === undefined) return [];
  const open = WEEKDAYS.flatMap((day) => ((hours[day] ?? []).length === 0 ? [] : [`${DAYS[day]} ${(hours[day] ?? []).join(" and ").replaceAll("-", " to ").replaceAll("24h", "24 hours")}`]));
  return open.length === 0 ? [] : [dna("identity.opening_hours", `Opening hours: ${open.join(", ")}.`)];
};

/** What a DNA says of the business, the service and the place, one fact a source. Its ids are paths of the DNA. */
export const dnaSources = (from: Dna, subject: Subject): NewSource[] => {
  const { business_name, contact, website } = from.identity;
  return [
    dna("identity.business_name", `The business is called ${business_name}.`),
    ...given("identity.contact.phone", contact?.phone, (phone) => `Its phone number for customers is ${phoneText(phone)}.`),
    ...given("identity.contact.email", contact?.email, (email) => `Its e-mail address is ${email}.`),
    ...given("identity.contact.address", contact?.address, (address) => `Its address is ${address}.`),
    ...given("identity.website", website, (url) => `Its website is ${url}.`),
    ...hoursSources(from),
    ...serviceSources(from, subject),
    ...areaSources(from, subject),
  ];
};

/** Lists of the DNA whose entries are sources each, for when the brand brain has not been filled yet. */
export const brainSources = ({ brand_brain }: Pick<Dna, "brand_brain">): NewSource[] => [
  ...brand_brain.key_differentiators.map((text) => dna("brand_brain.key_differentiators", text)),
  ...brand_brain.insider_tips.map((text) => dna("brand_brain.insider_tips", text)),
];
