import { describe, expect, it } from "vitest";
import { MASK, redact, type RedactOptions } from "./redact.ts";

const take = (text: string, more: Partial<RedactOptions> = {}): string =>
  redact(text, { names: [], personal: [], vocabulary: new Set(["harbour", "plumbing", "rheem", "ponsonby"]), ordinary: new Set(), language: "en-NZ", ...more });

describe("redacting", () => {
  it.each([
    ["my number is 021 446 0564 any time", "my number is […] any time"],
    ["ring +64 (21) 446-0564 please", "ring […] please"],
    ["it is oh two one, four four six, oh five six four", "it is […]"],
    ["double four six seven nine is the code", "[…] is the code"],
    ["my card is 4111 1111 1111 1111 ok", "my card is […] ok"],
    ["send it to aroha.w@example.co.nz today", "send it to […] today"],
    ["it is aroha at gmail dot com", "it is […]"],
    ["see https://aroha.example/me for it", "see […] for it"],
    ["we live at 12 Queen Street in town", "we live at […] in town"],
    ["we live at 4/12 queens drive", "we live at […]"],
    ["it is twenty one queen street", "it is […]"],
    ["wir wohnen in der Gartenstraße 7 a", "wir wohnen in der […]"],
    ["j'habite rue de la Paix 5", "j'habite […]"],
    ["vivo en calle Mayor 3", "vivo en […]"],
    ["flat 3 on the left", "[…] on the left"],
    ["the postcode is SW1A 1AA here", "the postcode is […] here"],
    ["the plate is KLM483 on the van", "the plate is […] on the van"],
  ])("takes what has the form of a number or an address out of %j", (text, safe) => {
    expect(take(text)).toBe(safe);
  });

  it.each([
    ["it costs 120 dollars, or 1200 for both", undefined],
    ["We come within 2 hours on Monday, 24 7", undefined],
    ["the 50 litre cylinder takes three hours", undefined],
    ["it is three hours drive and a long way", undefined],
    ["Is GST in the price of a Rheem?", undefined],
  ])("leaves %j as it is", (text) => {
    expect(take(text, { ordinary: new Set() })).toBe(text);
  });

  it.each([
    ["known names, whole and in parts", "Will Price rang, and Will asked will it hold. Mr Price's tap", "[…] rang, and […] asked will it hold. […] tap"],
    ["a name at the beginning", "Will's tap drips", "[…] tap drips"],
  ])("takes out %s", (_, text, safe) => {
    expect(take(text, { names: ["Will Price"] })).toBe(safe);
  });

  it("takes a large word within a sentence for a name, unless the business or its trade knows it", () => {
    expect(take("so Aroha and Te Rina said that Harbour Plumbing in Ponsonby is good")).toBe("so […] and […] said that Harbour Plumbing in Ponsonby is good");
    expect(take("I think I'm fine on Monday, thanks")).toBe("I think I'm fine on Monday, thanks");
  });

  it("takes the first word of a sentence for a name unless it is an ordinary one", () => {
    expect(take("Dave comes at nine. Can you wait? Pipes burst.", { ordinary: new Set(["pipes"]) })).toBe("[…] comes at nine. Can you wait? Pipes burst.");
  });

  it("keeps the nouns of a language that writes them large, and still takes introductions out", () => {
    expect(take("Mein Name ist Peter Schmidt und der Abfluss ist verstopft, sagt Frau Weber.", { language: "de-DE" })).toBe("Mein Name ist […] und der Abfluss ist verstopft, sagt Frau […].");
  });

  it("takes out what a model named besides, wherever it stands, and nothing that only contains it", () => {
    expect(take("the blue house beside the dairy", { personal: ["Blue house", "air"] })).toBe("the […] beside the dairy");
  });

  it("does not stumble over what is special to a pattern", () => {
    expect(take("call (a+b)* [x] now", { names: ["(a+b)*"], personal: ["[x]", "\\"] })).not.toContain("a+b");
    expect(take(`${MASK} ${MASK}`)).toBe(MASK);
  });
});
