import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { findChromium } from "../../scripts/lib/browser-cache.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";

const house = useHouse({ sites: true });
const hasBrowser = findChromium() !== undefined;

const sourceSchema = z.looseObject({ source: z.string(), pages_read: z.number(), details_read: z.number(), found: z.number(), created: z.number(), joined: z.number(), dropped: z.record(z.string(), z.number()), problems: z.array(z.object({ url: z.string(), problem: z.string() })), stopped: z.string() });
const resultSchema = z.looseObject({ created: z.array(z.string()), joined: z.array(z.string()), found: z.number(), dropped: z.record(z.string(), z.number()), sources: z.array(sourceSchema) });

const leadsSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), name: z.string(), primary_contact: z.string(), metadata: z.looseObject({}) })) });

const SELECTORS = { item: "li.post", title: ".post-title a", description: ".post-text", location: ".post-place", phone: ".post-phone", posted_at: ".post-when" };

const project = async (sources: Record<string, object>, sniper: object = {}) => {
  const project_id = `h-${randomUUID().slice(0, 13)}`;
  await house.client.createProject({ project_id, name: "Kauri Plumbing", country: "NZ" });
  const permission = { by: "own_site", statement: "The board is a stand-in of our own." };
  const named = Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, { kind: "html_list", permission, ...source }]));
  await house.client.putDna(project_id, stringify({ modules: { lead_gen: { sniper: { platforms: Object.keys(sources), sources: named, keywords: ["plumber", "drain", "hot water", "toilet"], negative_keywords: ["apprentice", "experience"], geo_filter: [], delay_s: 0, max_pages: 10, ...sniper } } } }));
  const hunt = async (params: Record<string, unknown> = {}) => {
    const { run_id } = await house.client.startRun({ task: "sniper_agent", project_id, params });
    const run = await eventually("the hunt to end", async () => {
      const found = await house.client.run(run_id).catch((error: unknown) => {
        // The dev server may be starting anew (scripts/lib/supervisor.ts); the run is stored.
        if (error instanceof TypeError) return null;
        throw error;
      });
      return found !== null && ["succeeded", "failed", "dead"].includes(found.status) && found;
    });
    expect([run.status, run.error]).toEqual(["succeeded", null]);
    return resultSchema.parse(run.result);
  };
  const leads = async () => (await house.client.ask("GET", `/api/entities?type=lead&project_id=${project_id}&limit=200`)).as(leadsSchema).items;
  return { hunt, leads };
};

const at = (path: string): string => `${house.sandbox.url}/board/${path}`;

beforeEach(() => house.sandbox.board.set({ seed: "apex", busy: 1 }));

describe("the sandbox's job board", () => {
  it("is hunted to its end, with posts that are there twice saved once, and a second hunt finds nothing new until somebody posts", async () => {
    const { hunt, leads } = await project({ list: { url: at("jobs?q={keyword}&page={page}"), selectors: SELECTORS }, feed: { kind: "rss", url: at("feed.rss"), fields: { location: "category" } } });
    const first = await hunt({ keywords: ["plumber"] });
    expect(first.created.length).toBeGreaterThan(2);
    expect(first.sources.map(({ source, problems }) => [source, problems])).toEqual([["list", []], ["feed", []]]);
    const wishes = house.sandbox.board.find({ words: "plumber", place: "" }).filter(({ title, text }) => !/apprentice|experience/i.test(`${title} ${text}`));
    // A re-post is its first post's lead.
    const wanted = new Set(wishes.map(({ phone, title, place }) => phone ?? `${title} ${place}`));
    expect(first.created).toHaveLength(wanted.size);
    for (const lead of await leads()) expect(lead.name).not.toMatch(/apprentice|available|sofa/i);

    const second = await hunt({ keywords: ["plumber"] });
    expect([second.created, second.joined.length]).toEqual([[], first.created.length]);
    const post = house.sandbox.board.add({ title: "Need a plumber for a dripping cistern", text: "Drips into the hall, Epsom.", phone: "021 640 7788" });
    expect((await hunt({ keywords: ["plumber"] })).created).toHaveLength(1);
    expect((await leads()).filter((lead) => lead.metadata["source_url"] === at(`post/${post.id}`))).toMatchObject([{ name: post.title, primary_contact: "+64216407788" }]);
    expect(house.log.dials("+64216407788")).toEqual([]);
  });

  it("is read by name, with nothing asked where robots.txt does not want it", async () => {
    const { hunt } = await project({ closed: { url: at("private/jobs") }, list: { url: at("jobs?page={page}"), selectors: SELECTORS } }, { max_pages: 1 });
    const { sources } = await hunt();
    expect(sources.map(({ stopped }) => stopped)).toEqual(["robots", "page_budget"]);
    const asked = house.sandbox.events({ kind: "board" });
    expect(asked.some((entry) => String(entry["path"]).startsWith("/board/private"))).toBe(false);
    expect(asked.every((entry) => String(entry["agent"]).startsWith("ApexBot/"))).toBe(true);
  });

  it("is left alone where it puts something in the way, and each thing is told", async () => {
    const { hunt } = await project({ members: { url: at("members") }, captcha: { url: at("captcha") }, forbidden: { url: at("forbidden") }, never_ends: { url: at("never-ends") }, again: { url: at("again?page={page}"), selectors: SELECTORS }, for_ever: { url: at("for-ever?page={page}"), selectors: SELECTORS }, busy: { url: at("busy"), selectors: SELECTORS } }, { keywords: [], max_pages: 3 });
    const { sources } = await hunt();
    expect(Object.fromEntries(sources.map(({ source, stopped, pages_read }) => [source, [stopped, pages_read]]))).toEqual({ members: ["login_wall", 0], captcha: ["captcha", 0], forbidden: ["forbidden", 0], never_ends: ["end", 0], again: ["nothing_new", 2], for_ever: ["page_budget", 3], busy: ["end", 1] });
    expect(sources.flatMap(({ problems }) => problems.map(({ problem }) => problem))).toEqual(["login_wall", "captcha", "forbidden", "too_large", "busy"]);
  });

  it("is read where scripts make it, and posts' own pages for what the list leaves out", async () => {
    const { hunt, leads } = await project({ app: { url: at("app?q={keyword}&page={page}"), render: true, selectors: { item: "li.post", title: ".post-title a", description: ".post-when" } , details: true } }, { max_pages: 1, max_details: 2 });
    const { sources } = await hunt({ keywords: ["plumber"], max_pages: 1 });
    // Without a browser it says so.
    if (!hasBrowser) expect(sources[0]).toMatchObject({ stopped: "no_browser", found: 0 });
    else {
      expect(sources[0]).toMatchObject({ stopped: "page_budget", pages_read: 1, problems: [] });
      expect(sources[0]?.details_read).toBe(2);
      expect(await leads()).not.toEqual([]);
    }
  });

  it("is read by the model where nobody made it for machines, and what it says to machines is not done", async () => {
    house.sandbox.board.add({ title: "Blocked drain and nobody comes", text: "It smells, in Ponsonby.", phone: "021 640 9911", dress: "injected" });
    const { hunt, leads } = await project({ notices: { url: at("notices?page={page}") } }, { max_pages: 1 });
    const { sources } = await hunt();
    expect(sources[0]?.found).toBeGreaterThan(3);
    expect((await leads()).map((lead) => lead.name)).toContain("Blocked drain and nobody comes");
    expect(JSON.stringify(await leads())).not.toMatch(/900123456|evil\.example/);
  });
});
