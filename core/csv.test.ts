import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { toCsv } from "./csv.ts";

const cellOf = (text: string): string => Papa.parse<string[]>(toCsv([[text]]), { skipEmptyLines: false }).data[0]?.[0] ?? "";

describe("a CSV cell", () => {
  it.each(["=1+1", "+64211234567", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", " =1", "=1\n=2", "＝1+1", "\u00A0=1", "\uFEFF=1", "＠x"])("that starts a formula, %j, is text to a spreadsheet", (text) => {
    expect(cellOf(text)).toBe(`'${text}`);
  });

  it.each(["Jane", "", "1=1", "a,b", 'say "hi"', "two\nlines", "021 123 4567", "Zoë"])("that starts none, %j, is kept as it is", (text) => {
    expect(cellOf(text)).toBe(text);
  });

  it("comes back as it went out, or behind one apostrophe, whatever it holds", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => [text, `'${text}`].includes(cellOf(text))));
  });

  it("is in quotes, so that another list separator does not split it", () => {
    expect(toCsv([["a;=1+1", 5, ""]], ["x", "y", "z"])).toBe('"x","y","z"\r\n"a;=1+1","5",""\r\n');
  });
});
