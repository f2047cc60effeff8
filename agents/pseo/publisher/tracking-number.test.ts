import { describe, expect, it } from "vitest";
import type { ComposedPage } from "./target.ts";
import { withTrackingNumber } from "./tracking-number.ts";

const TRACKING = { own: "+6495550100", number: "+6499730042", country: "NZ" };
const page = (over: Partial<ComposedPage>): ComposedPage => ({ title: "Drains", h1: "Drains", meta_description: "Drains.", slug: "drains", path: "/drains", body_html: "", json_ld: [], canonical: null, ...over });
const shown = (over: Partial<ComposedPage>): ComposedPage => withTrackingNumber(page(over), TRACKING);

describe("a page's own number", () => {
  it.each([
    ["a link that rings", `<p>Ring <a href="tel:+6495550100" rel="nofollow">09 555 0100</a>.</p>`, `<p>Ring <a href="tel:+6499730042" rel="nofollow">09 973 0042</a>.</p>`],
    ["every spelling", "<li>(09) 555-0100 or +64 9 555 0100, 09 555 0100</li>", "<li>09 973 0042 or 09 973 0042, 09 973 0042</li>"],
    ["another's number, which stays", `<p>Call 111, or <a href="tel:+6495550199">09 555 0199</a>.</p>`, `<p>Call 111, or <a href="tel:+6495550199">09 555 0199</a>.</p>`],
    ["digits that are no phone", `<img src="/95550100.png" width="640"><p>From $145, in 2 km.</p>`, `<img src="/95550100.png" width="640"><p>From $145, in 2 km.</p>`],
  ])("stands in place of the business's in %s", (_, html, expected) => {
    expect(shown({ body_html: html }).body_html).toBe(expected);
  });

  it("stands in what search engines show and in the questions, and the business itself keeps its own", () => {
    const business = { "@type": "Plumber", telephone: "+6495550100" };
    const faq = { "@type": "FAQPage", mainEntity: [{ "@type": "Question", name: "How?", acceptedAnswer: { "@type": "Answer", text: "Ring 09 555 0100." } }] };
    expect(shown({ meta_description: "Ring 09 555 0100 now.", json_ld: [business, faq] })).toMatchObject({
      meta_description: "Ring 09 973 0042 now.",
      json_ld: [business, { mainEntity: [{ name: "How?", acceptedAnswer: { text: "Ring 09 973 0042." } }] }],
    });
  });
});
