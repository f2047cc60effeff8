import { describe, expect, it } from "vitest";
import { mistakesIn } from "./valid-html.ts";

const rules = async (body_html: string): Promise<string[]> => (await mistakesIn({ title: "Drains & more", h1: "Drains & more", body_html })).map((mistake) => mistake.split(" ")[0] ?? "");

describe("the markup of a page", () => {
  it("is valid as the writer makes it", async () => {
    expect(await rules('<p><span data-source="s1">Ring <a href="tel:+6493601234" rel="noopener noreferrer nofollow">(09) 360 1234</a>.</span></p>\n<h2>First</h2>\n<ol>\n<li>Stop &amp; look.</li>\n</ol>')).toEqual([]);
  });

  it.each([
    ["a tag that is not closed", "<h2>First</h2><ul><li>x</li>", "close-order"],
    ["a picture that says nothing", '<p><img src="/a.png"></p>', "wcag/h37"],
    ["a level left out", "<h4>First</h4><p>x</p>", "heading-level"],
    ["a block in a paragraph", "<p><ul><li>x</li></ul></p>", "close-order"],
  ])("is not valid with %s", async (_, html, rule) => {
    expect(await rules(html)).toContain(rule);
  });
});
