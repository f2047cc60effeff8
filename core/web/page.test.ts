import { describe, expect, it } from "vitest";
import { needsScripts, readPage } from "./page.ts";

const read = (html: string) => readPage(html, "https://shop.example/a/index.html");

describe("readPage", () => {
  it("gives headings, items and rows a line each, and joins what is one line to a person", () => {
    expect(read("<h1>Our <b>work</b></h1><ul><li>Taps<li><p>Drains</p></ul><table><tr><td>Call-out<td>$90</table><p>a<br>b &amp; c</p>").text).toBe("## Our work\n- Taps\n- Drains\nCall-out | $90\na\nb & c");
  });

  it.each([
    ["display:none", '<p style="color:red; display : none">x</p>'],
    ["hidden", "<div hidden><p>x</p></div>"],
    ["aria-hidden", '<span aria-hidden="true">x</span>'],
    ["font-size:0", '<p style="font-size:0">x</p>'],
    ["off the page", '<p style="position:absolute;left:-9999px">x</p>'],
    ["a template", "<template><p>x</p></template>"],
    ["a comment", "<!-- x -->"],
    ["a script", "<script>x</script>"],
    ["an unclosed hidden item", "<ul><li hidden>x<li>y</ul>"],
  ])("does not read what is kept from people by %s", (_, html) => {
    expect(read(`<p>seen</p>${html}`).text.replace("\n- y", "")).toBe("seen");
  });

  it("reads links from where the page is, its phones and addresses apart", () => {
    const page = read('<a href="../b?x=1#c">B</a><a href="tel:+64%209%20555">call</a><a href="mailto:a@b.example?subject=x">mail</a><a href="javascript:x()">no</a><a href="http://[">no</a><address>1 High St<br>Town</address>');
    expect([page.links, page.phones, page.emails, page.addresses]).toEqual([[{ url: "https://shop.example/b?x=1", text: "B" }], ["+64 9 555"], ["a@b.example"], ["1 High St, Town"]]);
  });

  it("reads JSON-LD, and takes what is broken for nothing", () => {
    const page = read('<script type="application/ld+json">{"@graph":[{"@type":"Plumber","address":{"streetAddress":"1 High St"}}]}</script><script type="application/ld+json">{oops</script>');
    expect(page.jsonLd.map((node) => Object.keys(node)[0])).toEqual(["@graph", "@type", "streetAddress"]);
    expect(page.hasScripts).toBe(false);
  });

  it("is bounded, however long or deep the page", () => {
    expect(read(`<p>${"word ".repeat(50_000)}`).text.length).toBeLessThanOrEqual(60_000);
    expect(read("<div>".repeat(20_000)).text).toBe("");
    expect(read('<a href="/x">x</a>'.repeat(2000)).links).toHaveLength(500);
  });

  it("knows the shell of a page that scripts make", () => {
    expect(needsScripts(read('<div id="app"></div><script src="/a.js"></script>'))).toBe(true);
    expect(needsScripts(read("<p>Short, and whole.</p>"))).toBe(false);
  });
});
