import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { contentFolder, putContent } from "../../agents/pseo/page-content.ts";
import { pageContent } from "../../agents/pseo/page.testing.ts";
import { pageMetadata } from "../../agents/pseo/pages.testing.ts";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { makeProject, type TestProject } from "../../test/support/api.ts";
import { auditOf } from "../../test/support/identity.ts";

const DNA = `
identity: {business_name: Harbour Plumbing, niche: plumber, language: en-NZ, contact: {phone: "+6493601234"}}
services: [{name: Blocked drains, slug: blocked-drains, price_from: 180}]
modules:
  local_seo: {enabled: true, scout_settings: {geo_scope: {cities: [Auckland], suburbs: ["Ponsonby, Auckland", Grey Lynn]}}, publishing: {target: hosted}}
  lead_gen: {sales_bridge: {destination_phone: "+64211001234"}}
`;

let project: TestProject;
beforeAll(async () => {
  project = await makeProject(DNA);
});

const memoryOf = ({ tenant_id }: TestProject) => createMemory({ d1: env.DB, clock: createClock() }).for(tenant_id, systemActor("test"));
const PASSED = { score: 88, passed: true, findings: [], reviewed_at: 1 };
let pages = 0;

/** A page with a text that the critic has passed, unless said otherwise. */
const page = async (more: Record<string, unknown> = {}, written = true): Promise<{ id: string; version: string }> => {
  const { keyed } = memoryOf(project);
  const path = `/blocked-drains/place-${++pages}`;
  const { id } = await keyed.putOnce({ project_id: project.id, entity_type: "page", dedupe_key: `page:${path}`, name: `Drains ${pages}`, metadata: { ...pageMetadata({ status: "passed", drafts: 2, path, dedupe_key: `page:${path}` }), review: null } });
  const stored = written ? await putContent(env.STORAGE, { id, tenant_id: project.tenant_id }, pageContent({ h1: `Drains ${pages}` })) : null;
  await keyed.change(id, { set: { ...(stored === null ? {} : { content: { ...stored, written_at: 1 }, review: { ...PASSED, sha256: stored.sha256 } }), ...more } });
  return { id, version: stored?.version ?? "" };
};
const stateOf = async (id: string) => (await memoryOf(project).entities.get(id)).metadata;
const decide = async (id: string, verb: string, body?: unknown) => project.api("POST", `/api/pages/${id}/${verb}`, body);
const codeOf = async (response: Response): Promise<string> => z.looseObject({ code: z.string() }).parse(await response.json()).code;

describe("a person", () => {
  it.each(["planned", "written", "refused", "needs_person", "passed", "published"])("holds a page that is %s, and lets it go on where it was", async (status) => {
    const { id } = await page({ status });
    expect(await (await decide(id, "hold")).json()).toMatchObject({ id, status: "held" });
    expect(await (await decide(id, "release")).json()).toMatchObject({ id, status });
    expect(await stateOf(id)).toMatchObject({ status, held_from: null, drafts: 2 });
    const made = (await auditOf(project.tenant_id)).filter(({ resource }) => resource === `entity:${id}`);
    expect(made.slice(-2).map(({ action }) => action)).toEqual(["entity.changed", "entity.changed"]);
  });

  it("lets a page go on that was held by its status alone: as far as it has come", async () => {
    const passed = await page({ status: "held" });
    const out = await page({ status: "held", published: { hosted: { placement: "live", url: "https://x.example/a", sha256: "x", first_at: 1, at: 1, notes: [], host: "x.example", path: "/a" } } });
    const changed = await page({ status: "held", review: { ...PASSED, sha256: "of another text" } });
    const fresh = await page({ status: "held" }, false);
    const after: unknown[] = [];
    for (const { id } of [passed, out, changed, fresh]) after.push(z.looseObject({ status: z.string() }).parse(await (await decide(id, "release")).json()).status);
    expect(after).toEqual(["passed", "published", "written", "planned"]);
  });

  it("approves what the critic would not, if there is something to approve", async () => {
    const { id } = await page({ status: "needs_person", needs_person: { why: "refused twice", run_id: null } });
    expect(await (await decide(id, "approve")).json()).toMatchObject({ status: "passed", needs_person: null });
    const unwritten = await page({ status: "needs_person" }, false);
    const refusal = await decide(unwritten.id, "approve");
    expect([refusal.status, await codeOf(refusal)]).toEqual([409, "page_not_written"]);
  });

  it("has a page written again, and the writer is told why; without a reason it is written from what is known now", async () => {
    const { id } = await page({ status: "published" });
    expect(await (await decide(id, "rewrite", { note: "Say that we bring a camera." })).json()).toMatchObject({ status: "refused", drafts: 0 });
    expect(await stateOf(id)).toMatchObject({ review: { passed: false, findings: [{ rule: "person", severity: "error", message: "Say that we bring a camera." }] } });
    // Said again, the new remark takes the old one's place.
    await decide(id, "rewrite", { note: "Shorter." });
    expect((await stateOf(id)).review).toMatchObject({ findings: [{ message: "Shorter." }] });
    const other = await page();
    expect(await (await decide(other.id, "rewrite", {})).json()).toMatchObject({ status: "planned", drafts: 0, score: 88 });
  });

  it.each([["release", "passed"], ["approve", "published"], ["hold", "retired"], ["rewrite", "held"]])("cannot %s a page that is %s, and nothing of it changes", async (verb, status) => {
    const { id } = await page({ status });
    const before = await stateOf(id);
    const refusal = await decide(id, verb, verb === "rewrite" ? {} : undefined);
    expect([refusal.status, await codeOf(refusal)]).toEqual([409, "page_wrong_status"]);
    expect(await stateOf(id)).toEqual(before);
  });

  it("decides about one state of a page once, however many press at the same moment", async () => {
    const { id } = await page();
    const answers = await Promise.all(Array.from({ length: 5 }, async () => decide(id, "hold")));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    expect(await stateOf(id)).toMatchObject({ status: "held", held_from: "passed" });
  });

  it("is told of a remark that is too long", async () => {
    const { id } = await page();
    expect((await decide(id, "rewrite", { note: "x".repeat(501) })).status).toBe(422);
  });
});

describe("a page that is deleted", () => {
  it("is taken down before it is gone, texts and all; one that was never out is gone at once", async () => {
    const { id } = await page();
    const { hostedPages, keyed, entities } = memoryOf(project);
    const address = { page_id: id, path: `/deleted-${pages}`, sha256: "c".repeat(64), canonical: null };
    await hostedPages.place(project.id, address);
    await keyed.change(id, { set: { status: "published", published: { hosted: { placement: "live", url: "https://x.example/a", sha256: "x", first_at: 1, at: 1, notes: [], host: "x.example", path: address.path, page_id: id, document: address.sha256 } } } });
    expect((await project.api("DELETE", `/api/entities/${id}`)).status).toBe(204);
    await vi.waitUntil(async () => (await entities.find(id)) === undefined, { timeout: 20_000, interval: 50 });
    expect((await hostedPages.find(project.id, address.path))?.state).toBe("gone");
    await vi.waitUntil(async () => (await env.STORAGE.list({ prefix: contentFolder({ id, tenant_id: project.tenant_id }) })).objects.length === 0, { timeout: 30_000, interval: 50 });
    const fresh = await page({}, false);
    await project.api("DELETE", `/api/entities/${fresh.id}`);
    expect(await entities.find(fresh.id)).toBeUndefined();
    expect((await project.api("DELETE", `/api/entities/${id}?leave=nowhere`)).status).toBe(422);
  });
});

const pipelineSchema = z.looseObject({ state: z.string(), enabled: z.boolean(), pages: z.record(z.string(), z.number()) });
const pipelineOf = async (of: TestProject) => pipelineSchema.parse(await (await of.api("GET", `/api/projects/${of.id}/pages/pipeline`)).json());

describe("the pipeline", () => {
  it("shows what there is before it ever ran, what a page costs and where pages go", async () => {
    const fresh = await makeProject(DNA);
    expect(await pipelineOf(fresh)).toMatchObject({
      enabled: true, state: "none", run_id: null, phase: null, total: null, cost_micros: 0, pages: {}, error: null,
      services: expect.arrayContaining([{ slug: "blocked-drains", name: "Blocked drains" }]) as unknown[], places: [{ slug: "ponsonby", name: "Ponsonby" }, { slug: "grey-lynn", name: "Grey Lynn" }],
      publishing: { target: "hosted", connections: [{ target: "hosted", connected: true, address: null }], search_console: false },
      estimate: { page_micros: expect.any(Number) as number },
    });
    // Looking starts nothing.
    expect(z.object({ items: z.array(z.unknown()) }).parse(await (await fresh.api("GET", "/api/runs?task=manager")).json()).items).toEqual([]);
  });

  it("counts pages by status, and has stopped when the run that drives it has failed", async () => {
    const own = await makeProject(DNA.replace("enabled: true", "enabled: false"));
    const store = memoryOf(own);
    await store.keyed.put(["planned", "planned", "passed"].map((status, n) => ({ project_id: own.id, entity_type: "page", dedupe_key: `page:${n}`, name: "x", metadata: { ...pageMetadata(), status } })));
    const { run } = await store.runs.create({ project_id: own.id, task: "manager", action: "run", params: {} }, 0);
    await store.keyed.putOnce({ project_id: own.id, entity_type: "pipeline", dedupe_key: "pipeline", name: "x", metadata: { status: "running", run_id: run.id, phase: "pages", revision: 3, started_at: 5, total: 3, taken: 2, active: ["ent_a"], spent: false, outcomes: {}, stuck: null } });
    expect(await pipelineOf(own)).toMatchObject({ enabled: false, state: "running", run_id: run.id, phase: "pages", total: 3, taken: 2, active: 1, pages: { planned: 2, passed: 1 } });
    await store.runs.cancel(run.id);
    expect(await pipelineOf(own)).toMatchObject({ state: "stopped" });
  });
});

describe("a page's texts", () => {
  it("are listed newest first, say which is current and which is live, and can each be read", async () => {
    const { id, version } = await page();
    const ref = { id, tenant_id: project.tenant_id };
    const second = await putContent(env.STORAGE, ref, pageContent({ h1: "Another heading" }));
    await memoryOf(project).keyed.change(id, { set: { content: { ...second, written_at: 2 }, published: { hosted: { placement: "live", url: "https://x.example/a", sha256: "x", first_at: 1, at: 1, notes: [], host: "x.example", path: "/a", version } } } });
    const { items } = z.object({ items: z.array(z.looseObject({ version: z.string(), is_current: z.boolean(), live_on: z.array(z.string()) })) }).parse(await (await project.api("GET", `/api/pages/${id}/versions`)).json());
    expect(new Map(items.map((one) => [one.version, [one.is_current, one.live_on]]))).toEqual(new Map([[second.version, [true, []]], [version, [false, ["hosted"]]]]));
    expect(await (await project.api("GET", `/api/pages/${id}`)).json()).toMatchObject({ version: second.version, content: { h1: "Another heading" }, score: null, targets: [{ target: "hosted", version }] });
    expect(await (await project.api("GET", `/api/pages/${id}?version=${version}`)).json()).toMatchObject({ version: second.version, content: { version, sha256: null } });
    expect((await project.api("GET", `/api/pages/${id}?version=${"a".repeat(32)}`)).status).toBe(404);
    expect((await project.api("GET", `/api/pages/${id}?version=../../x`)).status).toBe(422);
  });

  it("are previewed as one document that runs and fetches nothing, whatever is in the text", async () => {
    const { id } = await page();
    const hostile = pageContent({ title: "</title><script>alert(1)</script>", body_html: `<p>Water</p><script>alert(1)</script><img src="https://evil.example/x.png" alt="x"><p onclick="alert(1)">End</p>` });
    const stored = await putContent(env.STORAGE, { id, tenant_id: project.tenant_id }, hostile);
    await memoryOf(project).keyed.change(id, { set: { content: { ...stored, written_at: 2 } } });
    const { html, target, version } = z.object({ html: z.string(), target: z.string(), version: z.string() }).parse(await (await project.api("GET", `/api/pages/${id}/preview`)).json());
    expect([target, version]).toEqual(["hosted", stored.version]);
    expect(html).toContain("<p>Water</p>");
    expect(html).not.toMatch(/<script|onclick|<iframe/i);
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<body>"));
    expect(html).toMatch(/default-src &#39;none&#39;; style-src &#39;sha256-[^&]+&#39;; img-src data:/);
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    expect(html).toContain(`sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`);
    const unwritten = await page({}, false);
    expect(await (await project.api("GET", `/api/pages/${unwritten.id}/preview`)).json()).toMatchObject({ html: null, version: null });
  });

  it("show a page's own pictures, and not one from another tenant's folder", async () => {
    const { id } = await page();
    const { keyed } = memoryOf(project);
    const key = `${project.tenant_id}/hosted/${project.id}/media/${"b".repeat(64)}.png`;
    await env.STORAGE.put(key, Uint8Array.of(1, 2, 3));
    const record = { kind: "photo", status: "uploaded", key, sha256: "b".repeat(64), content_type: "image/png", bytes: 3, width: 900, height: 600, alt: "Our van", attribution: null, service: null, page_id: id, caption: null };
    const { id: photo } = await keyed.putOnce({ project_id: project.id, entity_type: "image", dedupe_key: "image:photo:b", name: "van", metadata: record });
    const htmlOf = async () => z.object({ html: z.string() }).parse(await (await project.api("GET", `/api/pages/${id}/preview`)).json()).html;
    expect(await htmlOf()).toContain('src="data:image/png;base64,AQID"');
    await env.STORAGE.put("ten_other/secret.png", Uint8Array.of(9, 9, 9));
    await keyed.change(photo, { set: { key: "ten_other/secret.png" } });
    expect(await htmlOf()).not.toContain("CQkJ");
  });

  it("are listed with what they bring, narrowed by status and words", async () => {
    const own = await makeProject(DNA);
    const { keyed } = memoryOf(own);
    const audit = { live: "live", indexed: "indexed", inspected_at: null, views: 12, leads: 2, calls: 1, won: 1, days: 28, at: 5 };
    await keyed.put([
      { project_id: own.id, entity_type: "page", dedupe_key: "page:a", name: "Kauri drains", metadata: { ...pageMetadata({ status: "published" }), audit, search: { clicks: 3, impressions: 90, position: 4.2, days: 28, at: 5 } } },
      { project_id: own.id, entity_type: "page", dedupe_key: "page:b", name: "Rimu gas", metadata: { ...pageMetadata(), publish_problem: { target: "wordpress", code: "wordpress_login", message: "The password is wrong.", at: 7 }, needs_person: { why: "refused", run_id: null } } },
      { project_id: own.id, entity_type: "page", dedupe_key: "page:c", name: "Spoilt", metadata: { status: "planned", path: 7 } },
    ]);
    const items = async (query = "") => z.object({ items: z.array(z.looseObject({ name: z.string() })) }).parse(await (await own.api("GET", `/api/projects/${own.id}/pages${query}`)).json()).items;
    expect((await items()).map(({ name }) => name).toSorted()).toEqual(["Kauri drains", "Rimu gas"]);
    expect(await items("?status=published")).toMatchObject([{ name: "Kauri drains", figures: { views: 12, leads: 2, clicks: 3, position: 4.2 }, problem: null }]);
    expect(await items("?q=rimu")).toMatchObject([{ name: "Rimu gas", figures: null, problem: { code: "wordpress_login" }, needs_person: "refused" }]);
    expect((await own.api("GET", `/api/projects/${own.id}/pages?status=nonsense`)).status).toBe(422);
  });
});
