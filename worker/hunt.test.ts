import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { item, list, OWN, SITE, source, tenant, useBoard, web } from "./hunt.testing.ts";

const twilio = useBoard();

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
