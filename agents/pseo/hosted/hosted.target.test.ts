import { env } from "cloudflare:workers";
import { HtmlValidate } from "html-validate";
import { describe, expect, it } from "vitest";
import { createDnaLoader } from "../../../core/dna/loader.ts";
import { labelsOf } from "../../../core/web/host-names.ts";
import { composePage } from "../compose/compose-page.ts";
import { pageContent, pageMetadata } from "../page.testing.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import type { OutgoingPage } from "../publisher/target.ts";
import { hostedDocument, ORIGIN_MARK, served, type SiteFrame } from "./document.ts";
import { createHostedTarget } from "./hosted.target.ts";
import { documentKey } from "./storage.ts";

const DNA = `identity: {business_name: Harbour Plumbing, language: en-NZ, contact: {phone: "+6495550142", address: "1 Quay St, Auckland"}}`;
const pageOf = (page_id: string, given: Partial<OutgoingPage> = {}): OutgoingPage => ({
  page_id,
  ...composePage({
    page: pageMetadata("Drains", "Ponsonby"), content: pageContent(), links: [{ href: "/drains", anchor_text: "Drains: all areas", kind: "up" }],
    media: { map: { url: "/-/media/m.png", sizes: [], width: 960, height: 720, alt: "Map", caption: null, anchors: [{ name: "Court", distance_km: 2 }] }, photos: [] },
    site: { business_name: "Harbour Plumbing", origin: ORIGIN_MARK, canonical: null },
  }),
  phone: null,
  ...given,
});

const houseWith = async (dna = DNA, suffix: string | null = "pages.test") => {
  const house = await pipelineHouse({ agents: [], dna });
  const project = await house.store.projects.get(house.projectId);
  const target = createHostedTarget({ memory: house.store, storage: env.STORAGE, clock: house.clock, hosting: { suffix, originOf: (host) => `https://${host}` }, project, dna: await createDnaLoader({ bucket: env.STORAGE }).load(project) });
  return { ...house, target, at: async (path: string) => house.store.hostedPages.find(house.projectId, path) };
};

describe("the hosted target", () => {
  it("puts the document under its hash and says that it is in force", async () => {
    const { target, store, projectId, tenant_id, at } = await houseWith();
    const state = await target.publish(pageOf("ent_1"), null);
    expect(state).toMatchObject({ placement: "live", url: `https://${projectId}.pages.test/drains/ponsonby`, path: "/drains/ponsonby" });
    const row = await at("/drains/ponsonby");
    expect(row).toMatchObject({ page_id: "ent_1", state: "live" });
    const stored = await (await env.STORAGE.get(documentKey({ tenant_id, project_id: projectId }, row?.sha256 ?? "")))?.text();
    expect(stored).toContain("Blocked drains in Ponsonby");
    expect((await store.pageHosts.list(projectId)).map(({ host, kind }) => [host, kind])).toEqual([[`${projectId}.pages.test`, "subdomain"]]);
  });

  it("changes nothing when it is done again, whatever was lost in between", async () => {
    const { target, at, pass } = await houseWith();
    const first = await target.publish(pageOf("ent_1"), null);
    const row = await at("/drains/ponsonby");
    pass(1000);
    expect(await target.publish(pageOf("ent_1"), first)).toEqual(first);
    // The state was not kept: the page is out all the same, once.
    expect(await target.publish(pageOf("ent_1"), null)).toMatchObject({ placement: "live", url: first.url });
    expect(await at("/drains/ponsonby")).toEqual(row);
  });

  it("shows a page's own number in the frame, and the business's again once the page has none", async () => {
    const { target, tenant_id, projectId, at } = await houseWith();
    const stored = async (): Promise<string> => (await (await env.STORAGE.get(documentKey({ tenant_id, project_id: projectId }, (await at("/drains/ponsonby"))?.sha256 ?? "")))?.text()) ?? "";
    const own = await target.publish(pageOf("ent_1", { phone: "+6499730042" }), null);
    expect(await stored()).toContain(`<a class="call" href="tel:+6499730042">`);
    expect(await stored()).not.toContain("+6495550142");
    await target.publish(pageOf("ent_1"), own);
    expect(await stored()).toContain(`<a class="call" href="tel:+6495550142">`);
  });

  it("writes links within the site so that they hold under another host name", async () => {
    const { target, tenant_id, projectId, at } = await houseWith();
    await target.publish(pageOf("ent_1", { body_html: `<a href="https://${projectId}.pages.test/gas">Gas</a> <a href="https://elsewhere.example/x">x</a>` }), null);
    const stored = await (await env.STORAGE.get(documentKey({ tenant_id, project_id: projectId }, (await at("/drains/ponsonby"))?.sha256 ?? "")))?.text();
    expect(stored).toContain(`<a href="${ORIGIN_MARK}/gas">`);
    expect(stored).toContain(`https://elsewhere.example/x`);
    expect(stored).not.toContain("pages.test");
  });

  it("leads from a page's old address to its new one", async () => {
    const { target, at } = await houseWith();
    const first = await target.publish(pageOf("ent_1"), null);
    const second = await target.publish(pageOf("ent_1", { path: "/new" }), first);
    await target.publish(pageOf("ent_1", { path: "/newer" }), second);
    expect(await at("/drains/ponsonby")).toMatchObject({ state: "moved", moved_to: "/newer" });
    expect(await at("/new")).toMatchObject({ state: "moved", moved_to: "/newer" });
    expect(await at("/newer")).toMatchObject({ state: "live" });
  });

  it("leaves an address to the page that has it", async () => {
    const { target, at } = await houseWith();
    await target.publish(pageOf("ent_1"), null);
    expect(await target.publish(pageOf("ent_2"), null)).toMatchObject({ placement: "held", url: null, notes: ["Another page is at /drains/ponsonby."] });
    expect(await at("/drains/ponsonby")).toMatchObject({ page_id: "ent_1", state: "live" });
  });

  it("takes a page down, and brings it back as it was", async () => {
    const { target, at } = await houseWith();
    const live = await target.publish(pageOf("ent_1"), null);
    const down = await target.unpublish(live, "draft");
    expect([down.placement, down.url, (await at("/drains/ponsonby"))?.state]).toEqual(["taken_down", null, "gone"]);
    expect(await target.unpublish(down, "trash")).toMatchObject({ placement: "taken_down" });
    const back = await target.restore(down);
    expect([back.placement, back.url, (await at("/drains/ponsonby"))?.state]).toEqual(["live", live.url, "live"]);
  });

  it("holds each picture once", async () => {
    const { target, tenant_id, projectId } = await houseWith();
    let reads = 0;
    const image = { image_id: "ent_i", sha256: "a".repeat(64), width: 1, height: 1, alt: "x", content_type: "image/png" as const, copies: [], name: "x", read: async () => Promise.resolve(Uint8Array.of(++reads)) };
    expect(await target.placeImage(image)).toEqual({ url: `/-/media/${"a".repeat(64)}.png`, sizes: [] });
    await target.placeImage(image);
    expect(reads).toBe(1);
    expect(await env.STORAGE.head(`${tenant_id}/hosted/${projectId}/media/${"a".repeat(64)}.png`)).not.toBeNull();
    const copies = [{ width: 480, height: 320, sha256: "b".repeat(64), content_type: "image/webp" as const, bytes: 9 }];
    expect(await target.placeImage({ ...image, copies })).toMatchObject({ sizes: [{ width: 480, url: `/-/media/${"b".repeat(64)}.webp` }] });
  });

  it("says what to do where no pages are served, and where a name is not to be had", async () => {
    await expect((await houseWith(DNA, null)).target.publish(pageOf("ent_1"), null)).rejects.toMatchObject({ code: "hosting_not_set_up", status: 409 });
    const named = (host: string) => `${DNA}\nmodules: {local_seo: {publishing: {target: hosted, host: ${host}}}}`;
    await expect((await houseWith(named("www.pages.test"))).target.publish(pageOf("ent_1"), null)).rejects.toMatchObject({ code: "page_host_reserved" });
    await expect((await houseWith(named("harbour.example"))).target.publish(pageOf("ent_1"), null)).rejects.toMatchObject({ code: "page_host_not_verified" });
    const first = await houseWith(named("harbour.pages.test"));
    expect(await first.target.publish(pageOf("ent_1"), null)).toMatchObject({ url: "https://harbour.pages.test/drains/ponsonby" });
    await expect((await houseWith(named("harbour.pages.test"))).target.publish(pageOf("ent_1"), null)).rejects.toMatchObject({ code: "page_host_taken" });
  });

  it("uses a name of the business's own once its DNS has shown it", async () => {
    const house = await houseWith();
    const before = await house.target.publish(pageOf("ent_1"), null);
    const host = `own-${house.projectId}.example`;
    await house.store.pageHosts.ask(house.projectId, host);
    expect((await house.target.publish(pageOf("ent_1"), before)).url).toBe(before.url);
    await house.store.pageHosts.verified(house.projectId, host);
    expect(await house.target.publish(pageOf("ent_1"), before)).toMatchObject({ url: `https://${host}/drains/ponsonby`, host });
  });
});

const frame: SiteFrame = { business_name: "Harbour & Sons <Plumbing>", phone: { e164: "+6495550142", shown: "09 555 0142" }, address: "1 Quay St", language: "en-NZ", accepts_leads: true };

describe("a hosted document", () => {
  const document = hostedDocument(pageOf("ent_1"), frame);

  it("is valid HTML", async () => {
    const report = await new HtmlValidate({ extends: ["html-validate:standard", "html-validate:a11y"], rules: { "no-inline-style": "error", "long-title": "off", "no-trailing-whitespace": "off" } }).validateString(document);
    expect(report.results.flatMap((result) => result.messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (${line})`))).toEqual([]);
  });

  it("asks nobody else for anything, and weighs less than 30 kB", () => {
    // All that a browser fetches by itself.
    const fetched = [...document.matchAll(/<(?:img|script|iframe|source|video|embed|object)\b[^>]*\s(?:src|srcset|data)="([^"]*)"|<link\b[^>]*rel="(?:stylesheet|preload|icon|preconnect)"[^>]*href="([^"]*)"|url\(([^)]*)\)/g)].map((match) => match[1] ?? match[2] ?? match[3]);
    expect(fetched).toEqual(["/-/media/m.png"]);
    expect(new TextEncoder().encode(document).length).toBeLessThan(30_000);
  });

  it("says where it lives, in search engines' and in others' terms, wherever it is served", () => {
    const page = served(document, { origin: "https://harbour.example", formTime: "t" });
    expect(page).not.toContain("pages.invalid");
    expect(page).toContain(`<link rel="canonical" href="https://harbour.example/drains/ponsonby">`);
    expect(page).toContain(`<meta property="og:image" content="https://harbour.example/-/media/m.png">`);
    expect(page).toContain(`"item":"https://harbour.example/drains"`);
  });

  it("lets no text of the page or the business be markup, in JSON-LD neither", () => {
    const evil = `</script><script>alert(1)</script><!--`;
    const page = hostedDocument({ ...pageOf("ent_1"), title: evil, h1: evil, meta_description: `"${evil}`, json_ld: [{ "@type": "Plumber", name: evil }] }, { ...frame, business_name: evil, address: evil });
    expect(page.match(/<script/g)).toEqual(["<script"]);
    expect(page).not.toContain("<!--");
    const [, json = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(json)).toEqual({ "@type": "Plumber", name: evil });
  });

  it("has no form where the business takes no leads", () => {
    expect(hostedDocument(pageOf("ent_1"), { ...frame, accepts_leads: false })).not.toContain("<form");
  });
});

it.each([["harbour", "harbour"], ["Harbour_Plumbing", "harbour-plumbing"], ["www", /^www-[0-9a-f]{6}$/], ["_", /^site-[0-9a-f]{6}$/], ["123", /^123-[0-9a-f]{6}$/], ["a".repeat(64), "a".repeat(50)]])("the project %s is called %s", (id, label) => {
  expect(labelsOf(id)[0]).toMatch(label instanceof RegExp ? label : new RegExp(`^${label}$`));
});
