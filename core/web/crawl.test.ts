import { describe, expect, it } from "vitest";
import { vendorError } from "../errors.ts";
import { createGuardedFetch } from "../security/egress/fetch.ts";
import { createUrlChecker } from "../security/egress/resolve.ts";
import { crawlSite, type RenderPage } from "./crawl.ts";

type Site = Record<string, { status?: number; type?: string; body?: string; location?: string }>;

const START = "https://shop.example/";
const page = (body: string, lang = "en"): { body: string } => ({ body: `<html lang="${lang}"><title>T</title>${body}` });

/** A website on the wire; the guard, the robots' rules and the reading are real. */
const crawl = async (site: Site, { start = START, render, maxPages = 5, timeoutMs = 30_000 }: { start?: string; render?: RenderPage; maxPages?: number; timeoutMs?: number } = {}) => {
  const asked: { url: string; agent: string | null }[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push({ url, agent: new Headers(init?.headers).get("User-Agent") });
    const found = site[url];
    if (found === undefined) return Promise.resolve(new Response("<h1>no</h1>", { status: 404, headers: { "Content-Type": "text/html" } }));
    return Promise.resolve(new Response(found.body ?? "", { status: found.status ?? 200, headers: { "Content-Type": found.type ?? "text/html", ...(found.location === undefined ? {} : { Location: found.location }) } }));
  };
  const check = createUrlChecker({ allowHosts: [], dohUrl: null, fetch });
  const noBrowser: RenderPage = async () => Promise.reject(vendorError("browser_unavailable", "none", { retryable: true }));
  const result = await crawlSite(
    { fetch: createGuardedFetch({ check, fetch }), render: render ?? noBrowser, clock: { now: () => Date.now() }, userAgent: "ApexBot/1.0 (test)" },
    { start, maxPages, maxRendered: 2, maxPageBytes: 10_000, timeoutMs },
  );
  return { ...result, urls: result.pages.map((one) => one.url), asked };
};

describe("crawlSite", () => {
  it("asks robots.txt first, by its name, and stays away from what it is asked to stay away from", async () => {
    const { asked, urls } = await crawl({
      "https://shop.example/robots.txt": { type: "text/plain", body: "User-agent: ApexBot\nDisallow: /staff" },
      [START]: page('<p>Home</p><a href="/staff/services">Services</a><a href="/contact">Contact</a>'),
      "https://shop.example/staff/services": page("<p>Staff</p>"),
      "https://shop.example/contact": page("<p>Contact</p>"),
    });
    expect(asked[0]).toEqual({ url: "https://shop.example/robots.txt", agent: "ApexBot/1.0 (test)" });
    expect(urls).toEqual([START, "https://shop.example/contact"]);
    expect(asked.map((one) => one.url)).not.toContain("https://shop.example/staff/services");
  });

  it("reads the most telling pages first, no more than it may, each once, and no other site", async () => {
    const { urls, truncated, asked } = await crawl(
      {
        [START]: page('<p>Home</p><a href="/blog/2020/a">Blog</a><a href="/services">Services</a><a href="/services#x">Again</a><a href="/index.html">Home</a><a href="https://other.example/contact">Contact</a><a href="/price.pdf">Prices</a><a href="/about">About</a><a href="/contact?utm_source=x">Contact</a>'),
        "https://shop.example/services": page("<p>Services</p>"),
        "https://shop.example/contact": page("<p>Contact</p>"),
        "https://shop.example/about": page("<p>About</p>"),
        "https://shop.example/blog/2020/a": page("<p>Blog</p>"),
      },
      { maxPages: 3 },
    );
    expect(urls).toEqual([START, "https://shop.example/contact", "https://shop.example/services"]);
    expect(truncated).toBe(true);
    expect(asked.some((one) => one.url.includes("other.example") || one.url.endsWith(".pdf"))).toBe(false);
  });

  it("finds pages that only the sitemap names", async () => {
    const { urls } = await crawl({
      "https://shop.example/sitemap.xml": { type: "application/xml", body: "<urlset><url><loc>https://shop.example/prices</loc></url><url><loc>https://evil.example/x</loc></url></urlset>" },
      [START]: page("<p>Home</p>"),
      "https://shop.example/prices": page("<p>Prices</p>"),
    });
    expect(urls).toEqual([START, "https://shop.example/prices"]);
  });

  it("leaves translations out", async () => {
    const { urls } = await crawl({
      [START]: page('<link rel="alternate" hreflang="fr" href="/fr/"><p>Home</p><a href="/fr/">Français</a><a href="/kontakt">Kontakt</a>'),
      "https://shop.example/fr/": page("<p>Accueil</p>", "fr"),
      "https://shop.example/kontakt": page("<p>Kontakt</p>", "de"),
    });
    expect(urls).toEqual([START]);
  });

  it("opens in the browser only what is the shell of scripts, and goes on without one", async () => {
    const shell = { body: '<html lang="en"><div id="app"></div><script src="a.js"></script>' };
    const site = { [START]: shell, "https://shop.example/about": page("<p>About</p>") };
    const opened: string[] = [];
    const drawn = await crawl(site, { render: async (url) => { opened.push(url); return Promise.resolve({ url, html: '<p>Drawn</p><a href="/about">About</a>' }); } });
    expect([drawn.pages.map((one) => one.text), opened]).toEqual([["Drawn\nAbout", "About"], [START]]);
    expect((await crawl(site)).problems).toEqual([{ url: START, problem: "no_browser" }, { url: START, problem: "empty" }]);
  });

  it.each<[string, Site, string, string]>([
    ["is down", { [START]: { status: 503 } }, START, "unreachable"],
    ["asks everybody to stay away", { "https://shop.example/robots.txt": { type: "text/plain", body: "User-agent: *\nDisallow: /" } }, START, "robots"],
    ["cannot say what it asks for", { "https://shop.example/robots.txt": { status: 500 } }, START, "robots"],
    ["is not there", {}, START, "not_found"],
    ["is a PDF", { [START]: { type: "application/pdf" } }, START, "not_html"],
    ["is too large", { [START]: { body: "x".repeat(20_000) } }, START, "too_large"],
    ["leads inside", { [START]: { status: 302, location: "http://169.254.169.254/latest/" } }, START, "refused"],
    ["is inside", {}, "http://127.0.0.1/", "refused"],
    ["has nothing in it", { [START]: page("") }, START, "empty"],
  ])("ends with a reason when the site %s", async (_, site, start, problem) => {
    const { pages, problems } = await crawl(site, { start });
    expect([pages, problems.map((one) => one.problem)]).toEqual([[], [problem]]);
  });

  it("follows the site to where it has moved, and asks that place's robots.txt", async () => {
    const { urls, asked } = await crawl({
      [START]: { status: 301, location: "https://www.shop.example/" },
      "https://www.shop.example/": page('<p>Home</p><a href="/contact">Contact</a>'),
      "https://www.shop.example/contact": page("<p>Contact</p>"),
    });
    expect(urls).toEqual(["https://www.shop.example/", "https://www.shop.example/contact"]);
    expect(asked.map((one) => one.url)).toContain("https://www.shop.example/robots.txt");
  });
});
