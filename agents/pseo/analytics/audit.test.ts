import { env } from "cloudflare:workers";
import { importSPKI, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { newId } from "../../../core/ids.ts";
import { createSearchConsoleWire, SERVICE_ACCOUNT, serviceKeys } from "../../../test/support/search-console-wire.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { analyticsAgent } from "./analytics.agent.ts";

const DAY_MS = 86_400_000;
const house = async () => {
  const google = createSearchConsoleWire();
  const { state } = google;
  const built = await pipelineHouse({ agents: [analyticsAgent], dna: "identity: {business_name: Rata}", tools: google.tools });
  const { store, projectId, clock } = built;
  const connect = async (): Promise<void> => google.connect(store, projectId);
  let pages = 0;
  const page = async ({ heading = "Blocked drains", body, age_days = 100 }: { heading?: string; body?: string; age_days?: number } = {}) => {
    const path = `/place-${++pages}`;
    const url = `https://rata.example${path}/`;
    const first_at = clock.now() - age_days * DAY_MS;
    const state_ = { placement: "live", url, sha256: "x", first_at, at: first_at, notes: [], site: "https://rata.example/wp-json/", id: pages, type: "page", slug: `place-${pages}`, modified_gmt: "", content_sha256: "x", json_ld: "none" };
    const { id } = await store.keyed.putOnce({
      project_id: projectId, entity_type: "page", dedupe_key: `page:${path}`, name: heading,
      metadata: {
        status: "published", service: { name: "Drains", slug: "drains" }, place: null, intent: "service", primary_keyword: `drains ${path}`, secondary_keywords: [], evidence: [],
        demand: { volume: null, competition: null, source: "estimated" }, expected_value: 1, path, content: null, review: null, drafts: 1, published: { wordpress: state_ },
      },
    });
    state.site.set(url, { body: body ?? `<html><div data-apex-page="${id}"><h1>${heading}</h1></div></html>` });
    return { id, url };
  };
  const lead = async (metadata: Record<string, unknown>) => store.entities.create({ project_id: projectId, entity_type: "lead", name: "Aroha", primary_contact: "", metadata: { status: "new", ...metadata } });
  const audit = async (params: Record<string, unknown> = {}) => built.finish(await built.submit("analytics_audit", params));
  const metadataOf = async (id: string) => (await store.entities.get(id)).metadata;
  const advice = async () => (await built.entities("recommendation")).map(({ metadata: { kind, status, page_id, query } }) => ({ kind, status, page_id, query }));
  const finish = async (...args: Parameters<typeof built.finish>) => built.finish(...args);
  return { ...built, finish, state, connect, page, lead, audit, metadataOf, advice };
};

describe("the audit", () => {
  it("without Search Console says what is live and who came, and that it does not know the rest", async () => {
    const { page, lead, audit, metadataOf } = await house();
    const [one, two] = [await page(), await page()];
    await lead({ page_url: `${one.url}?utm_source=x` });
    await lead({ page_id: one.id });
    await lead({ page_url: "https://rata.example/elsewhere" });
    await lead({ page_id: one.id, status: "spam" });
    expect(await audit()).toMatchObject({ status: "succeeded", result: { pages: 2, search_console: false, live: { live: 2 }, indexed: { unknown: 2 }, leads: 2 } });
    expect(await metadataOf(one.id)).toMatchObject({ audit: { live: "live", indexed: "unknown", views: null, leads: 2, calls: 0 } });
    expect((await metadataOf(two.id)).search).toBeUndefined();
  });

  it("counts conversations with the leads of a page's form", async () => {
    const { page, lead, audit, metadataOf, store, projectId, clock } = await house();
    const one = await page();
    const { id } = await lead({ page_url: one.url, phone: "+64215550100" });
    await store.incomingCalls.take({ project_id: projectId, call_sid: `CA${newId("call", clock.now())}`, account_sid: null, page_id: null, phone: "+64215550100", text_back_since: 0, dueInMs: 1000 });
    expect(await audit()).toMatchObject({ status: "succeeded" });
    // It rings, and nobody has spoken yet.
    expect(await metadataOf(one.id)).toMatchObject({ audit: { leads: 1, calls: 0 } });
    await env.DB.prepare("UPDATE calls SET end_reason = 'connected', next_due_at = NULL WHERE lead_id = ?").bind(id).run();
    await audit();
    expect(await metadataOf(one.id)).toMatchObject({ audit: { leads: 1, calls: 1 } });
  });

  it("with Search Console writes clicks, impressions and the weighted position on each page, and keeps queries as keywords", async () => {
    const { page, audit, metadataOf, connect, state, entities } = await house();
    await connect();
    const [one, two, three] = [await page(), await page(), await page()];
    state.rows = [
      { keys: [one.url, "blocked drains"], clicks: 8, impressions: 100, position: 4 },
      { keys: [one.url.replace("https://", "https://www.").replace(/\/$/, ""), "drain cleaning"], clicks: 0, impressions: 300, position: 12 },
    ];
    state.verdicts.set(two.url, "PASS");
    expect(await audit()).toMatchObject({ status: "succeeded", result: { search_console: true, indexed: { indexed: 2, not_indexed: 1 } } });
    expect(await metadataOf(one.id)).toMatchObject({ search: { clicks: 8, impressions: 400, position: 10 }, audit: { indexed: "indexed" } });
    expect(await metadataOf(three.id)).toMatchObject({ search: { clicks: 0, impressions: 0, position: null }, audit: { indexed: "not_indexed" } });
    expect((await entities("keyword")).map(({ name, metadata }) => [name, metadata.source, metadata.volume])).toEqual(expect.arrayContaining([["blocked drains", "search_console", 107], ["drain cleaning", "search_console", 321]]));
    // What is shown is indexed: only the other two were asked for, and not again the next day.
    const inspections = (): number => state.asked.filter((path) => path.includes("urlInspection")).length;
    expect(inspections()).toBe(2);
    await audit();
    expect(inspections()).toBe(2);
  });

  it("signs in as the service account, for reading only, at Google's address and nobody else's", async () => {
    const { connect, page, audit, state, clock } = await house();
    await connect();
    await page();
    await audit();
    const { payload } = await jwtVerify(state.assertions[0] ?? "", await importSPKI(serviceKeys.publicKey, "RS256"), { audience: "https://token.test/token", issuer: SERVICE_ACCOUNT, currentDate: new Date(clock.now()) });
    expect(payload).toMatchObject({ scope: "https://www.googleapis.com/auth/webmasters.readonly" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
  });

  it.each([
    ["a key that Google does not take (any more)", { tokenStatus: 400 }, "failed", "search_console_login"],
    ["an account that is no user of the property", { searchStatus: 403 }, "failed", "search_console_refused"],
    ["a service that is away", { searchStatus: 503 }, "dead", "search_console_unavailable"],
  ])("says so of %s, and changes nothing", async (_, fault, status, code) => {
    const { connect, page, audit, state, metadataOf } = await house();
    await connect();
    Object.assign(state, fault);
    const one = await page();
    const run = await audit();
    expect(run).toMatchObject({ status, error: { code } });
    expect(JSON.stringify(run.error)).not.toContain("secret words");
    expect((await metadataOf(one.id)).audit).toBeUndefined();
  });

  it("sees a page that is gone, one that is another's now, and one that search engines must not take", async () => {
    const { page, audit, metadataOf, state, advice } = await house();
    const [gone, other, hidden, typeset] = [await page(), await page({ body: "<h1>Domain for sale</h1>" }), await page({ body: `<meta name="robots" content="noindex, nofollow"><h1>Blocked drains</h1>` }), await page({ heading: "Drains & “more”", body: "<h1>Drains &#038; &#8220;more&#8221;</h1>" })];
    state.site.delete(gone.url);
    await audit();
    const live = await Promise.all([gone, other, hidden, typeset].map(async ({ id }) => (await metadataOf(id)).audit));
    expect(live).toMatchObject([{ live: "missing" }, { live: "changed" }, { live: "blocked" }, { live: "live" }]);
    expect((await advice()).filter(({ kind }) => kind === "repair")).toHaveLength(3);
  });
});

describe("a recommendation", () => {
  it("stays one however often it is given, is done when it is no longer so, and stays dismissed when a person said so", async () => {
    const { page, audit, state, advice, entities, store } = await house();
    const [one, two] = [await page(), await page()];
    const bodies = [state.site.get(one.url), state.site.get(two.url)];
    state.site.delete(one.url);
    state.site.delete(two.url);
    await audit();
    await audit();
    expect(await advice()).toHaveLength(2);
    const [first] = (await entities("recommendation")).filter(({ metadata }) => metadata.page_id === one.id);
    await store.entities.patch(first?.id ?? "", { metadata: { status: "dismissed" } });
    expect(await audit()).toMatchObject({ result: { recommendations: { repair: 2, open: 1 } } });
    for (const [at, { url }] of [one, two].entries()) state.site.set(url, bodies[at] ?? { body: "" });
    // Of one page only: the other's advice is not touched.
    await audit({ ids: [one.id] });
    expect((await advice()).map(({ status }) => status).toSorted()).toEqual(["dismissed", "open"]);
    expect(await audit()).toMatchObject({ result: { recommendations: { open: 0 } } });
    expect((await advice()).map(({ status }) => status).toSorted()).toEqual(["dismissed", "done"]);
  });
});

describe("an audit of many pages", () => {
  it("makes way for others in between, goes on where it was, and looks at none twice", async () => {
    const { page, submit, finish, state } = await house();
    const seen: string[] = [];
    for (let n = 0; n < 130; n += 1) await page();
    const original = state.site;
    state.site = new Map(original);
    state.site.get = (url: string) => {
      seen.push(url);
      return original.get(url);
    };
    const run = await finish(await submit("analytics_audit"));
    expect(run).toMatchObject({ status: "succeeded", attempts: 2, failures: 0, result: { pages: 130, live: { live: 130 } } });
    expect(new Set(seen).size).toBe(130);
    expect(seen).toHaveLength(130);
  });
});
