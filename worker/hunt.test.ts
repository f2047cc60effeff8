import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { asUser, fresh, signUp } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import { forgetHunts } from "../agents/lead-gen/hunt/progress.ts";
import worker from "./index.ts";
import { huntSchema, huntSetupSchema } from "./routes/hunts.schemas.ts";

const SITE = "https://board.example";
type Answer = { status?: number; type?: string; body: string; headers?: Record<string, string> };

/** The web and the model, as these tests want them. */
const web: { pages: Record<string, Answer>; asked: string[]; model: () => Response; questions: number } = { pages: {}, asked: [], model: () => Response.json(says('{"posts":[]}')), questions: 0 };

const serve = async (wire: Request): Promise<Response | undefined> => {
  const url = new URL(wire.url);
  if (url.hostname === "cloudflare-dns.com") return Response.json({ Status: 0, Answer: [{ type: 1, data: "93.184.216.34" }] });
  if (url.pathname.endsWith(":batchEmbedContents")) {
    const { requests } = z.object({ requests: z.array(z.unknown()) }).parse(await wire.json());
    // Each text in a direction of its own: nothing says nearly the same.
    return Response.json({ embeddings: requests.map(() => { const at = Math.floor(Math.random() * 768); return { values: Array.from({ length: 768 }, (_, index) => (index === at ? 1 : 0)) }; }) });
  }
  if (url.origin === "https://gemini.test") {
    web.questions += 1;
    return web.model();
  }
  if (url.origin !== SITE) return undefined;
  const path = `${url.pathname}${url.search}`;
  web.asked.push(path);
  const { status = 200, type = "text/html", body, headers = {} } = web.pages[path] ?? { status: 404, body: "" };
  return new Response(body, { status, headers: { "Content-Type": type, ...headers } });
};

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio(serve);
});
afterAll(() => twilio.restore());
beforeEach(() => Object.assign(web, { pages: {}, asked: [], model: () => Response.json(says('{"posts":[]}')), questions: 0 }));

let numbers = 1000;
const item = (id: string, title: string, { place = "Epsom", phone = `021 55${++numbers} 1`.replace(/(\d{2})(\d{4}) 1/, "$1$2") } = {}): string => `<li class="post"><h3><a href="/post/${id}">${title}</a></h3><p>Please help, ${place}. Ring ${phone}</p><i>${place}</i></li>`;
const list = (...items: string[]): Answer => ({ body: `<ul>${items.join("")}</ul>` });

const sourceResultSchema = z.looseObject({ source: z.string(), pages_read: z.number(), found: z.number(), created: z.number(), joined: z.number(), dropped: z.record(z.string(), z.number()), problems: z.array(z.object({ url: z.string(), problem: z.string() })), stopped: z.string(), advice: z.string().nullable(), unread_pages: z.number() });
const runSchema = z.object({
  id: z.string(), status: z.string(), error: z.object({ code: z.string(), message: z.string() }).nullable(),
  result: z.looseObject({ created: z.array(z.string()), joined: z.array(z.string()), found: z.number(), dropped: z.record(z.string(), z.number()), sources: z.array(sourceResultSchema), cost_usd: z.number(), made_up: z.number() }).nullable(),
});

const OWN = { by: "own_site", statement: "The board is the owner's own." };
const SELECTORS = { item: "li.post", location: "i" };
const source = (over: object = {}): object => ({ kind: "html_list", url: `${SITE}/jobs?page={page}`, selectors: SELECTORS, permission: OWN, ...over });

const tenant = async (sniper: object) => {
  const { token, tenant_id } = await signUp();
  const api = asUser(token);
  const project_id = fresh("hunt");
  await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
  const dna = stringify({ modules: { lead_gen: { sniper: { keywords: ["tap", "drain"], negative_keywords: ["for free"], geo_filter: [], delay_s: 0, ...sniper } } } });
  const put = await api("PUT", `/api/projects/${project_id}/dna/custom`, dna, { "Content-Type": "application/yaml" });
  expect([put.status, put.status === 200 ? "" : await put.text()]).toEqual([200, ""]);
  const start = async (params: object = {}, prefer = "wait=30") => {
    const response = await api("POST", "/api/run", { task: "sniper_agent", project_id, params }, { Prefer: prefer });
    return { status: response.status, body: await response.json() };
  };
  const hunt = async (params: object = {}) => {
    const { status, body } = await start(params);
    expect(status).toBe(200);
    const run = runSchema.parse(body);
    expect([run.status, run.error]).toEqual(["succeeded", null]);
    if (run.result === null) throw new Error("no result");
    return { ...run.result, first: run.result.sources[0] };
  };
  const runOf = async (id: string) => runSchema.parse(await (await api("GET", `/api/runs/${id}`)).json());
  /** The queue brings the run again. */
  const again = async (run_id: string) => worker.queue(createMessageBatch("apex-jobs", [{ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body: { tenant_id, run_id } }]), env);
  /** … for as often as it wants to be taken up again; its queue does the same behind us. */
  const finish = async (run_id: string) =>
    vi.waitUntil(async () => {
      await again(run_id);
      const run = await runOf(run_id);
      return run.status === "queued" || run.status === "running" ? undefined : run;
    }, { timeout: 25_000, interval: 5 });
  const leads = async () => z.object({ items: z.array(z.looseObject({ id: z.string(), name: z.string(), metadata: z.looseObject({}) })) }).parse(await (await api("GET", `/api/entities?type=lead&project_id=${project_id}&limit=200`)).json()).items;
  return { api, tenant_id, project_id, start, hunt, runOf, again, finish, leads };
};

describe("the estimate of a hunt", () => {
  it("says what it would come to at most, and asks nobody", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const project_id = fresh("estimate");
    await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
    const sniper = (max_usd: number) => stringify({ modules: { lead_gen: { sniper: { platforms: ["board", "other"], max_pages: 3, max_details: 2, max_minutes: 20, max_usd, sources: { board: source(), other: source() } } } } });
    const estimate = async (params: object = {}) => z.looseObject({ status: z.string(), result: z.unknown() }).parse(await (await api("POST", "/api/run", { task: "sniper_agent", action: "estimate", project_id, params }, { Prefer: "wait=30" })).json());
    await api("PUT", `/api/projects/${project_id}/dna/custom`, sniper(0.01), { "Content-Type": "application/yaml" });
    expect(await estimate()).toMatchObject({ status: "succeeded", result: { platforms: ["board", "other"], pages_to: 10, usd_from: 0, usd_to: 0.01, minutes_to: 20 } });
    await api("PUT", `/api/projects/${project_id}/dna/custom`, sniper(100), { "Content-Type": "application/yaml" });
    const { usd_to } = z.object({ usd_to: z.number() }).parse((await estimate({ platforms: ["board"], max_pages: 1 })).result);
    expect(usd_to).toBeGreaterThan(0.01);
    expect(usd_to).toBeLessThan(1);
    expect((await estimate({ platforms: ["nowhere"] })).status).toBe("failed");
    expect([web.asked, web.questions]).toEqual([[], 0]);
  });
});

describe("the estimate of scoring", () => {
  it("is of the leads that scoring would take, and asks nobody", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const project_id = fresh("estimate");
    await api("POST", "/api/projects", { project_id, name: "Kauri Plumbing", country: "NZ" });
    for (const name of ["A tap leaks", "A drain is blocked", "A boiler is out"]) await api("POST", "/api/entities", { project_id, entity_type: "lead", name, metadata: { source: "sniper", status: "new", title: name, message: name } });
    const estimate = async (params: object) => z.object({ result: z.object({ leads: z.number(), to_ask: z.number(), usd_from: z.number(), usd_to: z.number() }) }).parse(await (await api("POST", "/api/run", { task: "lead_scorer", action: "estimate", project_id, params }, { Prefer: "wait=30" })).json()).result;
    const all = await estimate({});
    expect([all.leads, all.to_ask]).toEqual([3, 3]);
    expect(all.usd_to).toBeGreaterThan(all.usd_from);
    const [first] = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await (await api("GET", `/api/entities?type=lead&project_id=${project_id}`)).json()).items;
    expect((await estimate({ lead_ids: [first?.id] })).leads).toBe(1);
    expect(web.questions).toBe(0);
  });
});

describe("a hunt", () => {
  it("reads page after page until there is nothing new, keeps what is wanted, and says what became of the rest", async () => {
    web.pages = {
      "/jobs?page=1": list(item("1", "Tap drips"), item("2", "Blocked drain"), item("3", "Sofa to give away")),
      "/jobs?page=2": list(item("4", "Taps to fit for free"), item("5", "Drain smells")),
      "/jobs?page=3": list(),
    };
    const { hunt, leads } = await tenant({ platforms: ["board"], sources: { board: source() } });
    const result = await hunt();
    expect(result.first).toMatchObject({ source: "board", pages_read: 3, found: 5, created: 3, joined: 0, dropped: { no_keyword: 1, negative_keyword: 1 }, problems: [], stopped: "nothing_new" });
    expect((await leads()).map((lead) => lead.name).toSorted()).toEqual(["Blocked drain", "Drain smells", "Tap drips"]);
    expect(new Set(result.created).size).toBe(3);
    expect(twilio.dialsTo("+6421551001")).toEqual([]);

    const second = await hunt();
    expect([second.created, second.joined.toSorted()]).toEqual([[], result.created.toSorted()]);
    expect(await leads()).toHaveLength(3);
  });

  it("asks for each keyword at each place, page one of each before page two of any", async () => {
    const { hunt } = await tenant({ platforms: ["board"], geo_filter: ["Mt Eden", "Epsom"], sources: { board: source({ url: `${SITE}/s/{keyword}?w={place}&p={page}`, first_page: 0 }) } });
    web.pages = { "/s/tap?w=Mt%20Eden&p=0": list(item("1", "Tap drips"), item("2", "Tap drips too", { place: "Sydney" })) };
    const { first } = await hunt();
    expect(web.asked.filter((path) => path !== "/robots.txt")).toEqual(["/s/tap?w=Mt%20Eden&p=0", "/s/tap?w=Epsom&p=0", "/s/drain?w=Mt%20Eden&p=0", "/s/drain?w=Epsom&p=0", "/s/tap?w=Mt%20Eden&p=1"]);
    expect([first?.found, first?.dropped]).toEqual([2, { elsewhere: 1 }]);
  });

  it.each([
    ["the same page again", () => list(item("1", "Tap drips", { phone: "021 555 1" })), 2, "nothing_new"],
    ["ever new posts", (page: number) => list(item(`e${page}`, `Tap number ${page}`)), 4, "page_budget"],
  ])("does not go on for ever where there is always %s", async (_, pageOf, pages_read, stopped) => {
    for (let page = 1; page < 20; page++) web.pages[`/jobs?page=${page}`] = pageOf(page);
    const { hunt } = await tenant({ platforms: ["board"], max_pages: 4, sources: { board: source() } });
    expect((await hunt()).first).toMatchObject({ pages_read, stopped });
    expect((await hunt({ max_pages: 1 })).first).toMatchObject({ pages_read: 1 });
  });

  it("follows a page's own link to the next, on its own site, and not in circles", async () => {
    web.pages = {
      "/jobs": { body: `<ul>${item("1", "Tap drips")}</ul><a rel="next" href="/jobs/2">Next</a>` },
      "/jobs/2": { body: `<ul>${item("2", "Drain")}</ul><a rel="next" href="/jobs">Next</a>` },
    };
    const { hunt } = await tenant({ platforms: ["board"], sources: { board: source({ url: `${SITE}/jobs` }) } });
    expect((await hunt()).first).toMatchObject({ pages_read: 2, created: 2, stopped: "end" });
    web.pages["/jobs"] = { body: `<ul>${item("3", "Tap drips again")}</ul><a rel="next" href="https://elsewhere.example/">Next</a>` };
    expect((await hunt()).first).toMatchObject({ pages_read: 1, stopped: "end" });
  });

  it("opens a post's own page where it is to, and no more of them than it may", async () => {
    const ld = (title: string, text: string) => ({ body: `<script type="application/ld+json">${JSON.stringify({ "@type": "JobPosting", title, description: text, jobLocation: "Mt Eden" })}</script>` });
    web.pages = { "/jobs?page=1": { body: '<li class="post"><a href="/post/1">Help</a></li><li class="post"><a href="/post/2">Tap drips</a></li><li class="post"><a href="/post/3">Drain</a></li><li class="post"><a href="https://elsewhere.example/4">Drain too</a></li>' }, "/post/1": ld("Help", "The drain is blocked, ring 021 555 9001"), "/post/2": ld("Tap drips", "All night, ring 021 555 9002") };
    const { hunt, leads } = await tenant({ platforms: ["board"], max_details: 2, sources: { board: source({ selectors: { item: "li.post" }, details: true }) } });
    expect((await hunt()).first).toMatchObject({ details_read: 2, created: 4 });
    expect((await leads()).map((lead) => lead.metadata["phone"] ?? null).toSorted()).toEqual(["+64215559001", "+64215559002", null, null]);
  });
});

describe("a platform that may not be read", () => {
  it.each(["trademe_jobs", "facebook_groups"])("%s is not asked for anything, and the lawful way is told", async (platform) => {
    const { hunt } = await tenant({ platforms: [platform] });
    const { first } = await hunt();
    expect(first).toMatchObject({ stopped: "no_permission", pages_read: 0 });
    expect(first?.advice).toMatch(/^No\..*paste what you read there/s);
    expect(web.asked).toEqual([]);
  });

  it.each([
    ["nobody has said that it may", { permission: undefined }],
    ["whose permission has ended", { permission: { ...OWN, until: "2026-01-31" } }],
  ])("because %s is left alone", async (_, over) => {
    const { hunt } = await tenant({ platforms: ["board"], sources: { board: source(over) } });
    expect((await hunt()).first).toMatchObject({ stopped: "no_permission" });
    expect(web.asked).toEqual([]);
  });

  it("an account of one's own is enough for Trade Me, and not for Facebook", async () => {
    const permission = { by: "own_account", statement: "Agreement no. 7 of 1 May 2026" };
    web.pages = { "/robots.txt": { type: "text/plain", body: "User-agent: *\nDisallow: /jobs" } };
    const { hunt } = await tenant({ platforms: ["trademe_jobs", "facebook_groups"], sources: { trademe_jobs: { kind: "trademe_jobs", url: `${SITE}/jobs`, permission }, facebook_groups: { kind: "facebook_groups", url: `${SITE}/jobs`, permission } } });
    expect((await hunt()).sources.map((one) => one.stopped)).toEqual(["robots", "no_permission"]);
    expect(web.asked).toEqual(["/robots.txt"]);
  });

  it.each([["disallowed by robots.txt", "/robots.txt", { body: "User-agent: *\nDisallow: /jobs", type: "text/plain" }, "robots"], ["behind a log-in", "/jobs?page=1", { body: '<h1>Log in</h1><input type="password">' }, "login_wall"], ["behind a captcha", "/jobs?page=1", { status: 403, body: '<div class="h-captcha"></div>' }, "captcha"], ["forbidden", "/jobs?page=1", { status: 403, body: "no" }, "forbidden"]])("is reported when it is %s, and the others are read", async (_, path, answer, stopped) => {
    web.pages = { "/feed": { type: "application/rss+xml", body: "<rss><channel><item><title>Tap drips</title><link>/post/9</link></item></channel></rss>" }, [path]: answer };
    const { hunt } = await tenant({ platforms: ["board", "feed"], sources: { board: source(), feed: { kind: "rss", url: `${SITE}/feed`, permission: OWN } } });
    const { sources } = await hunt();
    expect(sources.map((one) => one.stopped)).toEqual([stopped, "end"]);
    expect(sources[0]?.problems).toEqual([{ url: `${SITE}/jobs?page=1`, problem: stopped }]);
    expect(sources[1]).toMatchObject({ created: 1 });
  });
});

describe("a hunt that is held up", () => {
  it("by a site that wants to be left alone waits for as long as it says, and goes on there", async () => {
    web.pages = { "/jobs?page=1": list(item("1", "Tap drips")), "/jobs?page=2": { status: 429, body: "", headers: { "Retry-After": "1" } } };
    const { start, runOf, again, finish, leads, tenant_id } = await tenant({ platforms: ["board"], sources: { board: source() } });
    const { body } = await start({}, "wait=0");
    const { run_id } = z.object({ run_id: z.string() }).parse(body);
    await vi.waitUntil(async () => {
      await again(run_id);
      const { status, error } = await runOf(run_id);
      return status === "queued" && error === null && web.asked.includes("/jobs?page=2");
    }, { timeout: 25_000, interval: 5 });
    expect(await leads()).toHaveLength(1);
    web.pages["/jobs?page=2"] = list(item("2", "Drain blocked"));
    web.pages["/jobs?page=3"] = list();
    const over = await finish(run_id);
    expect(over.result?.sources[0]).toMatchObject({ pages_read: 3, created: 2, problems: [{ problem: "busy" }], stopped: "nothing_new" });
    expect(web.asked.filter((path) => path === "/jobs?page=1")).toHaveLength(1);
    expect((await env.STORAGE.list({ prefix: `${tenant_id}/runs/` })).objects).toEqual([]);
  });

  it("by a site that is always busy ends, and says so", async () => {
    web.pages = { "/jobs?page=1": { status: 429, body: "", headers: { "Retry-After": "86400" } } };
    const { hunt } = await tenant({ platforms: ["board"], sources: { board: source() } });
    expect((await hunt()).first).toMatchObject({ stopped: "busy", pages_read: 0 });
  });
});

describe("a post that only a model can read", () => {
  const NOTICES = { body: "<b>Tap drips</b><br>In Epsom, 021 555 8001<hr><b>Drain blocked</b><br>Ponsonby" };
  const FOUND = { posts: [{ title: "Tap drips", first_line: 1, last_line: 2, location: "Epsom", phone: "021 555 8001", posted: null, urgency: null }, { title: "Drain blocked", first_line: 3, last_line: 4, location: "Ponsonby", phone: null, posted: null, urgency: null }] };
  const sniper = { platforms: ["board"], sources: { board: source({ url: `${SITE}/notices`, selectors: undefined }) } };

  it("is found, and what it cost is told", async () => {
    web.pages = { "/notices": NOTICES };
    web.model = () => Response.json({ ...says(JSON.stringify(FOUND)), usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 } });
    const { hunt } = await tenant(sniper);
    const result = await hunt();
    expect([result.first?.created, result.made_up]).toEqual([2, 0]);
    expect(result.cost_usd).toBeGreaterThan(0);
  });

  it("is left unread where there is no money for it", async () => {
    web.pages = { "/notices": NOTICES };
    const { hunt } = await tenant({ ...sniper, max_usd: 0 });
    expect((await hunt()).first).toMatchObject({ found: 0, unread_pages: 1 });
    expect(web.questions).toBe(0);
  });

  it("is left unread once the model has stayed away, and the rest is read", async () => {
    web.pages = { "/notices": NOTICES, "/feed": { type: "application/rss+xml", body: "<rss><channel><item><title>Tap drips</title></item></channel></rss>" } };
    web.model = () => Response.json({ error: { code: 400, status: "INVALID_ARGUMENT", message: "no" } }, { status: 400 });
    const { start, finish } = await tenant({ platforms: ["board", "feed"], sources: { ...sniper.sources, feed: { kind: "rss", url: `${SITE}/feed`, permission: OWN } } });
    const { run_id } = z.object({ run_id: z.string() }).parse((await start({}, "wait=0")).body);
    const run = await finish(run_id);
    expect(run.result?.sources).toMatchObject([{ unread_pages: 1, found: 0 }, { created: 1 }]);
  });

  it("is read out of a text that somebody pasted", async () => {
    web.model = () => Response.json(says(JSON.stringify({ posts: [{ title: "My boiler is out", first_line: 1, last_line: 1, location: null, phone: null, posted: null, urgency: null }] })));
    const { hunt, leads } = await tenant({});
    expect((await hunt({ text: "My boiler is out, ring 021 555 7001", platform: "facebook", url: "https://www.facebook.com/groups/1/posts/2" })).created).toHaveLength(1);
    expect((await hunt({ text: "My boiler is out, ring 021 555 7001", platform: "facebook", url: "https://www.facebook.com/groups/1/posts/2" })).created).toHaveLength(0);
    expect((await leads())[0]?.metadata).toMatchObject({ phone: "+64215557001", source_url: "https://www.facebook.com/groups/1/posts/2" });
    expect(web.asked).toEqual([]);
  });

  it("is not said to be read where there is no money for it", async () => {
    const { start } = await tenant({ max_usd: 0 });
    expect(runSchema.parse((await start({ text: "My boiler is out" })).body)).toMatchObject({ status: "failed", error: { code: "hunt_unread" } });
  });
});

describe("a hunt's record", () => {
  const PAGES = {
    "/jobs?page=1": list(item("1", "Tap drips"), item("3", "Sofa to give away"), item("4", "Taps to fit for free"), item("6", "Drain smells", { place: "Sydney" })),
    "/jobs?page=2": list(),
  };
  const recordOf = async ({ api }: Pick<Awaited<ReturnType<typeof tenant>>, "api">, id: string) => huntSchema.parse(await (await api("GET", `/api/hunts/${id}`)).json());

  it("names what was kept, by which word, and what was left out, why", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], geo_filter: ["Epsom"], sources: { board: source() } });
    const { body } = await business.start();
    const { id, result } = runSchema.parse(body);
    const record = await recordOf(business, id);
    expect(record).toMatchObject({ run_id: id, status: "succeeded", whole: null, sources: [{ source: "board", found: 4, created: 1, stopped: "nothing_new" }] });
    expect(record.kept).toMatchObject([{ lead_id: result?.created[0], outcome: "created", name: "Tap drips", place: "Epsom", matched: "tap", score: null, status: "new", url: `${SITE}/post/1` }]);
    expect(record.left_out).toEqual([
      { source: "board", title: "Sofa to give away", url: `${SITE}/post/3`, reason: "no_keyword" },
      { source: "board", title: "Taps to fit for free", url: `${SITE}/post/4`, reason: "negative_keyword" },
      { source: "board", title: "Drain smells", url: `${SITE}/post/6`, reason: "elsewhere" },
    ]);
    const again = runSchema.parse((await business.start()).body);
    expect((await recordOf(business, again.id)).kept).toMatchObject([{ outcome: "joined", name: "Tap drips" }]);
  });

  it("names no post whose person was erased", async () => {
    web.pages = { "/jobs?page=1": list(item("1", "Tap drips")), "/jobs?page=2": list() };
    const business = await tenant({ platforms: ["board"], sources: { board: source() } });
    const first = await business.hunt();
    await business.api("DELETE", `/api/entities/${first.created[0] ?? ""}`);
    await vi.waitUntil(async () => (await business.leads()).length === 0, { timeout: 20_000, interval: 20 });
    const { id, result } = runSchema.parse((await business.start()).body);
    expect(result?.dropped).toEqual({ erased: 1 });
    expect(JSON.stringify(await recordOf(business, id))).not.toContain("Tap drips");
  });

  it("is there for a pasted text, and while the hunt has not begun", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], sources: { board: source() }, max_usd: 1 });
    web.model = () => Response.json(says(JSON.stringify({ posts: [{ title: "My boiler is out", first_line: 1, last_line: 1, location: null, phone: null, posted: null, urgency: null }] })));
    const pasted = runSchema.parse((await business.start({ text: "My boiler is out", platform: "facebook" })).body);
    expect(await recordOf(business, pasted.id)).toMatchObject({ sources: [{ source: "facebook", created: 1 }], kept: [{ name: "My boiler is out", matched: null }] });
    const { run_id } = z.object({ run_id: z.string() }).parse((await business.start({}, "wait=0")).body);
    expect([(await recordOf(business, run_id)).run_id, (await business.finish(run_id)).status]).toEqual([run_id, "succeeded"]);
  });

  it("is none of another kind of run, and gone after its time, others staying", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], sources: { board: source() } });
    const { id } = runSchema.parse((await business.start()).body);
    const { run_id } = z.object({ run_id: z.string() }).parse(await (await business.api("POST", "/api/run", { task: "lead_gen_manager", action: "dashboard_stats", project_id: business.project_id })).json());
    expect((await business.api("GET", `/api/hunts/${run_id}`)).status).toBe(404);
    expect(await forgetHunts(env.STORAGE, business.tenant_id, id)).toBe(0);
    expect((await recordOf(business, id)).left_out).toHaveLength(2);
    expect(await forgetHunts(env.STORAGE, business.tenant_id, `${id}~`)).toBe(1);
    expect(await recordOf(business, id)).toMatchObject({ sources: [], kept: [], left_out: [] });
  });
});

describe("what hunts are set to", () => {
  it("says of each source whether it may be read, what the platform says, and what it would search", async () => {
    const { api, project_id } = await tenant({
      platforms: ["board", "trademe_jobs", "old", "nowhere"], geo_filter: ["Mt Eden", "Epsom"], schedule: "0 7 * * *",
      sources: { board: source({ url: `${SITE}/s/{keyword}?w={place}` }), old: source({ permission: { ...OWN, until: "2020-01-01" } }), spare: source(), facebook_groups: { kind: "facebook_groups", permission: OWN } },
    });
    const setup = huntSetupSchema.parse(await (await api("GET", `/api/projects/${project_id}/hunt`)).json());
    expect(setup.sources.map(({ name, chosen, state, searches }) => [name, chosen, state, searches])).toEqual([
      ["board", true, "ready", 4], ["trademe_jobs", true, "no_permission", 2], ["old", true, "expired", 1], ["nowhere", true, "unknown", 0], ["spare", false, "ready", 1], ["facebook_groups", false, "not_enough", 0],
    ]);
    expect(setup.sources[1]?.permits?.statement).toMatch(/Trade Me/);
    expect(setup).toMatchObject({ keywords: ["tap", "drain"], negative_keywords: ["for free"], places: ["Mt Eden", "Epsom"] });
  });
});

describe("what a hunt is told", () => {
  it.each([
    ["params that it does not know", { pages: 3 }], ["a number out of bounds", { max_pages: 1000 }], ["an address without a text", { url: "https://board.example/" }], ["an address that is none", { text: "x", url: "ftp://x" }], ["a text and platforms", { text: "x", platforms: ["a"] }],
  ])("is refused with %s", async (_, params) => {
    const { start } = await tenant({});
    expect((await start(params)).status).toBe(422);
  });

  it("is refused with nowhere to look, or somewhere unknown", async () => {
    const { start } = await tenant({ sources: { board: source() } });
    for (const params of [{}, { platforms: ["else", "constructor"] }]) expect(runSchema.parse((await start(params)).body)).toMatchObject({ status: "failed", error: { code: "invalid" } });
  });

  it.each([
    ["a selector that is none", source({ selectors: { item: "li:hover(" } })], ["an address inside braces", source({ url: "https://{keyword}.example/" })], ["a hole that is not known", source({ url: `${SITE}/{page}/{user}` })], ["no reason worth the name", source({ permission: { by: "terms", statement: "yes" } })], ["a kind that there is not", source({ kind: "ftp" })],
  ])("by the DNA is refused with %s", async (_, board) => {
    const { api, project_id } = await tenant({});
    const response = await api("PUT", `/api/projects/${project_id}/dna/custom`, stringify({ modules: { lead_gen: { sniper: { sources: { board } } } } }), { "Content-Type": "application/yaml" });
    expect(response.status).toBe(422);
  });
});
