import { addressesIn, phonesIn } from "./contacts.ts";
import { namesIn, smallWordsIn, tellsNames, wordsIn } from "./names.ts";
import { isSaid, quantitiesIn, type Quantity } from "./quantities.ts";
import { CLAIMS } from "./words.data.ts";

/*
 * What a text says that could be untrue, found by code: phones, addresses, numbers of all kinds, names, and claims that need neither.
 * And whether the sources that it rests on say the same.
 */

export type FactKind = "phone" | "address" | Quantity["kind"] | "name" | "claim";

export interface Fact {
  kind: FactKind;
  /** As it is written. */
  text: string;
  isIn: (evidence: Evidence) => boolean;
}

/** Sources, read once for many facts. */
export interface Evidence {
  phones: ReadonlySet<string>;
  addresses: ReadonlySet<string>;
  quantities: readonly Quantity[];
  /** Each text's words in small letters, with a space around each. */
  words: readonly string[];
  claims: ReadonlySet<string>;
}

export interface Reading {
  /** ISO 3166-1 alpha-2, for phones. */
  country: string;
  /** BCP 47. */
  language: string | undefined;
  /** Words that are known to be no names. */
  ordinary: ReadonlySet<string>;
  titled?: boolean;
}

const CLAIM = new RegExp(String.raw`(?<![\p{L}\p{N}])(${CLAIMS.join("|")})`, "giu");
/** What a claim comes down to, however it is written: same-day, same day. */
const claimsIn = (text: string): { key: string; text: string }[] => [...text.matchAll(CLAIM)].map(([word]) => ({ key: word.toLowerCase().replaceAll(/[\s/-]+/g, " ").replace(/s$/, ""), text: word }));

const spaced = (words: readonly string[]): string => ` ${words.map((word) => word.toLowerCase().replace(/[’']s$/, "")).join(" ")} `;

/** Takes out what has been read already, so that a phone is not a number too. */
const without = (text: string, found: readonly string[]): string => found.reduce((rest, one) => rest.replace(one, " "), text);

export const evidenceOf = (texts: readonly string[], { country }: Pick<Reading, "country">): Evidence => ({
  phones: new Set(texts.flatMap((text) => phonesIn(text, country).map(({ e164 }) => e164))),
  addresses: new Set(texts.flatMap(addressesIn)),
  quantities: texts.flatMap((text) => quantitiesIn(without(text, phonesIn(text, country).map((phone) => phone.text)))),
  words: texts.map((text) => spaced(wordsIn(text))),
  claims: new Set(texts.flatMap((text) => claimsIn(text).map(({ key }) => key))),
});

/** Whether a name's words stand together in one of the texts, or are two names next to each other that do. */
const isNamed = (name: readonly string[], words: readonly string[]): boolean => {
  const stands = (part: readonly string[]): boolean => words.some((text) => text.includes(spaced(part)));
  if (name.length === 0 || stands(name)) return true;
  return name.some((_, at) => at > 0 && stands(name.slice(0, at)) && isNamed(name.slice(at), words));
};

const WRITTEN_ADDRESS = /\b(?:https?:\/\/|www\.)\S+|\S+@\S+/g;

/** The facts of one sentence or heading, in no order. */
export const factsIn = (text: string, { country, language, ordinary, titled = false }: Reading): Fact[] => {
  const phones = phonesIn(text, country);
  const addresses = addressesIn(text);
  const counted = without(text, [...phones.map((phone) => phone.text), ...(text.match(WRITTEN_ADDRESS) ?? [])]);
  const quantities = quantitiesIn(counted);
  const names = tellsNames(language) ? namesIn(without(counted, quantities.map((quantity) => quantity.text)), ordinary, { titled }) : [];
  return [
    ...phones.map((phone): Fact => ({ kind: "phone", text: phone.text, isIn: (evidence) => evidence.phones.has(phone.e164) })),
    ...addresses.map((address): Fact => ({ kind: "address", text: address, isIn: (evidence) => evidence.addresses.has(address) })),
    ...quantities.map((quantity): Fact => ({ kind: quantity.kind, text: quantity.text, isIn: (evidence) => isSaid(quantity, evidence.quantities) })),
    // Names that hold a number have had it checked above.
    ...names.map((name): Fact => ({ kind: "name", text: name.join(" "), isIn: (evidence) => isNamed(name, evidence.words) })),
    ...claimsIn(text).map((claim): Fact => ({ kind: "claim", text: claim.text, isIn: (evidence) => evidence.claims.has(claim.key) })),
  ];
};

/** Words that stand in small letters in any of these texts. */
export const ordinaryWords = (texts: readonly string[]): Set<string> => new Set(texts.flatMap(smallWordsIn));
