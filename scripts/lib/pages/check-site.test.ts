import { describe, expect, it } from "vitest";
import { checkSite, type FetchedPage } from "./check-site.ts";
import { readPage } from "./read-page.ts";

const SITE = "https://rata.example";
const NODE = JSON.stringify({ "@context": "https://schema.org", "@type": "Service", name: "Drains", serviceType: "Drains", provider: { "@id": "#business" }, areaServed: { "@type": "Place", name: "Ponsonby" } });

interface Made {
  links: readonly string[];
  body?: string;
  json_ld?: string;
  status?: number;
  type?: string;
}

const page = (path: string, { links, body = "<p>Clay pipes.</p>", json_ld = `<script type="application/ld+json">${NODE}</script>`, status = 200, type = "text/html; charset=utf-8" }: Made): FetchedPage => {
  const url = `${SITE}${path}`;
  const html = `<!DOCTYPE html>\n<html lang="en">\n<head><title>Drains</title>${json_ld}</head>\n<body><main><h1>Drains</h1>\n${body}\n${links.map((link) => `<p><a href="${link}">To ${link}</a></p>`).join("\n")}\n</main></body>\n</html>\n`;
  return { url, is_hub: path === "/", status, type, html, read: readPage(html, url) };
};

const troubles = async (pages: FetchedPage[]) => Object.fromEntries((await checkSite(pages)).troubles);

describe("the pages of a site", () => {
  it("that are valid, say what they are and link to each other are right", async () => {
    const { troubles: found, clicks } = await checkSite([page("/", { links: ["/a/"] }), page("/a/", { links: ["/", "/b/"] }), page("/b/", { links: ["/a"] })]);
    expect([[...found], clicks]).toEqual([[], 2]);
  });

  it.each<[string, Made, string]>([
    ["answers something else", { links: ["/"], status: 404 }, "answers 404"],
    ["is no HTML", { links: ["/"], type: "text/plain" }, "is text/plain"],
    ["has markup that is not valid", { links: ["/"], body: "<ul><p>x</p></ul>" }, "element-permitted-content"],
    ["has no JSON-LD", { links: ["/"], json_ld: "" }, "has no JSON-LD"],
    ["has JSON-LD that is no JSON", { links: ["/"], json_ld: `<script type="application/ld+json">{</script>` }, "JSON-LD of a wrong shape"],
    ["has JSON-LD of another kind", { links: ["/"], json_ld: `<script type="application/ld+json">{"@type":"Recipe"}</script>` }, "JSON-LD of a wrong shape"],
    ["links to nothing of ours", { links: ["https://elsewhere.example/"] }, "links to no other page"],
    ["links to itself only", { links: ["/a/"] }, "links to no other page"],
  ])("are told of one that %s", async (_, made, trouble) => {
    expect(await troubles([page("/", { links: ["/a/"] }), page("/a/", made)])).toEqual({ [`${SITE}/a/`]: [expect.stringContaining(trouble)] });
  });

  it("are told of one that nobody reaches, and of one that is too far away", async () => {
    const chain = ["/", "/1", "/2", "/3", "/4"].map((path, at, all) => page(path, { links: [all[at + 1] ?? "/"] }));
    expect(await troubles([...chain, page("/orphan", { links: ["/"] })])).toEqual({ [`${SITE}/4`]: ["is 4 clicks from the hub"], [`${SITE}/orphan`]: ["cannot be reached from the hub"] });
    expect(await troubles([page("/a", { links: ["/b"] }), page("/b", { links: ["/a"] })])).toEqual({ [`${SITE}/a`]: ["cannot be reached from the hub"], [`${SITE}/b`]: ["cannot be reached from the hub"] });
  });

  it("in a WordPress are held to what stands in our own frame", async () => {
    const framed = (inside: string): string => `<ul><p>a theme's mistake</p></ul><div data-apex-page="ent_1" data-apex-version="v1">${inside}</div>`;
    expect(await troubles([page("/", { links: ["/a"], body: framed("<p>Fine.</p>") }), page("/a", { links: ["/"], body: framed("<ul><p>ours</p></ul>") })])).toEqual({ [`${SITE}/a`]: [expect.stringContaining("element-permitted-content")] });
  });
});
