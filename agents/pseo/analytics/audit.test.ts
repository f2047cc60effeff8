import { env } from "cloudflare:workers";
import { generateKeyPairSync } from "node:crypto";
import { importSPKI, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createVault } from "../../../core/security/vault.ts";
import { createEgress } from "../../../core/security/egress/egress.ts";
import { newId } from "../../../core/ids.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { analyticsAgent } from "./analytics.agent.ts";

const DAY_MS = 86_400_000;
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
const SITE = "sc-domain:rata.example";

type Row = { keys: [string, string]; clicks: number; impressions: number; position: number };

/** Google's token service and Search Console on the wire, and the business's website. */
const google = () => {
  const state = { rows: [] as Row[], verdicts: new Map<string, string>(), site: new Map<string, { status?: number; body: string }>(), asked: [] as string[], assertions: [] as string[], tokenStatus: 200, searchStatus: 200 };
  const serve = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(url, init);
    if (url === "https://token.test/token") {
      state.assertions.push(new URLSearchParams(await request.text()).get("assertion") ?? "");
      return state.tokenStatus === 200 ? Response.json({ access_token: "granted", expires_in: 3600 }) : Response.json({ error: "invalid_grant" }, { status: state.tokenStatus });
    }
    if (url.startsWith("https://search.test/")) {
      if (request.headers.get("Authorization") !== "Bearer granted") return Response.json({ error: { status: "UNAUTHENTICATED" } }, { status: 401 });
      state.asked.push(new URL(url).pathname);
      if (state.searchStatus !== 200) return Response.json({ error: { status: "PERMISSION_DENIED", message: "secret words" } }, { status: state.searchStatus });
      if (url.endsWith("/searchAnalytics/query")) return Response.json(state.rows.length === 0 ? {} : { rows: state.rows });
      const { inspectionUrl } = z.object({ inspectionUrl: z.string(), siteUrl: z.literal(SITE) }).parse(await request.json());
      return Response.json({ inspectionResult: { indexStatusResult: { verdict: state.verdicts.get(inspectionUrl) ?? "NEUTRAL", coverageState: "Crawled" } } });
    }
    const found = state.site.get(url);
    return found ? new Response(found.body, { status: found.status ?? 200, headers: { "Content-Type": "text/html" } }) : new Response("no", { status: 404 });
  };
  return { ...state, state, serve };
};

const house = async () => {
  const { state, serve } = google();
  const vault = createVault("a-key-for-tests-0123456789");
  const fetch = async (input: string, init: RequestInit): Promise<Response> => serve(input, init);
  const egress = createEgress({ allowHosts: "", dohUrl: "off", fetch: async (input, init) => serve(new Request(input, init).url, init) });
  const built = await pipelineHouse({ agents: [analyticsAgent], dna: "identity: {business_name: Rata}", tools: { vault, egress, searchConsole: { baseUrl: "https://search.test", tokenUrl: "https://token.test/token", fetch } } });
  const { store, projectId, tenant_id, clock } = built;
  const connect = async (): Promise<void> =>
    store.secrets.put(projectId, "search_console", { sealed: await vault.seal(JSON.stringify({ private_key: privateKey }), { tenant_id, project_id: projectId, name: "search_console" }), shown: { site_url: SITE, client_email: "apex@rata.iam.gserviceaccount.com" } });
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
    await store.incomingCalls.take({ project_id: projectId, call_sid: `CA${newId("call", clock.now())}`, account_sid: null, phone: "+64215550100", text_back_since: 0, dueInMs: 1000 });
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
    const { payload } = await jwtVerify(state.assertions[0] ?? "", await importSPKI(publicKey, "RS256"), { audience: "https://token.test/token", issuer: "apex@rata.iam.gserviceaccount.com", currentDate: new Date(clock.now()) });
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
