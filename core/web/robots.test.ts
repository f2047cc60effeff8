import { describe, expect, it } from "vitest";
import { readRobots } from "./robots.ts";

const at = (path: string): string => `https://shop.example${path}`;

describe("readRobots", () => {
  it.each<[string, string, boolean]>([
    ["User-agent: *\nDisallow: /private/", "/private/a", false],
    ["User-agent: *\nDisallow: /private/", "/public", true],
    ["User-agent: *\nDisallow: /\nAllow: /open", "/open/a", true],
    ["User-agent: *\nDisallow: /a\nAllow: /a", "/a", true],
    ["User-agent: *\nDisallow:", "/a", true],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?a=1", true],
    ["User-agent: *\nDisallow: /sites/*/private/", "/sites/a/private/b", false],
    ["User-agent: *\nDisallow: /*?session=", "/a?session=1", false],
    ["User-agent: ApexBot\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", false],
    ["User-agent: apexbot\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", true],
    ["User-agent: Other\nUser-agent: ApexBot # us\nDisallow: /a", "/a", false],
    ["User-agent: Other\nDisallow: /", "/a", true],
    ["<html>not found</html>", "/a", true],
  ])("%j: %s is allowed: %s", (text, path, allowed) => {
    expect(readRobots(text, "ApexBot").allows(at(path))).toBe(allowed);
  });

  it.each<[string, number | null]>([
    ["User-agent: *\nCrawl-delay: 5\nDisallow: /a", 5],
    ["User-agent: ApexBot\nCrawl-delay: 2.5\n\nUser-agent: *\nCrawl-delay: 9", 2.5],
    ["User-agent: ApexBot\nDisallow: /a\n\nUser-agent: *\nCrawl-delay: 9", null],
    ["User-agent: *\nCrawl-delay: soon", null],
  ])("%j: asks to wait %s s", (text, delay) => {
    expect(readRobots(text, "ApexBot").crawlDelayS).toBe(delay);
  });

  it("finds sitemaps, and is not held up by patterns made to hold it up", () => {
    const robots = readRobots(`Sitemap: https://shop.example/map.xml\nUser-agent: *\nDisallow: /${"*a".repeat(500)}*b$`, "ApexBot");
    expect(robots.sitemaps).toEqual(["https://shop.example/map.xml"]);
    expect(robots.allows(at(`/${"a".repeat(20_000)}`))).toBe(true);
  });
});
