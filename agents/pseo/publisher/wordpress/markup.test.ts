import { describe, expect, it } from "vitest";
import { framed, lossesOf, readFrame, versionOf } from "./markup.ts";

const frame = { page_id: "ent_1", version: versionOf("0123456789abcdef0123") };

describe("the frame around a page", () => {
  it("says whose it is and which version, wherever in a post it stands", () => {
    expect(readFrame(`<!-- wp:paragraph --><p>By hand</p>${framed(frame, "<p>Text</p>")}`)).toEqual({ page_id: "ent_1", version: "0123456789abcdef" });
    expect(readFrame("<p>Theirs</p>")).toBeNull();
  });

  it("lets no data end the script that they stand in", () => {
    const html = framed(frame, "", [{ name: "</script><img src=x onerror=alert(1)>", other: "<!--" }]);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).not.toContain("<img");
    expect(JSON.parse(/json">(.*?)<\/script>/.exec(html)?.[1] ?? "")).toEqual({ name: "</script><img src=x onerror=alert(1)>", other: "<!--" });
  });
});

describe("what a site took away", () => {
  it.each<[string, string, string, string[], boolean]>([
    ["nothing", "<p>a &amp; b</p>", "<p>a &amp; b</p>", [], false],
    ["spelling only", "<p>a &#38; b</p>\n<br>", "<p>a &amp; b</p> <br />", [], false],
    ["a script's tags, whose text is now on the page", "<p>a</p><script>{}</script>", "<p>a</p>{}", ["script"], true],
    ["an element and its attributes", `<iframe src="x"></iframe><p>a</p>`, "<p>a</p>", ["iframe", "iframe src"], false],
    ["an attribute", `<img src="x" srcset="y">`, `<img src="x">`, ["img srcset"], false],
    ["one of two", "<b>a</b><b>c</b>", "<b>a</b>c", ["b"], false],
    ["words", "<p>a b</p>", "<p>a</p>", [], true],
  ])("is seen: %s", (_, sent, kept, lost, words_changed) => {
    expect(lossesOf(sent, kept)).toEqual({ lost, words_changed });
  });
});
