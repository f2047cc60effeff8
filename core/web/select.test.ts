import { describe, expect, it } from "vitest";
import { parseHtml } from "./dom.ts";
import { readJsonFeed, readXmlFeed } from "./feed.ts";
import { readJsonLd } from "./json-ld.ts";
import { linesOf, visibleText } from "./lines.ts";
import { isSelector, select } from "./select.ts";

const HTML = `<div id="list" class="posts big"><article class="post first" data-id="1"><h2><a href="/1">One</a></h2><p>text <b>bold</b></p></article>
<article class="post" data-id="22"><div><h2><a href="/2">Two</a></h2></div></article><aside><h2>Ad</h2></aside></div>`;
const found = (selector: string): string[] => select(parseHtml(HTML), selector).map(visibleText);

describe("a selector", () => {
  it.each([
    ["article h2", ["One", "Two"]], ["article > h2", ["One"]], [".post.first a", ["One"]], ["#list > article[data-id='22'] a", ["Two"]], ["[data-id^=2] h2", ["Two"]], ["[data-id$=\"1\"] a", ["One"]], ["[class~=big] aside", ["Ad"]], ["[class*=oth]", []],
    ["aside h2, article h2", ["One", "Two", "Ad"]], ["*[data-id] b", ["bold"]], ["div div a", ["Two"]], ["a[href]", ["One", "Two"]], ["[title='a,b'], aside", ["Ad"]],
  ])("%s names %j", (selector, texts) => expect(found(selector)).toEqual(texts));

  it.each(["", " ", ">", "a >", "a,", ",a", "a,,b", "a b!", "a:hover", "a[", "[a=]", "a..b", "div(x)", "a ".repeat(20)])("%j is none", (selector) => {
    expect([isSelector(selector), select(parseHtml(HTML), selector)]).toEqual([false, []]);
  });

  it("is looked for to an end in what nests without one", () => {
    const deep = parseHtml(`${"<div class=a>".repeat(20_000)}<p>x</p>`);
    expect(select(deep, ".a .a .a .a .a .a .a .a .a p").length).toBeLessThan(2);
  });
});

describe("the lines of a page", () => {
  it("are its blocks, with their links, without what nobody sees", () => {
    const lines = linesOf(parseHtml('<p>One <a href="/a">a</a><br>two</p><div style="display:none">no</div><table><tr><td>x<td>y</table><script>no()</script><a href="javascript:x">j</a>'), "https://b.example/c/");
    expect(lines).toEqual([{ text: "One a", links: [{ url: "https://b.example/a", text: "a" }] }, { text: "two", links: [] }, { text: "x | y", links: [] }, { text: "j", links: [] }]);
  });
});

describe("a feed", () => {
  it("is read as RSS, with what its writer forgot to escape", () => {
    const feed = readXmlFeed('<?xml version="1.0"?><rss><channel><title>T</title><item><title>Tap & sink</title><link>/1</link><description><![CDATA[<p>a</p>]]></description><category>Epsom</category><pubDate>Thu, 26 Nov 2026 01:00:00 GMT</pubDate></item><item><title>B</title><guid>https://b.example/2</guid><content:encoded>longer</content:encoded><description>short</description></item></channel></rss>', "https://b.example/feed");
    expect(feed?.items.map(({ title, url, html, published, field }) => [title, url, html, published, field("category")])).toEqual([["Tap & sink", "https://b.example/1", "<p>a</p>", "Thu, 26 Nov 2026 01:00:00 GMT", "Epsom"], ["B", "https://b.example/2", "longer", null, null]]);
  });

  it("is read as Atom, with its next page", () => {
    const feed = readXmlFeed('<feed xmlns="x"><link rel="next" href="?page=2"/><entry><title>A</title><link rel="edit" href="/e"/><link href="/1"/><published>2026-11-26</published><content type="xhtml"><div>a <b>b</b> &lt;c</div></content><category term="Epsom"/></entry></feed>', "https://b.example/feed");
    expect([feed?.next, feed?.items[0]?.url, feed?.items[0]?.html, feed?.items[0]?.field("category")]).toEqual(["https://b.example/feed?page=2", "https://b.example/1", "<div>a <b>b</b> <c</div>", "Epsom"]);
  });

  it("is read as JSON Feed 1.1, and as JSON of nobody's standard", () => {
    const standard = readJsonFeed('{"version":"https://jsonfeed.org/version/1.1","next_url":"/2","items":[{"id":"1","url":"/1","title":"A","content_text":"t"},{"external_url":"https://o.example/","content_html":"<p>h</p>"}]}', "https://b.example/");
    expect([standard?.next, standard?.items.map(({ title, url, html }) => [title, url, html])]).toEqual(["https://b.example/2", [["A", "https://b.example/1", "t"], ["", "https://o.example/", "<p>h</p>"]]]);
    const own = readJsonFeed('{"data":{"rows":[{"h":"A","ref":7,"at":{"place":["x","Epsom"]}}]}}', "https://b.example/", { items: "data.rows", title: "h", link: "ref" }, "https://b.example/post/{link}");
    expect(own?.items.map(({ title, url, field }) => [title, url, field("at.place.1"), field("__proto__.x")])).toEqual([["A", "https://b.example/post/7", "Epsom", null]]);
  });

  it.each([["<html><p>no</p></html>"], [""], ["{}"]])("is not %j", (text) => expect([readXmlFeed(text, "https://b.example/"), readJsonFeed(text, "https://b.example/")]).toEqual([null, null]));
});

it.each([['{"@type":"A"}'], ['<!-- {"@type":"A"} -->'], ['//<![CDATA[\n{"@type":"A"}\n//]]>'], ['/*<![CDATA[*/{"@type":"A"}/*]]>*/'], ['{"@type":"A",}'], ['{"@type":"A","d":"two\nlines"}']])("JSON-LD is read from %j", (text) => {
  expect(readJsonLd(text)[0]?.["@type"]).toBe("A");
});
