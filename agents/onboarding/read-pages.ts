import { toE164 } from "../../core/phone.ts";
import type { JsonObject } from "../../core/web/json-ld.ts";
import { textOf } from "../../core/web/json-ld.ts";
import type { Page } from "../../core/web/page.ts";
import { addressOf, areasOf, businessNode, hoursOf, localityOf, offersOf } from "./business-node.ts";
import { CONFIDENCE, type Facts, type FoundText, NO_FACTS } from "./facts.ts";

const EMAIL = /^[a-z0-9][\w.+-]{0,63}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

const byCode = (origin: "json-ld" | "link" | "markup", source_url: string) => ({ origin, source_url, confidence: CONFIDENCE[origin] });

/** A number that a page labels as its telephone: "Tel: (02) 9211 4087". A fax is none. */
const LABELLED = /(?:\btel(?:ephone|éfono|efon)?|\bph(?:one)?|\bcall(?: us)?(?: on)?|\bmobile|\bmob)\b\.?\s*:?\s*(\+?[\d(][\d\s().-]{5,20}\d)/gi;
const PLAIN_EMAIL = /(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi;

const written = (pages: readonly Page[], pattern: RegExp): FoundText[] =>
  pages.flatMap((page) => [...page.text.matchAll(pattern)].map((match): FoundText => ({ text: (match[1] ?? match[0]).replace(/\.$/, ""), ...byCode("markup", page.url) })));

/** The value that most pages agree on; of equals the first. */
const mostCommon = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
  const counts = new Map<string, { item: T; count: number }>();
  for (const item of items) counts.set(keyOf(item), { item: counts.get(keyOf(item))?.item ?? item, count: (counts.get(keyOf(item))?.count ?? 0) + 1 });
  return [...counts.values()].toSorted((a, b) => b.count - a.count).map((entry) => entry.item);
};

/**
 * What can be read without a model: what pages say to machines, and elements that mean one thing. Pure.
 * @param country in which national numbers are read
 */
export const readFacts = (pages: readonly Page[], { country }: { country: string }): Facts => {
  const nodes = pages.flatMap((page) => page.jsonLd.map((node) => ({ node, url: page.url })));
  const business = businessNode(nodes.map((one) => one.node));
  const businessUrl = nodes.find((one) => one.node === business)?.url ?? "";
  const said = <T>(read: (node: JsonObject) => T | null): T | null => (business === null ? null : read(business));
  const fromNode = byCode("json-ld", businessUrl);

  const phones = mostCommon(
    [
      ...nodes.flatMap(({ node, url }): FoundText[] => (node === business ? [{ text: textOf(node["telephone"]) ?? "", ...byCode("json-ld", url) }] : [])),
      ...pages.flatMap((page) => page.phones.map((text): FoundText => ({ text, ...byCode("link", page.url) }))),
      ...written(pages, LABELLED),
    ].flatMap((found) => {
      const e164 = toE164(found.text, country);
      return e164 === null ? [] : [{ ...found, text: e164 }];
    }),
    (found) => found.text,
  );
  // What is said to machines of the business itself goes first.
  const phone = phones.find((found) => found.origin === "json-ld") ?? phones.find((found) => found.origin === "link") ?? phones[0] ?? null;
  const emails = mostCommon(
    [
      ...(business === null ? [] : [{ text: (textOf(business["email"]) ?? "").replace(/^mailto:/i, ""), ...fromNode }]),
      ...pages.flatMap((page) => page.emails.map((text): FoundText => ({ text, ...byCode("link", page.url) }))),
      ...written(pages, PLAIN_EMAIL),
    ].filter((found) => EMAIL.test(found.text)),
    (found) => found.text.toLowerCase(),
  );
  const address = said((node) => addressOf(node["address"]));
  const marked = pages.flatMap((page) => page.addresses.map((text): FoundText => ({ text, ...byCode("markup", page.url) }))).filter((found) => /\d/.test(found.text) && /\p{L}{3}/u.test(found.text) && !/@|https?:/.test(found.text));
  const hours = said(hoursOf);
  const [home] = pages;
  const language = home?.language ?? null;
  const locality = said(localityOf);
  const name = said((node) => textOf(node["name"]));
  const areas = said(areasOf) ?? [];
  const cities = areas.some((area) => area.kind === "city") || locality === null ? [] : [{ name: locality, kind: "city" as const }];

  return {
    ...NO_FACTS,
    name: name !== null ? { text: name, ...fromNode } : home === undefined || home.title === "" ? null : { text: home.title, ...byCode("markup", home.url) },
    language: language !== null && LANGUAGE.test(language) && language.length <= 12 && home !== undefined ? { text: language, ...byCode("markup", home.url) } : null,
    phone,
    other_phones: phones.filter((found) => found.text !== phone?.text),
    email: emails[0] ?? null,
    address: address !== null ? { text: address, ...fromNode } : (marked[0] ?? null),
    hours: hours === null ? null : { hours, ...fromNode },
    services: offersOf(nodes.map((one) => one.node)).map(({ name: service, price }) => ({ name: service, price_from: price, ...byCode("json-ld", nodes.find((one) => JSON.stringify(one.node).includes(JSON.stringify(service)))?.url ?? businessUrl) })),
    places: [...cities, ...areas].map((area) => ({ ...area, ...fromNode })),
  };
};
