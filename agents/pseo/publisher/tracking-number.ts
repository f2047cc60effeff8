import { shownPhone } from "../../../core/phone.ts";
import { phonesIn } from "../facts/contacts.ts";
import type { ComposedPage } from "./target.ts";

export interface TrackingNumber {
  /** The business's own number, as the DNA says it; E.164. */
  own: string;
  /** The page's; E.164. */
  number: string;
  /** ISO 3166-1 alpha-2: of numbers that are written without a country code. */
  country: string;
}

/** Every spelling of the business's own number, replaced by the page's. Commas part numbers: the library takes what follows one for an extension. */
const inText = (text: string, { own, number, country }: TrackingNumber): string =>
  text
    .split(/(?<=[,;])/)
    .map((part) =>
      phonesIn(part, country)
        .filter(({ e164 }) => e164 === own)
        .reduce((replaced, said) => replaced.replaceAll(said.text, shownPhone(number, country)), part),
    )
    .join("");

/** Tags apart from text: an attribute's digits are no number, but for a link that rings one. */
const inHtml = (html: string, tracking: TrackingNumber): string =>
  html.replaceAll(/<[^>]*>|[^<]+/g, (part) => (part.startsWith("<") ? part.replaceAll(`href="tel:${tracking.own}"`, `href="tel:${tracking.number}"`) : inText(part, tracking)));

const inNode = (value: unknown, tracking: TrackingNumber): unknown => {
  if (typeof value === "string") return inText(value, tracking);
  if (Array.isArray(value)) return value.map((one) => inNode(one, tracking));
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inNode(one, tracking)])) : value;
};

/**
 * The page with its own number wherever a reader sees the business's, so that who rings it is known to have come by this page. What
 * search engines are told of the business keeps the business's number (one name, address and phone everywhere); only their copy of
 * the questions says what the page says.
 */
export const withTrackingNumber = (page: ComposedPage, tracking: TrackingNumber): ComposedPage => ({
  ...page,
  title: inText(page.title, tracking),
  h1: inText(page.h1, tracking),
  meta_description: inText(page.meta_description, tracking),
  body_html: inHtml(page.body_html, tracking),
  json_ld: page.json_ld.map((node) => (node["@type"] === "FAQPage" ? (inNode(node, tracking) as Record<string, unknown>) : node)),
});
