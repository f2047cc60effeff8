import { describe, expect, test } from "vitest";
import { toldByPages } from "./pages.ts";
import { readSchema } from "./schema.ts";

const list = (properties: Record<string, unknown>) => readSchema({ type: "array", items: { type: "object", properties: { ...properties, quote: { type: "string" }, page: { type: "integer" } } } });
const PROMPT = '<page-x number="1">\n## Services\n- Taps, from $90\n- Drains\n## Hours\nMon - Fri 8am - 5.30pm\n</page-x>\n<page-x number="2">\n## Zonas\n- Gràcia\n</page-x>';

describe("numbered pages", () => {
  test("are told of with the words and the page that say so", () => {
    expect(toldByPages(PROMPT, "services", list({ name: { type: "string" }, price_from: { type: "number" } }))).toEqual([
      { name: "Taps", price_from: 90, quote: "Taps, from $90", page: 1 },
      { name: "Drains", price_from: null, quote: "Drains", page: 1 },
    ]);
    expect(toldByPages(PROMPT, "areas", list({ name: { type: "string" } }))).toEqual([{ name: "Gràcia", quote: "Gràcia", page: 2 }]);
    expect(toldByPages(PROMPT, "hours", list({ days: {}, opens: {}, closes: {} }))).toEqual([{ days: ["mon", "tue", "wed", "thu", "fri"], opens: "08:00", closes: "17:30", quote: "Mon - Fri 8am - 5.30pm", page: 1 }]);
  });

  test("are not told of where nobody asks for words and page, or there are no pages", () => {
    expect(toldByPages(PROMPT, "services", readSchema({ type: "array", items: { type: "string" } }))).toBeUndefined();
    expect(toldByPages("Hello", "services", list({}))).toBeUndefined();
  });
});
