import { describe, expect, it } from "vitest";
import { phonesIn } from "./phones.ts";
import { placeIn, unwanted, urgencyOf } from "./words.ts";

const filter = { keywords: ["blocked drain", "need a plumber"], negative_keywords: ["for free", "apprentice"], geo_filter: ["Ponsonby", "Mt Eden"] };
const listing = (title: string, description = "", location: string | null = null) => ({ title, description, location });

describe("a find", () => {
  it.each([
    ["the words in another order", listing("The drain at the back is blocked", "", "Ponsonby"), null],
    ["another ending", listing("Two blocked drains", "", "mt eden, Auckland"), null],
    ["accents and capitals", listing("NEED a PLUMBER!!", "", "Mt Édén"), null],
    ["no place at all", listing("Need a plumber"), null],
    ["the place in its text only", listing("Need a plumber", "House in Mt Eden", "Auckland"), null],
    ["another trade", listing("Need a painter", "", "Ponsonby"), "no_keyword"],
    ["another place", listing("Need a plumber", "", "Sydney"), "elsewhere"],
    ["what is not wanted", listing("Need a plumber", "for  FREE please", "Ponsonby"), "negative_keyword"],
    ["what only looks like it", listing("Need a plumber", "my freezer too", "Ponsonby"), null],
  ])("with %s: %s", (_, found, expected) => expect(unwanted(found, filter)).toBe(expected));

  it("passes where nothing is asked for", () => expect(unwanted(listing("Anything", "", "Anywhere"), { keywords: [], negative_keywords: [], geo_filter: [] })).toBeNull());

  it.each([["Burst pipe, need someone now", "high"], ["Leaking tap, no rush", "low"], ["Drain blocked, this week please", "medium"], ["Paint three bedrooms", null], ["Wasserrohrbruch, dringend!", "high"]])("%j is of urgency %s", (text, urgency) => expect(urgencyOf(text)).toBe(urgency));

  it("has its place as it spells it", () => expect([placeIn("two storeys in mt  eden.", ["Ponsonby", "Mt Eden"]), placeIn("Edenmore", ["Eden"])]).toEqual(["mt  eden", null]));
});

describe("a post's phones", () => {
  it.each([
    ["Call 021 234 5678 after five", ["+64212345678"]], ["ring (09) 631-5540 or 027-2345678", ["+6496315540", "+64272345678"]], ["O21 234 5678", ["+64212345678"]], ["021_234_5678", ["+64212345678"]], ["021 * 234 * 5678", ["+64212345678"]],
    ["zero two one, two three four, five six seven eight", ["+64212345678"]], ["text oh two one double two 34567", ["+64212234567"]], ["0 2 1 2 3 4 5 6 7 8", ["+64212345678"]], ["+64 21 234 5678", ["+64212345678"]], ["021 dot 234 dot 5678", ["+64212345678"]],
    ["021 665 8890\n2 hours ago", ["+64216658890"]], ["09 446 0021\n26 Nov\nO21 234 5678", ["+6494460021", "+64212345678"]],
    ["Win! 0900 12345, or 0800 100 200", []], ["111 if it burns", []], ["order number 123456789012345678", []], ["no number, PM me", []], ["one two three, three rooms, four windows, five doors", []],
  ])("%j", (text, phones) => expect(phonesIn(text, "NZ")).toEqual(phones));

  it.each(["one ".repeat(5000), "0 ".repeat(10_000), "double ".repeat(4000), "1-".repeat(10_000)])("are looked for to an end in what is made to have none", (text) => {
    expect(phonesIn(text, "NZ")).toEqual([]);
  });
});
