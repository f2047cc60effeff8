import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createBrandContext } from "../../../core/memory/context/brand-context.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { createSimilarTexts } from "../../../core/memory/similar/similar-texts.ts";
import { createGeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { MODELS } from "../../../core/providers/gemini/models.ts";
import { standInForEmbeddings } from "../../../test/support/embeddings-wire.ts";
import { createSearchConsoleWire } from "../../../test/support/search-console-wire.ts";
import { pageMetadataSchema } from "../page.schemas.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { strategistAgent } from "../strategist/strategist.agent.ts";
import { analyticsAgent } from "./analytics.agent.ts";

/* What people searched for comes back as what the next plan is made of: Search Console, the audit, keywords, the strategist. */

beforeAll(() => void standInForEmbeddings());

/** Room for the hubs and one page a service in the one suburb, but not for all. */
const dnaWith = (maxPages: number): string => `
identity: {business_name: Rata, niche: plumber, language: en-NZ}
brand_brain:
  key_differentiators: ["Every drain is filmed before and after, and the film is yours."]
  insider_tips: ["Villas in Ponsonby often still have their first clay drains; roots find every joint.", "A hot water cylinder older than fifteen years is worth replacing before it bursts."]
services:
  - {name: Blocked drains, slug: blocked-drains, primary_keywords: [blocked drain], emergency: true, price_from: 180}
  - {name: Hot water, slug: hot-water, primary_keywords: [hot water cylinder repair]}
modules: {local_seo: {pages: {max_pages: ${maxPages}}, publishing: {path_template: "/{service}/{place}"}, scout_settings: {geo_scope: {cities: [Auckland], suburbs: [Ponsonby]}}}}`;

const gateway = createGeminiGateway({ apiKey: "x", baseUrl: "https://gemini.test" });
const serving = { vectors: env.VECTORIZE, model: MODELS.embedding };

const house = async (maxPages = 40) => {
  const google = createSearchConsoleWire();
  const contextOf = (memory: TenantMemory) => createBrandContext({ memory, gatewayOf: () => gateway, serving });
  const similarOf = (memory: TenantMemory) => createSimilarTexts({ memory, gatewayOf: () => gateway, serving });
  const built = await pipelineHouse({ agents: [analyticsAgent, strategistAgent], dna: dnaWith(maxPages), tools: { ...google.tools, contextOf, similarOf } });
  const { store, projectId, clock } = built;
  await google.connect(store, projectId);
  const anchors = await store.keyed.put([1, 2, 3].map((n) => ({
    project_id: projectId, entity_type: "anchor", dedupe_key: `anchor:ponsonby:node/${n}`, name: `Ponsonby School ${n}`,
    metadata: { status: "found", kind: "school", place: { slug: "ponsonby", name: "Ponsonby" }, lat: 0, lon: 0, osm: { type: "node", id: n }, distance_km: n, address: null, doubts: [], attribution: "©", source_url: `https://www.openstreetmap.org/node/${n}` },
  })));
  await store.keyed.put([{ project_id: projectId, entity_type: "place", dedupe_key: "place:ponsonby", name: "Ponsonby", metadata: { status: "located", slug: "ponsonby", city: "Auckland", lat: -36.8, lon: 174.7, anchor_ids: anchors.map(({ id }) => id) } }]);
  const done = async (task: string) => {
    const run = await built.finish(await built.submit(task));
    expect(run).toMatchObject({ status: "succeeded" });
    return run.result;
  };
  const pages = async () => new Map((await built.entities("page")).map(({ id, metadata }) => [String(metadata.dedupe_key), { id, metadata: pageMetadataSchema.parse(metadata) }]));
  /** As the publisher leaves it. @returns where it is live */
  const publish = async (key: string): Promise<string> => {
    const page = (await pages()).get(key);
    const url = `https://rata.example${page?.metadata.path ?? ""}/`;
    const state = { placement: "live", url, sha256: "x", first_at: clock.now(), at: clock.now(), notes: [], site: "https://rata.example/wp-json/", id: 1, type: "page", slug: "x", modified_gmt: "", content_sha256: "x", json_ld: "none" };
    await store.keyed.change(page?.id ?? "", { set: { status: "published", published: { wordpress: state } }, expect: { status: "planned" } });
    google.state.site.set(url, { body: `<div data-apex-page="${page?.id ?? ""}"></div>` });
    return url;
  };
  return { ...built, google: google.state, plan: async () => done("strategist_run"), audit: async () => done("analytics_audit"), pages, publish };
};

const DRAINS = "page:blocked-drains/ponsonby/service";
const HOT_WATER = "page:hot-water/ponsonby/service";

describe("what people searched for", () => {
  it("replaces the next plan's guess for the pages that it asks for, live or planned, and no other's", async () => {
    const { google, plan, audit, pages, publish } = await house();
    expect(await plan()).toMatchObject({ demand: { estimated: expect.any(Number) as number } });
    const guessed = await pages();
    expect([...guessed.values()].every(({ metadata }) => metadata.demand.source === "estimated")).toBe(true);
    const url = await publish(DRAINS);
    google.rows = [
      { keys: [url, "blocked drain ponsonby"], clicks: 9, impressions: 280, position: 6 },
      // In another order of words, and found on a page that is not about it.
      { keys: [url, "ponsonby hot water cylinder repair"], clicks: 0, impressions: 840, position: 18 },
    ];
    expect(await audit()).toMatchObject({ search_console: true, recommendations: { new_page: 1 } });
    expect(await plan()).toMatchObject({ demand: { search_console: 2 } });
    const known = await pages();
    // Impressions of 28 days as searches of 30.
    expect(known.get(DRAINS)?.metadata).toMatchObject({ status: "published", demand: { volume: 300, source: "search_console" }, search: { clicks: 9, impressions: 1120 } });
    expect(known.get(HOT_WATER)?.metadata).toMatchObject({ status: "planned", demand: { volume: 900, source: "search_console" } });
    expect(known.get(HOT_WATER)?.metadata.expected_value).toBeGreaterThan(guessed.get(HOT_WATER)?.metadata.expected_value ?? Infinity);
    for (const [key, { metadata }] of known) if (key !== DRAINS && key !== HOT_WATER) expect([key, metadata.demand]).toEqual([key, guessed.get(key)?.metadata.demand]);
  });

  it("gives a page a place in the plan for which there was no room by guesses", async () => {
    const { google, plan, audit, pages, publish } = await house(4);
    await plan();
    const first = await pages();
    expect(first.has(HOT_WATER)).toBe(false);
    const url = await publish([...first.keys()].find((key) => key.startsWith("page:blocked-drains/")) ?? "");
    google.rows = [{ keys: [url, "hot water cylinder repair ponsonby"], clicks: 0, impressions: 5000, position: 30 }];
    await audit();
    await plan();
    expect((await pages()).get(HOT_WATER)?.metadata).toMatchObject({ status: "planned", demand: { source: "search_console" } });
  });
});
