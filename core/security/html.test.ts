import { describe, expect, it } from "vitest";
import { cleanHtml, escapeHtml, jsonForScript } from "./html.ts";

/** Nothing that runs, loads by itself or leads elsewhere than the web may be left of any of these. */
const ALIVE = /<\s*(script|style|iframe|object|embed|form|input|button|svg|math|base|meta|link|video|audio|template|noscript|details|marquee|body|html)|[\s/"']on\w+\s*=|javascript:|vbscript:|data:|srcdoc|formaction|style\s*=|expression\(|xlink/i;

describe("HTML that a model wrote", () => {
  it.each([
    "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\n>", "<script/x>alert(1)</script>",
    '<img src=x onerror=alert(1)>', '<img src="x" onerror = "alert(1)">', '<img/src="x"/onerror=alert(1)>', '<img src="javascript:alert(1)">', '<img src="data:image/svg+xml;base64,PHN2Zy8+">', "<img src=x:x onerror\n=alert(1)>", '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    '<a href="javascript:alert(1)">x</a>', '<a href="JaVaScRiPt:alert(1)">x</a>', '<a href=" javascript:alert(1)">x</a>', '<a href="java\tscript:alert(1)">x</a>', '<a href="java&#x0A;script:alert(1)">x</a>', '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>', '<a href="\u0001javascript:alert(1)">x</a>', '<a href="vbscript:x">x</a>', '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="//evil.example">x</a>',
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>", "<svg><animate onbegin=alert(1)></svg>", "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">', "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><img src=x onerror=alert(1)></template>",
    "<iframe src=javascript:alert(1)></iframe>", '<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<object data=javascript:alert(1)></object>", "<embed src=//evil.example>", "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<style>@import '//evil.example'</style>", '<p style="background:url(javascript:alert(1))">x</p>', '<div style="width:expression(alert(1))">x</div>', "<link rel=stylesheet href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example>",
    "<body onload=alert(1)>", "<details open ontoggle=alert(1)>x</details>", "<video><source onerror=alert(1)></video>", "<input autofocus onfocus=alert(1)>", "<marquee onstart=alert(1)>x</marquee>", "<p onclick=alert(1)>x</p>",
    "<textarea></textarea><img src=x onerror=alert(1)>", "<xmp><img src=x onerror=alert(1)></xmp>", "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<img src=x onerror=alert(1)>]]>", "<?php echo 1 ?><img src=x onerror=alert(1)>", "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
  ])("is harmless afterwards: %s", (html) => {
    expect(cleanHtml(html)).not.toMatch(ALIVE);
    // And stays so when it goes through once more, as a page that is edited does.
    expect(cleanHtml(cleanHtml(html))).toBe(cleanHtml(html));
  });

  it("keeps the text and its structure, links and pictures", () => {
    const page = '<h1 id="s-top">Leaks &amp; drains</h1><p>Call <a href="tel:+6495550100">us</a> or <strong>write</strong>.</p><ul><li>One</li></ul><img src="https://acme.example/a.jpg" alt="A van" width="3" loading="lazy" /><table><tbody><tr><td colspan="2">x</td></tr></tbody></table>';
    expect(cleanHtml(page)).toBe(page.replace('<a href="tel:+6495550100"', '<a href="tel:+6495550100" rel="noopener noreferrer nofollow"'));
  });

  it("lets no id in that a script of the page may know by name", () => {
    expect(cleanHtml('<h2 id="location">x</h2><p id="s-x">y</p><h3 id="S-X">z</h3>')).toBe("<h2>x</h2><p>y</p><h3>z</h3>");
  });

  it("does not choke on depth", () => {
    expect(cleanHtml(`${"<blockquote>".repeat(5000)}deep`).match(/<blockquote>/g)?.length).toBeLessThanOrEqual(50);
  });
});

describe("text in a page", () => {
  it("is text, in an attribute too", () => {
    expect(escapeHtml(`<img src=x onerror="alert('1')">&`)).toBe("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;");
  });
});

describe("JSON in a script", () => {
  it("cannot end it", () => {
    const text = jsonForScript({ name: "</script><script>alert(1)</script><!-- &amp; \u2028" });
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual({ name: "</script><script>alert(1)</script><!-- &amp; \u2028" });
  });
});
