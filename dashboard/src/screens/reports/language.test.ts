import { expect, it } from "vitest";
import { knownLanguage } from "./language.ts";

it.each([["en-US@posix", "en"], ["C", "en"], ["", "en"], ["en-NZ", "en-NZ"], ["de", "de"]])("of %j figures are written as in %s", (tag, language) => {
  expect(knownLanguage(tag)).toBe(language);
  expect(() => new Intl.NumberFormat(knownLanguage(tag))).not.toThrow();
});
