import { describe, expect, it } from "vitest";
import { evidenceOf, factsIn, type FactKind, ordinaryWords, type Reading } from "./facts.ts";

const reading: Reading = { country: "NZ", language: "en-NZ", ordinary: ordinaryWords(["turn off the main valve near the drain, then ring the plumber on the street"]) };

/** What is found in a sentence that the sources do not say. */
const unsaid = (sentence: string, sources: string[], more: Partial<Reading> = {}): string[] => {
  const evidence = evidenceOf(sources, reading);
  return factsIn(sentence, { ...reading, ...more }).filter((fact) => !fact.isIn(evidence)).map(({ kind, text }) => `${kind}: ${text}`);
};
const kinds = (sentence: string): FactKind[] => factsIn(sentence, reading).map(({ kind }) => kind);

describe("facts in a sentence", () => {
  it.each<[string, FactKind[]]>([
    ["Ring us on 09 360 1234.", ["phone"]],
    ["Work starts at $120.", ["price"]],
    ["It costs between 120 and 180 dollars.", ["price", "price"]],
    ["It is 1.2 km from the hospital.", ["distance"]],
    ["We are there in 45 minutes.", ["duration"]],
    ["Working here for twenty years.", ["duration"]],
    ["Serving homes since 1998.", ["year"]],
    ["It saves 30% of the water.", ["percentage"]],
    ["We have 14 vans.", ["number"]],
    ["Ask for Sarah when you ring.", ["name"]],
    ["Sarah answers every call.", ["name"]],
    ["The drain behind St Mary's College is old.", ["name"]],
    ["See acme.co.nz for more.", ["address"]],
    ["All our work is guaranteed.", ["claim"]],
    ["We come the same-day.", ["claim"]],
    ["Turn off the main valve, then ring the plumber.", []],
    ["Closing the valve near the drain stops the water.", []],
    ["Feel free to ring.", []],
  ])("%s", (sentence, expected) => {
    expect(kinds(sentence)).toEqual(expected);
  });
});

describe("whether the sources say so", () => {
  it.each<[what: string, sentence: string, sources: string[], unsaid: string[]]>([
    ["a phone in another writing", "Ring (09) 360-1234.", ["phone +64 9 360 1234"], []],
    ["another phone", "Ring 09 360 1235.", ["phone +64 9 360 1234"], ["phone: 09 360 1235"]],
    ["a price in another writing", "From NZ$1,200.", ["from 1200 dollars"], []],
    ["the lower end of a range", "From $120.", ["between 120 and 180 dollars"], []],
    ["an invented price", "From $99.", ["from $120"], ["price: $99"]],
    ["a price as a distance", "It is 120 km away.", ["from $120"], ["distance: 120 km"]],
    ["the same distance in metres", "It is 1,200 m away.", ["1.2 km from here"], []],
    ["miles for kilometres", "It is 3 miles away.", ["3 km from here"], ["distance: 3 miles"]],
    ["a number in words", "There are three steps.", ["3 steps"], []],
    ["years that nobody said", "Over 20 years of work.", ["20 minutes"], ["duration: 20 years"]],
    ["a place", "Near Auckland City Hospital.", ["Auckland City Hospital (hospital), 2 km away"], []],
    ["two places next to each other", "In Ponsonby Auckland.", ["Ponsonby", "Auckland"], []],
    ["another place", "Near Middlemore Hospital.", ["Auckland City Hospital (hospital)"], ["name: Middlemore Hospital"]],
    ["nobody in particular", "Somebody looks at it before anybody pays. Everybody does. Anybody asks.", ["Ponsonby"], []],
    ["somebody by name", "Bartholomew looks at it.", ["Ponsonby"], ["name: Bartholomew"]],
    ["a possessive", "Ponsonby's pipes are old.", ["Ponsonby"], []],
    ["a claim that is the owner's own", "All work is guaranteed.", ["We guarantee our work for a year."], []],
    ["a claim of nobody's", "We are licensed.", ["We repair drains."], ["claim: licens"]],
    ["round the clock, written otherwise", "We come around the clock, 24/7.", ["open around the clock, 24-7"], []],
    ["an address", "Mail help@acme.co.nz or see https://www.acme.co.nz/.", ["help@acme.co.nz", "https://acme.co.nz"], []],
    ["another's address", "See evil.example.com.", ["https://acme.co.nz"], ["address: evil.example.com"]],
  ])("%s", (_, sentence, sources, expected) => {
    expect(unsaid(sentence, sources)).toEqual(expected);
  });

  it("does not take a German noun for a name", () => {
    expect(unsaid("Die Leitung im Keller ist alt.", [], { language: "de-DE" })).toEqual([]);
  });

  it("does not take the first word of a heading for a name, unless one follows it", () => {
    expect(unsaid("Tips of ours", [], { titled: true })).toEqual([]);
    expect(unsaid("Bartholomew Quigley knows", [], { titled: true })).toEqual(["name: Bartholomew Quigley"]);
  });

  it("takes ordinary words of a heading for what they are, and names for names", () => {
    expect(unsaid("Turn Off the Main Valve in Remuera", [], { titled: true })).toEqual(["name: Remuera"]);
  });
});
