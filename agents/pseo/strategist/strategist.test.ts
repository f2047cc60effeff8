import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createBrandContext } from "../../../core/memory/context/brand-context.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { createSimilarTexts } from "../../../core/memory/similar/similar-texts.ts";
import { createGeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { MODELS } from "../../../core/providers/gemini/models.ts";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import { type PipelineHouse, pipelineHouse } from "../pipeline.testing.ts";
import { demandFor, readKeywords } from "./demand.ts";
import { isAbout, keywordKey, namesPlace } from "./keywords.ts";
import { strategistAgent } from "./strategist.agent.ts";

let embedded: ReturnType<typeof standInForEmbeddings>;
beforeAll(() => {
  embedded = standInForEmbeddings();
});

const DNA = `
identity: {niche: plumber, language: en-NZ, contact: {address: "12 Jervois Road, Herne Bay, Auckland"}}
brand_brain:
  key_differentiators: ["Every drain is filmed before and after, and the film is yours."]
  insider_tips: ["Villas in Ponsonby often still have their first clay drains; roots find every joint.", "A hot water cylinder older than fifteen years is worth replacing before it bursts."]
  common_objections: []
services:
  - {name: Blocked drains, slug: blocked-drains, primary_keywords: [blocked drain, drain unblocking], emergency: true, price_from: 180}
  - {name: Drain cleaning, slug: drain-cleaning, primary_keywords: [drain blocked, drains cleaned]}
  - {name: Hot water, slug: hot-water, primary_keywords: [hot water cylinder repair]}
  - {name: Backflow testing, slug: backflow}
modules: {local_seo: {pages: {max_pages: 40}, publishing: {path_template: "/{service}/{place}"}}}`;

const gateway = createGeminiGateway({ apiKey: "x", baseUrl: "https://gemini.test" });
const serving = { vectors: env.VECTORIZE, model: MODELS.embedding };
const contextOf = (memory: TenantMemory) => createBrandContext({ memory, gatewayOf: () => gateway, serving });

const house = async (dna = DNA) => {
  const built = await pipelineHouse({ agents: [strategistAgent], dna, tools: { contextOf, similarOf: (memory: TenantMemory) => createSimilarTexts({ memory, gatewayOf: () => gateway, serving }) } });
  const place = async (name: string, anchors: number, over: Record<string, unknown> = {}): Promise<void> => {
    const slug = name.toLowerCase().replaceAll(" ", "-");
    const put = await built.store.keyed.put(Array.from({ length: anchors }, (_, n) => ({
      project_id: built.projectId, entity_type: "anchor", dedupe_key: `anchor:${slug}:node/${n}`, name: `${name} School ${n}`,
      metadata: { status: "found", kind: "school", place: { slug, name }, lat: 0, lon: 0, osm: { type: "node", id: n }, distance_km: 0.5 + n, address: null, doubts: [], attribution: "©", source_url: "https://www.openstreetmap.org/node/1", ...over },
    })));
    await built.store.keyed.put([{ project_id: built.projectId, entity_type: "place", dedupe_key: `place:${slug}`, name, metadata: { status: "located", slug, city: "Auckland", lat: -36.8, lon: 174.7, anchor_ids: put.map(({ id }) => id) } }]);
  };
  const pages = async () => (await built.entities("page")).map((page) => ({ ...page, metadata: pageMetadataSchema.parse(page.metadata) }));
  const plan = async (params = {}) => {
    const run = await built.finish(await built.submit("strategist_run", params));
    return { ...run, result: run.result as Record<string, number> & { dropped: Record<string, number>; dropped_pages: { key: string; why: string }[] } };
  };
  return { ...built, place, pages, plan };
};
type House = PipelineHouse & Awaited<ReturnType<typeof house>>;

const keysOf = (pages: Awaited<ReturnType<House["pages"]>>): string[] => pages.map(({ metadata }) => metadata.dedupe_key).toSorted();

describe("the strategist", () => {
  it("plans pages that rest on something, under hubs, and says what it dropped and why", async () => {
    const { place, plan, pages } = await house();
    await place("Ponsonby", 3);
    await place("Grey Lynn", 0);
    await place("Herne Bay", 0);
    const { result } = await plan();
    const planned = await pages();
    // Herne Bay has no anchor, but the business lives there; of Grey Lynn nothing is known, and of backflow testing neither.
    expect(keysOf(planned)).toEqual([
      "page:blocked-drains//hub", "page:blocked-drains/herne-bay/emergency", "page:blocked-drains/herne-bay/price", "page:blocked-drains/herne-bay/service", "page:blocked-drains/ponsonby/emergency",
      "page:blocked-drains/ponsonby/price", "page:blocked-drains/ponsonby/service", "page:hot-water//hub", "page:hot-water/herne-bay/service", "page:hot-water/ponsonby/service", "page:hub//hub",
    ]);
    const why = new Map(result.dropped_pages.map((one) => [one.key, one.why]));
    expect(why.get("page:blocked-drains/grey-lynn/service")).toContain("nothing is known of Grey Lynn");
    expect(why.get("page:backflow/ponsonby/service")).toContain("nothing is known of Backflow testing");
    expect(why.get("page:drain-cleaning/ponsonby/service")).toBe("would compete with page:blocked-drains/ponsonby/service");
    const page = planned.find(({ metadata }) => metadata.dedupe_key === "page:blocked-drains/ponsonby/service");
    expect(page?.metadata).toMatchObject({ status: "planned", path: "/blocked-drains/ponsonby", primary_keyword: "blocked drain ponsonby", place: { name: "Ponsonby", city: "Auckland" }, demand: { source: "estimated" }, content: null, drafts: 0 });
    expect(page?.metadata.secondary_keywords).toContain("drains cleaned ponsonby");
    expect(new Set(page?.metadata.evidence.map(({ kind }) => kind))).toEqual(new Set(["anchor", "dna"]));
    expect(new Set(planned.map(({ metadata }) => metadata.path)).size).toBe(planned.length);
  });

  it("a second time changes nothing, asks the model nothing that it knows, and then only what is new", async () => {
    const { place, plan, pages, store, projectId, entities } = await house();
    await place("Ponsonby", 2);
    await plan();
    const before = await pages();
    const keywords = await entities("keyword");
    expect((await plan()).result).toMatchObject({ created: 0, changed: 0, removed: 0, unchanged: before.length });
    expect(await pages()).toEqual(before);
    expect(await entities("keyword")).toEqual(keywords);
    await place("Kingsland", 1);
    // The hub of all names the new place.
    expect((await plan()).result).toMatchObject({ changed: 1, removed: 0 });
    expect((await pages()).length).toBeGreaterThan(before.length);
    const rejected = await store.keyed.find(projectId, "place", "place:kingsland");
    await store.entities.patch(rejected?.id ?? "", { metadata: { status: "rejected" } });
    await plan();
    expect(keysOf(await pages())).toEqual(keysOf(before));
  });

  it("leaves alone what a person holds, and of what is on its way changes only what it is worth", async () => {
    const { place, plan, pages, store } = await house();
    await place("Ponsonby", 2);
    await plan();
    const [held, written] = (await pages()).filter(({ metadata }) => metadata.place !== null);
    await store.entities.patch(held?.id ?? "", { metadata: { status: "held", primary_keyword: "mine" } });
    await store.entities.patch(written?.id ?? "", { metadata: { status: "written", primary_keyword: "as it was written", drafts: 1 } });
    const csv = `Keyword,Avg. monthly searches,Competition\n${held?.metadata.primary_keyword ?? ""},1000,Low\n${written?.metadata.primary_keyword ?? ""},"1,200",0.1\n`;
    expect((await plan({ keywords_csv: csv })).result).toMatchObject({ left_alone: 1, keywords_imported: 2 });
    const after = new Map((await pages()).map((page) => [page.id, page.metadata]));
    expect(after.get(held?.id ?? "")).toMatchObject({ status: "held", primary_keyword: "mine", demand: held?.metadata.demand });
    expect(after.get(written?.id ?? "")).toMatchObject({ status: "written", primary_keyword: "as it was written", drafts: 1, demand: { volume: 1200, competition: 0.1, source: "csv" } });
    // What was imported once is known from then on.
    expect((await plan()).result).toMatchObject({ created: 0, changed: 0 });
  });

  it("fits into the budget, the best first, each with the hubs above it", async () => {
    const { place, plan, pages } = await house();
    for (const name of ["Ponsonby", "Kingsland", "Parnell"]) await place(name, 3);
    const { result } = await plan({ limit: 5 });
    const planned = await pages();
    expect(planned).toHaveLength(5);
    expect(keysOf(planned)).toEqual(["page:blocked-drains//hub", "page:blocked-drains/kingsland/emergency", "page:blocked-drains/parnell/emergency", "page:blocked-drains/ponsonby/emergency", "page:hub//hub"]);
    expect(result.dropped.over_budget).toBeGreaterThan(0);
    // A smaller run takes nothing away, a run for one place speaks of that place only.
    await plan({ places: ["Parnell"], services: ["hot-water"] });
    expect((await pages()).length).toBe(7);
  });

  it("does not rest on an anchor that waits for a person", async () => {
    const { place, plan, pages } = await house();
    await place("Kingsland", 2, { status: "doubtful" });
    await plan();
    expect(await pages()).toEqual([]);
  });

  it("finds passages and questions of callers, and cites them", async () => {
    const { place, plan, pages, store, projectId } = await house();
    await place("Ponsonby", 1);
    const context = contextOf(store);
    await context.replace({ project_id: projectId, source: "call_1", passages: [{ type: "question_answer", text: "Q: Our drain in Kingsland backs up when it rains, what is it? A: Most often roots at a joint." }] });
    await context.sync(projectId, { holder: "test" });
    await place("Kingsland", 0);
    await plan();
    const page = (await pages()).find(({ metadata }) => metadata.dedupe_key === "page:blocked-drains/kingsland/emergency");
    expect(page?.metadata.evidence.map(({ kind }) => kind)).toContain("question");
    expect((await pages()).map(({ metadata }) => metadata.intent)).toContain("near_anchor");
  });

  it("refuses a CSV without keywords, and changes nothing", async () => {
    const { place, plan, pages } = await house();
    await place("Ponsonby", 1);
    expect(await plan({ keywords_csv: "a,b\n1,2\n" })).toMatchObject({ status: "failed", error: { code: "invalid" } });
    expect(await pages()).toEqual([]);
  });

  it("embeds what is to be found once, however many places there are", async () => {
    const { place, plan } = await house();
    for (const name of ["Ponsonby", "Kingsland", "Parnell", "Newmarket", "Grafton"]) await place(name, 1);
    embedded.texts.length = 0;
    await plan();
    const wanted = embedded.texts.filter(({ text }) => /^(?:hub|service|emergency|price): /.test(text));
    expect(wanted.length).toBeLessThanOrEqual(4 * 4 + 1);
  });
});

describe("keywords", () => {
  it.each([["plumber in Ponsonby", "Ponsonby plumbers"], ["blocked drain", "drain blocked"], ["Hot-water repairs", "hot water repair"]])("%j and %j ask for the same", (a, b) => expect(keywordKey(a)).toBe(keywordKey(b)));
  it.each([["blocked drain ponsonby", "blocked drain parnell"], ["gas leak", "water leak"]])("%j and %j do not", (a, b) => expect(keywordKey(a)).not.toBe(keywordKey(b)));

  it("are about a service when they have its own words, and not by a word that every trade has", () => {
    const service = { name: "Hot water repair", keywords: ["no hot water"] };
    expect(isAbout("We fix hot water the same day.", service)).toBe(true);
    expect(isAbout("Every repair has a warranty.", service)).toBe(false);
    expect(namesPlace("On Mount Eden Road", "Eden")).toBe(true);
    expect(namesPlace("Edenvale is nice", "Eden")).toBe(false);
    expect(namesPlace("Im Ōtāhuhu-Haus", "Otahuhu")).toBe(true);
  });

  it("of a CSV are read whatever its columns are called, and a measured one wins over a guess", () => {
    expect(readKeywords("\uFEFFWord;x\n")).toBeNull();
    const rows = readKeywords('Competition,Keyword,Search Volume\nHigh,"blocked drain, ponsonby",100 - 1K\n45,drain camera,\n,,\n');
    expect(rows).toEqual([{ keyword: "blocked drain, ponsonby", volume: 100, competition: 0.8, source: "csv" }, { keyword: "drain camera", volume: null, competition: 0.45, source: "csv" }]);
    const known = new Map((rows ?? []).map((row) => [keywordKey(row.keyword), row]));
    expect(demandFor(["Ponsonby blocked drains"], "service", known)).toMatchObject({ volume: 100, source: "csv" });
    expect(demandFor(["gas"], "service", known).source).toBe("estimated");
  });
});
