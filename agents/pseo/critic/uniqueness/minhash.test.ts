import { describe, expect, it } from "vitest";
import { bandsOf, resemblance, signatureFrom, signatureOf, signatureText } from "./minhash.ts";
import { comparedWords, shinglesOf } from "./shingles.ts";

const numbers = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, n) => Math.imul(from + n, 2_654_435_761) >>> 0);
const subject = { service: { name: "Blocked drains", slug: "x" }, primary_keyword: "blocked drains" };
const place = (name: string) => ({ name, slug: "x", city: "Auckland", lat: null, lon: null });
const text = (body_html: string) => ({ title: "", body_html, faq: [] });

describe("signatures", () => {
  it.each([[1, 0], [0.75, 143], [0.5, 333], [0, 1000]])("tell a resemblance of %d", (share, apart) => {
    const estimate = resemblance(signatureOf(numbers(0, 1000)), signatureOf(numbers(apart, 1000 + apart)));
    expect(Math.abs(estimate - share)).toBeLessThan(0.12);
  });

  it("share a band when the texts have much in common, and hardly ever when they have not", () => {
    const met = (apart: number): number =>
      Array.from({ length: 60 }, (_, n) => {
        const own = new Set(bandsOf(signatureOf(numbers(n * 10_000, n * 10_000 + 500))));
        return bandsOf(signatureOf(numbers(n * 10_000 + apart, n * 10_000 + apart + 500))).some((band) => own.has(band)) ? 1 : 0;
      }).reduce<number>((sum, one) => sum + one, 0);
    // 0.6 in common; 0.1 in common.
    expect(met(125)).toBeGreaterThanOrEqual(57);
    expect(met(409)).toBeLessThanOrEqual(3);
  });

  it("survive being stored, and their bands are whole numbers that JSON and SQLite hold", () => {
    const signature = signatureOf(numbers(0, 50));
    expect(signatureFrom(signatureText(signature))).toEqual(signature);
    expect(bandsOf(signature).every(Number.isSafeInteger)).toBe(true);
    expect(new Set(bandsOf(signature)).size).toBe(32);
  });
});

describe("the words that are compared", () => {
  it("are the same on a page that was copied with another place and other numbers", () => {
    const one = comparedWords(text("<p>In Ponsonby we clear blocked drains from 180 NZD.</p>"), { ...subject, place: place("Ponsonby") });
    const two = comparedWords(text("<p>In <b>Grey Lynn</b> we clear blocked drains from 220 NZD.</p>"), { ...subject, place: place("Grey Lynn") });
    expect(one).toEqual(two);
    expect(resemblance(signatureOf(shinglesOf(one)), signatureOf(shinglesOf(two)))).toBe(1);
  });

  it("can be fewer than are compared at a time, or none", () => {
    for (const words of [[], ["one"], ["a", "b", "c", "d"]]) expect(shinglesOf(words).length).toBe(1);
  });
});
