import { describe, expect, it } from "vitest";
import { readSitemapPath, sitemap, sitemapIndex, URLS_A_FILE } from "./sitemap.ts";

describe("a sitemap", () => {
  it("of as many of the longest addresses as there may be stays within 50 MB", () => {
    // 300 characters that become nine each.
    const longest = sitemap(`https://${"a".repeat(60)}.example`, [{ path: `/${"東".repeat(299)}`, modified_at: 0 }]);
    expect(new TextEncoder().encode(longest).length * URLS_A_FILE).toBeLessThan(50 * 1024 * 1024);
    expect(URLS_A_FILE).toBeLessThanOrEqual(50_000);
  });

  it("escapes what XML would read as its own", () => {
    expect(sitemap("https://a.example", [{ path: "/a&b<c>'\"", modified_at: 0 }])).not.toMatch(/<loc>[^<]*[&<>'"](?!#\d+;|\/loc>)[^<]*<\/loc>/);
  });

  it("becomes an index of its parts", () => {
    expect([...sitemapIndex("https://a.example", 3).matchAll(/<loc>(.*?)<\/loc>/g)].map((match) => match[1])).toEqual([1, 2, 3].map((part) => `https://a.example/sitemap-${part}.xml`));
  });

  it.each([["/sitemap.xml", 0], ["/sitemap-1.xml", 1], ["/sitemap-12.xml", 12], ["/sitemap-0.xml", null], ["/sitemap-x.xml", null], ["/sitemap.xml.gz", null], ["/a/sitemap.xml", null]])("%s names %s", (path, part) => {
    expect(readSitemapPath(path)).toBe(part);
  });
});
