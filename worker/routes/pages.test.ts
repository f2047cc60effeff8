import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { contentFolder } from "../../agents/pseo/page-content.ts";
import { pageMetadata } from "../../agents/pseo/pages.testing.ts";
import type { PageMetadata } from "../../agents/pseo/page.schemas.ts";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { asUser, fresh, makeProject, signUp, type TestProject } from "../../test/support/api.ts";
import { standInForProse } from "../../test/support/pages-wire.ts";

let wire: ReturnType<typeof standInForProse>;
beforeAll(() => {
  wire = standInForProse();
});
beforeEach(() => {
  wire.reset();
});
afterAll(() => {
  vi.restoreAllMocks();
});

const DNA = `
identity: {niche: plumber, language: en-NZ, contact: {phone: "+6493601234"}, opening_hours: {mon: ["08:00-17:30"]}}
brand_brain:
  insider_tips: [Roots find old clay pipes through their joints., A drain that gurgles is half blocked., Fat sets hard in a cold pipe.]
services: [{name: Blocked drains, slug: blocked-drains, price_from: 180, primary_keywords: [blocked drain], context_keywords: [gully trap, drain camera]}]
modules:
  local_seo:
    pages: {min_words: 250}
    scout_settings: {geo_scope: {cities: [Auckland], suburbs: [Ponsonby, Grey Lynn, Herne Bay]}}
  lead_gen: {sales_bridge: {destination_phone: "+64211001234"}}
`;

const pageSchema = z.looseObject({
  status: z.string(),
  drafts: z.number(),
  content: z.looseObject({ version: z.string(), words: z.number(), body_html: z.string(), sources: z.array(z.looseObject({ ref: z.string(), kind: z.string(), id: z.string(), text: z.string(), cited: z.number() })) }).nullable(),
  review: z.looseObject({ score: z.number(), passed: z.boolean(), current: z.boolean(), findings: z.array(z.looseObject({ rule: z.string(), line: z.number().nullable(), message: z.string(), severity: z.string() })) }).nullable(),
});
const runSchema = z.looseObject({ status: z.string(), result: z.unknown(), error: z.unknown(), children: z.array(z.string()) });
const storeOf = (project: TestProject) => createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
const show = async (project: TestProject, id: string) => pageSchema.parse(await (await project.api("GET", `/api/pages/${id}`)).json());

const DISTANCES: Record<string, number> = { Ponsonby: 1.9, "Grey Lynn": 2.4, "Herne Bay": 3.1 };
/** A planned page of a place, with what is near it. */
const plan = async (project: TestProject, place = "Ponsonby", more: Partial<PageMetadata> = {}): Promise<string> => {
  const slug = place.toLowerCase().replace(" ", "-");
  const { keyed } = storeOf(project);
  const anchors = await keyed.put(
    [`${place} School`, `${place} Library`].map((name, n) => ({
      project_id: project.id, entity_type: "anchor", dedupe_key: `anchor:${slug}/node/${n}`, name,
      metadata: { status: "found", kind: name.endsWith("School") ? "school" : "library", place: { slug, name: place }, lat: 0, lon: 0, osm: { type: "node", id: n }, distance_km: (DISTANCES[place] ?? 1) + n, address: null, attribution: "x", source_url: "x" },
    })),
  );
  const metadata = pageMetadata({ dedupe_key: `page:blocked-drains/${slug}/service`, place: { name: place, slug, city: "Auckland", lat: null, lon: null }, primary_keyword: `blocked drain ${place}`, path: `/blocked-drains/${slug}`, evidence: anchors.map(({ id }) => ({ kind: "anchor", id })), ...more });
  return (await keyed.putOnce({ project_id: project.id, entity_type: "page", dedupe_key: metadata.dedupe_key, name: `Blocked drains, ${place}`, metadata: { ...metadata } })).id;
};

/** Asks for a task and has it done, parts included. */
const run = async (project: TestProject, task: string, params: object) => {
  const { run_id } = z.object({ run_id: z.string() }).parse(await (await project.api("POST", "/api/run", { task, project_id: project.id, params })).json());
  const look = async () => runSchema.parse(await (await project.api("GET", `/api/runs/${run_id}`)).json());
  await vi.waitUntil(async () => !["queued", "running"].includes((await look()).status), { timeout: 30_000, interval: 50 });
  return look();
};
const write = async (project: TestProject, ...ids: string[]) => run(project, "write_pages", ids.length === 0 ? {} : { ids });
const review = async (project: TestProject, ...ids: string[]) => run(project, "critic_review", ids.length === 0 ? {} : { ids });

describe("a page", () => {
  it("is written from its sources, passes, and shows what it was written from", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    expect((await show(project, id)).content).toBeNull();
    expect((await write(project, id)).result).toMatchObject({ outcome: "written", paid: true });
    expect((await review(project, id)).result).toMatchObject({ outcome: "passed", errors: 0 });
    const page = await show(project, id);
    expect(page).toMatchObject({ status: "passed", drafts: 1, review: { passed: true, current: true, score: 92 } });
    expect(page.content?.sources.find(({ kind }) => kind === "anchor")).toMatchObject({ text: "Ponsonby School is a school 1.9 km from the centre of Ponsonby, as the crow flies.", cited: 1 });
    expect(page.content?.sources.find((source) => source.id === "services[blocked-drains].price_from")?.cited).toBe(1);
    expect(page.content?.body_html).toContain('<a href="tel:+6493601234"');
    expect(page.content?.words).toBeGreaterThanOrEqual(250);
  });

  it("fences what strangers wrote, and tells the voice and what is forbidden", async () => {
    const project = await makeProject(DNA.replace("brand_brain:", "brand_brain:\n  voice_tone: dry as dust\n  forbidden_topics: [whales]"));
    await write(project, await plan(project));
    const [asked] = wire.asked;
    expect(asked?.system).toContain("Voice: dry as dust.");
    expect(asked?.system).toContain('"whales"');
    expect(asked?.prompt).toMatch(/<data-[\w-]+>\n\[s1\] \(dna\)/);
  });

  it("in which something is invented goes back to the writer with the line, and passes once that is mended", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    wire.faults.push("invents_price");
    await write(project, id);
    expect((await review(project, id)).result).toMatchObject({ outcome: "refused" });
    const refused = await show(project, id);
    expect(refused.review?.findings[0]).toMatchObject({ rule: "facts", severity: "error", message: expect.stringContaining("99 dollars") as string });
    expect(refused.content?.body_html.split("\n")[(refused.review?.findings[0]?.line ?? 0) - 1]).toContain("99 dollars");
    await write(project, id);
    expect(wire.asked.at(-1)?.prompt).toContain("99 dollars");
    expect((await review(project, id)).result).toMatchObject({ outcome: "passed" });
    expect((await show(project, id)).drafts).toBe(2);
  });

  it("that is refused as often as it may be is a person's", async () => {
    const project = await makeProject(DNA.replace("{min_words: 250}", "{min_words: 250, max_drafts: 2}"));
    const id = await plan(project);
    wire.faults.push("invents_name", "invents_claim");
    await write(project, id);
    await review(project, id);
    await write(project, id);
    expect((await review(project, id)).result).toMatchObject({ outcome: "needs_person" });
    expect((await write(project, id)).result).toMatchObject({ outcome: "not_due", status: "needs_person" });
  });

  it("costs nothing twice: planned again, from the same sources, it is the same", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    await write(project, id);
    const first = await show(project, id);
    await storeOf(project).keyed.change(id, { set: { status: "planned" } });
    expect((await write(project, id)).result).toMatchObject({ outcome: "written", paid: false, version: first.content?.version });
    expect(wire.pages()).toBe(1);
    await review(project, id);
    await storeOf(project).keyed.change(id, { set: { status: "written" } });
    await review(project, id);
    expect(wire.asked.filter(({ about }) => about === "review")).toHaveLength(1);
  });

  it("about which nothing local is known is not paid for", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project, "Ponsonby", { evidence: [] });
    expect((await write(project, id)).result).toMatchObject({ outcome: "no_evidence" });
    expect(await show(project, id)).toMatchObject({ status: "needs_person", content: null, review: { passed: false, findings: [{ rule: "place" }] } });
    expect(wire.asked).toEqual([]);
  });

  it("that a person holds while it is being written stays held", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    wire.hooks.onPage = async () => {
      await project.api("PATCH", `/api/entities/${id}`, { metadata: { status: "held" } });
      return undefined;
    };
    expect((await write(project, id)).result).toMatchObject({ outcome: "overtaken" });
    expect(await show(project, id)).toMatchObject({ status: "held", drafts: 0, content: null });
  });

  it("is tried again after the model was away, and nothing of it changes before", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    let times = 0;
    wire.hooks.onPage = async () => Promise.resolve((times += 1) > 1 ? undefined : new Response(JSON.stringify({ error: { code: 403, message: "no", status: "PERMISSION_DENIED" } }), { status: 403 }));
    const first = await write(project, id);
    expect([first.status, (await show(project, id)).status]).toEqual(["dead", "planned"]);
    expect((await write(project, id)).result).toMatchObject({ outcome: "written" });
  });

  it("whose price has changed since is refused, and written anew from the new one", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    await write(project, id);
    await project.api("PUT", `/api/projects/${project.id}/dna/custom`, DNA.replace("price_from: 180", "price_from: 210"), { "Content-Type": "application/yaml" });
    await review(project, id);
    expect((await show(project, id)).review?.findings).toMatchObject([{ rule: "sources" }]);
    await write(project, id);
    expect((await review(project, id)).result).toMatchObject({ outcome: "passed" });
    expect((await show(project, id)).content?.body_html).toContain("210 NZD");
  });

  it("is never raised by the model above what rules and the DNA say, and may be lowered", async () => {
    const project = await makeProject(DNA);
    const [spoiled, poor] = [await plan(project), await plan(project, "Grey Lynn")];
    wire.faults.push("invents_years");
    wire.hooks.review = { score: 100, findings: [] };
    await write(project, spoiled);
    await review(project, spoiled);
    expect((await show(project, spoiled)).review).toMatchObject({ passed: false });
    await write(project, poor);
    wire.hooks.review = { score: 40, findings: [{ severity: "error", line: 999, message: "It helps nobody.", suggestion: null }] };
    await review(project, poor);
    expect((await show(project, poor)).review).toMatchObject({ passed: false, score: 40, findings: [{ rule: "model", line: null }] });
  });
});

describe("pages of a project", () => {
  it("are written and reviewed each by a part of its own, once", async () => {
    const project = await makeProject(DNA);
    for (const place of Object.keys(DISTANCES)) await plan(project, place);
    const written = await write(project);
    expect(written.result).toEqual({ pages: 3, failed: 0, statuses: { written: 3 } });
    expect(written.children).toHaveLength(3);
    expect(wire.pages()).toBe(3);
    expect((await review(project)).result).toEqual({ pages: 3, failed: 0, statuses: { passed: 3 } });
    expect((await write(project)).result).toEqual({ pages: 0, failed: 0, statuses: {} });
  });

  it("that say the same are not two: the later one is refused, and passes once it says something else", async () => {
    const project = await makeProject(DNA);
    const [first, second] = [await plan(project), await plan(project, "Grey Lynn")];
    await write(project, first);
    await review(project, first);
    wire.faults.push("copies_page");
    await write(project, second);
    await review(project, second);
    const copy = await show(project, second);
    expect(copy.status).toBe("refused");
    expect(copy.review?.findings.map(({ rule }) => rule)).toContain("facts");
    // The same with the sources' own names and numbers, so that only the wording gives it away.
    const content = (await show(project, first)).content;
    expect(content).not.toBeNull();
    await write(project, second);
    expect((await review(project, second)).result).toMatchObject({ outcome: "passed" });
  });

  it("are taken in order of worth, and no more than was asked for", async () => {
    const project = await makeProject(DNA);
    const [poor, rich] = [await plan(project, "Ponsonby", { expected_value: 1 }), await plan(project, "Grey Lynn", { expected_value: 9 })];
    await run(project, "write_pages", { limit: 1 });
    expect([(await show(project, poor)).status, (await show(project, rich)).status]).toEqual(["planned", "written"]);
  });
});

describe("another tenant's page", () => {
  it("is not there: to read, to write or to review", async () => {
    const [mine, theirs] = [await makeProject(DNA), await makeProject(DNA)];
    const id = await plan(theirs);
    expect((await mine.api("GET", `/api/pages/${id}`)).status).toBe(404);
    for (const task of ["write_pages", "critic_review"]) expect(await run(mine, task, { ids: [id] })).toMatchObject({ status: "failed", error: { code: "page_not_found" } });
    expect((await write(mine, id, `ent_${"0".repeat(32)}`)).result).toEqual({ pages: 0, failed: 0, statuses: {} });
    expect((await show(theirs, id)).status).toBe("planned");
    expect((await asUser((await signUp()).token)("GET", `/api/pages/${id}`)).status).toBe(404);
    expect(wire.asked).toEqual([]);
  });

  it("is 404 too when it is something else, or another project's to the run", async () => {
    const project = await makeProject(DNA);
    const lead = z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "x" })).json()).id;
    expect((await project.api("GET", `/api/pages/${lead}`)).status).toBe(404);
    expect(await run(project, "write_pages", { ids: [lead] })).toMatchObject({ status: "failed", error: { code: "page_not_found" } });
  });
});

describe("a page that is deleted", () => {
  it("takes its texts and prints along", async () => {
    const project = await makeProject(DNA);
    const id = await plan(project);
    await write(project, id);
    await review(project, id);
    const folder = contentFolder({ tenant_id: project.tenant_id, id });
    expect((await env.STORAGE.list({ prefix: folder })).objects.length).toBeGreaterThan(1);
    await project.api("DELETE", `/api/entities/${id}`);
    await vi.waitUntil(async () => (await env.STORAGE.list({ prefix: folder })).objects.length === 0, { timeout: 20_000, interval: 50 });
    expect(await env.DB.prepare("SELECT count(*) AS n FROM page_bands WHERE page_id = ?").bind(id).first("n")).toBe(0);
  });

  it("and one that has no page's metadata is 422", async () => {
    const project = await makeProject(DNA);
    const odd = z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "page", name: fresh("x") })).json()).id;
    expect((await project.api("GET", `/api/pages/${odd}`)).status).toBe(422);
  });
});
