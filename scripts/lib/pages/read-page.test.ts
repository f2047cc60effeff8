import { describe, expect, it } from "vitest";
import { readPage } from "./read-page.ts";

const URL_OF_PAGE = "https://rata.example/drains/ponsonby/";

describe("a page as it came over the wire", () => {
  it("is read for its headings, links, JSON-LD and what our frame holds", () => {
    const html = `<!doctype html><html><head><title>Drains &amp; more</title><script type="application/ld+json">{"@type":"Plumber"}</script><script>var x = "<a href='/no'>";</script></head>
<body><h1> Blocked <em>drains</em> </h1><div data-apex-page="ent_1" data-apex-version="v1">
<p>The <a href="/drains/#top">clay</a> pipes. <div>one</div></p>
<a href="../../drains?x=1">again</a><a href="https://rata.example/hot-water/">hot</a><a href="tel:+6495550100">ring</a><a>no</a>
</div><a href="mailto:x@y.z">m</a></body></html>`;
    expect(readPage(html, URL_OF_PAGE)).toEqual({
      title: "Drains & more",
      h1: "Blocked drains",
      framed: `\n<p>The <a href="/drains/#top">clay</a> pipes. <div>one</div></p>\n<a href="../../drains?x=1">again</a><a href="https://rata.example/hot-water/">hot</a><a href="tel:+6495550100">ring</a><a>no</a>\n`,
      links: ["https://rata.example/drains", "https://rata.example/hot-water", "tel:+6495550100", "mailto:x@y.z"],
      json_ld: [{ "@type": "Plumber" }],
    });
  });

  it("that holds no frame says so, and JSON-LD that is none counts as a node that is wrong", () => {
    expect(readPage(`<script type="application/ld+json">{"@type": </script><script type="application/ld+json">[{"a":1},{"b":2}]</script>`, URL_OF_PAGE)).toMatchObject({ framed: null, title: "", h1: "", json_ld: [null, { a: 1 }, { b: 2 }] });
  });
});
