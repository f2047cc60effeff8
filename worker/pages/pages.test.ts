import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pageMetadata, putPage } from "../../agents/pseo/page.testing.ts";
import { dayOf } from "../../core/clock.ts";
import { fresh, request } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { ask, memory, type Site, siteOf } from "./pages.testing.ts";

const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";

let site: Site;
let twilio: TwilioWire;
beforeAll(async () => {
  twilio = standInForTwilio();
  site = await siteOf();
});
afterAll(() => twilio.restore());

describe("a hosted page", () => {
  it("is served on its project's host name, with all that keeps it apart", async () => {
    const response = await site.visit("/drains/ponsonby");
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain("<h1>Heading of /drains/ponsonby</h1>");
    expect(text).toContain(`<link rel="canonical" href="https://${site.host}/drains/ponsonby">`);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cache-control": "public, max-age=300, stale-while-revalidate=86400" });
    const csp = headers["content-security-policy"] ?? "";
    expect(csp).toContain("default-src 'none'");
    expect(csp).not.toContain("unsafe");
    // The policy lets the page's own style pass: its hash is that of the style in it.
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    expect(csp).toContain(`'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`);
    expect([...response.headers.keys()]).not.toContain("set-cookie");
  });

  it("answers 304 to who has it, and HEAD with the same headers and no body", async () => {
    const etag = (await site.visit("/drains/ponsonby")).headers.get("ETag") ?? "";
    for (const given of [etag, `"x", ${etag.replace("W/", "")}`, "*"]) expect((await site.visit("/drains/ponsonby", { headers: { "If-None-Match": given } })).status).toBe(304);
    expect((await site.visit("/drains/ponsonby", { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
    const head = await site.visit("/drains/ponsonby", { method: "HEAD" });
    expect([head.status, head.headers.get("ETag"), await head.text()]).toEqual([200, etag, ""]);
  });

  it.each([["/drains/ponsonby/", "/drains/ponsonby"], ["/drains/ponsonby//?utm_source=x", "/drains/ponsonby?utm_source=x"], ["//evil.example/", "//evil.example"]])("%s leads to %s, on the same host", async (from, to) => {
    const response = await site.visit(from);
    expect([response.status, response.headers.get("Location")]).toEqual([301, `https://${site.host}${to}`]);
  });

  it("is 404 where there is none, 410 where it was taken down, and a redirect where it has moved", async () => {
    const { publish, visit, target, store } = site;
    const gone = await publish("/gone");
    await store.hostedPages.takeDown(gone);
    const moved = await publish("/old");
    await (await target()).publish({ page_id: moved, title: "t", h1: "h", meta_description: "m", slug: "x", path: "/new", body_html: "", json_ld: [], canonical: null, phone: null }, null);
    expect(await Promise.all(["/nothing", "/gone", "/old", "/new"].map(async (path) => (await visit(path)).status))).toEqual([404, 410, 301, 200]);
    for (const path of ["/nothing", "/gone"]) expect(await (await visit(path)).text()).toMatch(/noindex.*tel:\+6495550142/s);
  });

  it("is found from the root of the site", async () => {
    const front = await site.visit("/");
    expect([front.status, front.headers.get("Location")]).toEqual([302, `https://${site.host}${(await site.store.hostedPages.frontPath(site.project.id)) ?? ""}`]);
    const other = await siteOf();
    await other.publish("/");
    expect((await other.visit("/")).status).toBe(200);
  });

  it("is gone with its entity", async () => {
    const page = await site.publish("/erased");
    expect((await site.project.api("DELETE", `/api/entities/${page}`)).status).toBe(204);
    await vi.waitUntil(async () => (await site.visit("/erased")).status === 410, { timeout: 20_000, interval: 50 });
  });

  it("is counted when a person looks, by page and day", async () => {
    const page = await site.publish("/counted");
    const looks: [string, RequestInit][] = [
      [BROWSER, {}], [BROWSER, { headers: { "If-None-Match": "*" } }],
      ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}], ["curl/8.5.0", {}], ["", {}], [BROWSER, { method: "HEAD" }], [BROWSER, { headers: { "Sec-Purpose": "prefetch;prerender" } }],
    ];
    for (const [agent, init] of looks) await site.visit("/counted", { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), "User-Agent": agent } });
    const day = dayOf(Date.now());
    expect(await site.store.pageViews.byPage(site.project.id, { from: day, to: day })).toContainEqual({ page_id: page, views: 2 });
    expect(await site.store.pageViews.byDay(site.project.id, page, { from: day, to: day })).toEqual([{ day, views: 2 }]);
  });

  it("is not changed by verbs that do not read", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const response = await site.visit("/drains/ponsonby", { method });
      expect([method, response.status, response.headers.get("Allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
  });
});

describe("two origins", () => {
  it("share no path: the API is not on a site's host, nor a site on the API's", async () => {
    for (const path of ["/api/projects", "/health", "/openapi.json", "/docs", `/api/webhooks/wordpress?project_id=${site.project.id}&key=${site.project.keys.wordpress}`]) {
      const response = await site.visit(path, { headers: { Authorization: `Bearer ${site.project.token}` } });
      expect([path, response.status, response.headers.get("Content-Type")]).toEqual([path, 404, "text/html; charset=utf-8"]);
    }
    expect((await site.visit("/api/auth/login", { method: "POST", body: "{}" })).status).toBe(405);
    const onApi = await request("/drains/ponsonby");
    expect([onApi.status, onApi.headers.get("Content-Type")]).toEqual([404, "application/problem+json"]);
  });

  it("are told apart by the host whatever its spelling; who has no site gets none", async () => {
    expect((await ask(site.host.toUpperCase(), "/drains/ponsonby")).status).toBe(200);
    expect((await ask(`${site.host}.`, "/drains/ponsonby")).status).toBe(200);
    for (const host of ["nobody.pages.localhost", "unknown.example", `x.${site.host}`]) {
      const response = await ask(host, "/drains/ponsonby");
      expect([host, response.status, await response.text()]).toEqual([host, 404, expect.stringContaining("There is no site at this address.")]);
    }
  });

  it("lead from a project's other names to the one at which its pages live", async () => {
    const own = `${fresh("own").replace("_", "-")}.example`;
    const before = site.host;
    await site.store.pageHosts.ask(site.project.id, own);
    expect((await site.visit("/drains/ponsonby", {}, own)).status).toBe(404);
    await site.store.pageHosts.verified(site.project.id, own);
    expect(await (await site.visit("/drains/ponsonby", {}, own)).text()).toContain(`href="https://${own}/drains/ponsonby"`);
    const old = await site.visit("/drains/ponsonby?a=b", {}, before);
    expect([old.status, old.headers.get("Location")]).toEqual([301, `https://${own}/drains/ponsonby?a=b`]);
    await site.store.pageHosts.remove(site.project.id, own);
    expect((await site.visit("/drains/ponsonby")).status).toBe(200);
  });

  it("give a name to whoever its DNS says has it now", async () => {
    const other = await siteOf();
    const own = `${fresh("moved").replace("_", "-")}.example`;
    for (const { store, project } of [site, other]) {
      await store.pageHosts.ask(project.id, own);
      await store.pageHosts.verified(project.id, own);
    }
    expect((await memory.hosting.lookUp(own, "/"))?.site.project.id).toBe(other.project.id);
    expect((await site.store.pageHosts.find(site.project.id, own))?.verified_at).toBeNull();
  });

  it("show nothing of a tenant that the operator has shut", async () => {
    const shut = await siteOf();
    await env.DB.prepare("UPDATE tenants SET suspended_at = 1 WHERE id = ?").bind(shut.project.tenant_id).run();
    expect((await shut.visit("/drains/ponsonby")).status).toBe(503);
  });
});

describe("pictures of a site", () => {
  it("are its own, by the hash of what is in them", async () => {
    const sha256 = "b".repeat(64);
    await env.STORAGE.put(`${site.project.tenant_id}/hosted/${site.project.id}/media/${sha256}.png`, "png");
    const response = await site.visit(`/-/media/${sha256}.png`);
    expect([response.status, response.headers.get("Content-Type"), response.headers.get("Cache-Control"), await response.text()]).toEqual([200, "image/png", "public, max-age=31536000, immutable", "png"]);
    expect((await site.visit(`/-/media/${sha256}.png`, { headers: { "If-None-Match": `"${sha256}"` } })).status).toBe(304);
    const other = await siteOf();
    for (const path of [`/-/media/${sha256}.png`, `/-/media/../documents/${sha256}.html`, "/-/media/x.png", `/-/media/${sha256}.svg`]) expect([path, (await other.visit(path)).status]).toEqual([path, 404]);
  });
});

describe("what search engines ask for", () => {
  it("is a list of the pages that are live", async () => {
    const own = await siteOf();
    const down = await own.publish("/down");
    await own.publish("/a&b");
    await own.store.hostedPages.takeDown(down);
    // Lives in the business's own WordPress: read here by whoever has the address, and told of there.
    const elsewhere = await putPage(own.store, own.project.id, { ...pageMetadata("Drains", fresh("Suburb")), path: "/elsewhere" });
    const there = { page_id: elsewhere, title: "t", h1: "h", meta_description: "m", slug: "x", path: "/elsewhere", body_html: "", json_ld: [], phone: null, canonical: "https://harbour.example/elsewhere" };
    await (await own.target()).publish(there, null);
    expect((await own.visit("/elsewhere")).status).toBe(200);
    const xml = await (await own.visit("/sitemap.xml")).text();
    expect([...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map((match) => match[1])).toEqual([`https://${own.host}/a&#38;b`, `https://${own.host}/drains/ponsonby`]);
    await (await own.target()).publish({ ...there, canonical: null }, null);
    expect(await (await own.visit("/sitemap.xml")).text()).toContain(`<loc>https://${own.host}/elsewhere</loc>`);
    expect(await (await own.visit("/robots.txt")).text()).toContain(`Sitemap: https://${own.host}/sitemap.xml`);
    expect((await own.visit("/sitemap-2.xml")).status).toBe(404);
  });
});
